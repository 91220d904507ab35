import * as catalog from "../../catalog/index.ts";
import {
  apiNamed,
  type CompareRequest,
  compare as compareWays,
  guideMac,
  type OwnedMachine,
} from "../../cost/compare/index.ts";
import { comparisonMarkdown, comparisonText, json, styleOf } from "../../report/index.ts";
import { FlagReader } from "../flag-reader.ts";
import { EXIT, type Io } from "../io.ts";
import { MAX_REQUESTS, MAX_TOKENS, type MarketFlags, readMarket, readModel } from "../market-flags.ts";
import { emit, format } from "../output.ts";

export interface CompareFlags extends MarketFlags {
  requestsPerMonth: string;
  inputTokens: string;
  outputTokens: string;
  context?: string;
  api?: string[];
  model?: string;
  regulatedShare?: string;
  cachedShare?: string;
  batchShare?: string;
  peakToMean?: string;
  engineers?: string;
  deadlineDays?: string;
  minIntelligence?: string;
  ownedUsd?: string;
  ownedTokensPerSecond?: string;
  ownedWatts?: string;
  usdPerKwh?: string;
  output?: string;
  out?: string;
}

/** The open weights that both guides and most hosts have. */
export const DEFAULT_MODEL = "openai/gpt-oss-120b";
/** Longest request where none is given: room for a conversation around a short mean. */
const DEFAULT_CONTEXT = 8192;
const MAX_PEAK = 1000;
const MAX_ENGINEERS = 1000;
const MAX_USD = 1e9;

/** `freehold compare`: hosted, rented, owned or shared. */
export function compare(flags: CompareFlags, io: Io): number {
  const kind = format(flags.output, ["text", "json", "markdown"]);
  const document = compareWays(catalog, readRequest(flags, io));
  const text =
    kind === "json"
      ? json(document)
      : kind === "markdown"
        ? comparisonMarkdown(document)
        : comparisonText(document, styleOf(io.color && !flags.out));
  emit(io, text, flags.out);
  return EXIT.ok;
}

function readRequest(flags: CompareFlags, io: Io): CompareRequest {
  const read = new FlagReader();
  const shape = readModel("--model", flags.model ?? DEFAULT_MODEL, read, io);
  const requestsPerMonth = read.whole("--requests-per-month", flags.requestsPerMonth, 1, MAX_REQUESTS) ?? 0;
  const inputTokens = read.whole("--input-tokens", flags.inputTokens, 1, MAX_TOKENS) ?? 0;
  const outputTokens = read.whole("--output-tokens", flags.outputTokens, 1, MAX_TOKENS) ?? 0;
  const share = (flag: string, text: string | undefined) => read.decimal(flag, text, 0, 1) ?? "0";
  const request = {
    requestsPerMonth,
    inputTokens,
    outputTokens,
    cachedShare: share("--cached-share", flags.cachedShare),
    batchShare: share("--batch-share", flags.batchShare),
    regulatedShare: share("--regulated-share", flags.regulatedShare),
    apis: apisOf(flags.api ?? [], read),
    engineers: read.decimal("--engineers", flags.engineers, 0, MAX_ENGINEERS) ?? "1",
    deadlineDays: read.whole("--deadline-days", flags.deadlineDays, 0, 10_000) ?? null,
    minIntelligence: read.whole("--min-intelligence", flags.minIntelligence, 0, 100) ?? null,
  };
  const longest = inputTokens + outputTokens;
  const context = read.whole("--context", flags.context, 1, MAX_TOKENS) ?? Math.max(DEFAULT_CONTEXT, longest);
  if (flags.context !== undefined && context < longest)
    read.add("context-too-short", `--context ${flags.context} does not hold a mean request`, {
      path: "--context",
      value: flags.context,
      allowed: [`at least ${longest}`],
      fix: `--context ${longest}`,
    });
  const peakToMean = read.number("--peak-to-mean", flags.peakToMean, 1, MAX_PEAK) ?? 1;
  const market = readMarket(flags, read);
  const machine = machineOf(flags, shape?.repo ?? DEFAULT_MODEL, read);
  read.done();
  return { ...request, owned: machine, rented: { ...market, shape: shape!, context, peakToMean } };
}

function apisOf(names: readonly string[], read: FlagReader): CompareRequest["apis"] {
  return names.flatMap((name) => {
    const found = apiNamed(catalog.llmApis(), name);
    if (found.length === 0) {
      const known = catalog.llmApis().flatMap(({ provider, model }) => [model, `${provider}/${model}`]);
      read.wrong("--api", name, catalog.nearest(name, [...new Set(known)], 3), "api-unknown");
    }
    return found;
  });
}

/** The machine of the flags; without them the guide's Mac, with what of its power is given. */
function machineOf(flags: CompareFlags, model: string, read: FlagReader): OwnedMachine | null {
  const usd = read.decimal("--owned-usd", flags.ownedUsd, 0, MAX_USD);
  const rate = read.number("--owned-tokens-per-second", flags.ownedTokensPerSecond, 0.001, 1e9);
  const power = {
    watts: read.number("--owned-watts", flags.ownedWatts, 0, 1e6) ?? null,
    usdPerKwh: read.decimal("--usd-per-kwh", flags.usdPerKwh, 0, 1000) ?? null,
  };
  if ((flags.ownedUsd === undefined) !== (flags.ownedTokensPerSecond === undefined))
    read.add("owned-half", "--owned-usd and --owned-tokens-per-second go together", {
      path: flags.ownedUsd === undefined ? "--owned-usd" : "--owned-tokens-per-second",
      fix: "--owned-usd 6399 --owned-tokens-per-second 40",
    });
  if (usd !== undefined && rate !== undefined)
    return {
      name: "owned machine",
      purchaseUsd: usd,
      tokensPerSecond: rate,
      ...power,
      source: "this request (--owned-usd, --owned-tokens-per-second)",
      asOf: null,
    };
  const mac = guideMac(model, catalog.guideFigure);
  return mac && { ...mac, ...power };
}
