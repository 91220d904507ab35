import * as catalog from "../../catalog/index.ts";
import { type Boundary, type OffersRequest, offersOf, type Workload } from "../../cost/offers/index.ts";
import { json, offersMarkdown, offersText, styleOf } from "../../report/index.ts";
import { FlagReader } from "../flag-reader.ts";
import { EXIT, type Io } from "../io.ts";
import { MAX_REQUESTS, MAX_TOKENS, type MarketFlags, readMarket, readModel } from "../market-flags.ts";
import { emit, format } from "../output.ts";

export interface OffersFlags extends MarketFlags {
  context: string;
  inputTokens: string;
  outputTokens: string;
  requestsPerMonth?: string;
  concurrency?: string;
  peakToMean?: string;
  maxTtftMs?: string;
  maxItlMs?: string;
  output?: string;
  out?: string;
}

const MAX_CONCURRENCY = 1e6;
const MAX_PEAK = 1000;
const MAX_MS = 1e7;

/** `freehold offers`: every node that serves a load, by price. */
export function offers(model: string, flags: OffersFlags, io: Io): number {
  const kind = format(flags.output, ["text", "json", "markdown"]);
  const document = offersOf(catalog, readRequest(model, flags, io));
  const text =
    kind === "json"
      ? json(document)
      : kind === "markdown"
        ? offersMarkdown(document)
        : offersText(document, styleOf(io.color && !flags.out));
  emit(io, text, flags.out);
  return document.offers.length > 0 ? EXIT.ok : EXIT.doesNotFit;
}

function readRequest(model: string, flags: OffersFlags, io: Io): OffersRequest {
  const read = new FlagReader();
  const shape = readModel("MODEL", model, read, io);
  const workload = readWorkload(flags, read);
  const market = readMarket(flags, read);
  read.done();
  const boundary: Boundary = market.boundary;
  return { ...market, boundary, shape: shape!, workload };
}

function readWorkload(flags: OffersFlags, read: FlagReader): Workload {
  const { requestsPerMonth, concurrency } = flags;
  if ((requestsPerMonth === undefined) === (concurrency === undefined))
    read.add("load", "give one of --requests-per-month and --concurrency", {
      path: "--requests-per-month",
      allowed: ["--requests-per-month N", "--concurrency N"],
      fix: "--requests-per-month 100000",
    });
  if (concurrency !== undefined && flags.peakToMean !== undefined)
    read.add("peak", "--peak-to-mean goes with --requests-per-month: --concurrency is the peak itself", {
      path: "--peak-to-mean",
      value: flags.peakToMean,
      fix: "leave it out",
    });
  const context = read.whole("--context", flags.context, 1, MAX_TOKENS) ?? 0;
  const inputTokens = read.whole("--input-tokens", flags.inputTokens, 1, MAX_TOKENS) ?? 0;
  const outputTokens = read.whole("--output-tokens", flags.outputTokens, 1, MAX_TOKENS) ?? 0;
  if (context > 0 && inputTokens > 0 && outputTokens > 0 && context < inputTokens + outputTokens)
    read.add("context-too-short", `--context ${context} does not hold a mean request`, {
      path: "--context",
      value: flags.context,
      allowed: [`at least ${inputTokens + outputTokens}`],
      fix: `--context ${inputTokens + outputTokens}`,
    });
  return {
    context,
    inputTokens,
    outputTokens,
    requestsPerMonth: read.whole("--requests-per-month", requestsPerMonth, 1, MAX_REQUESTS) ?? null,
    concurrency: read.whole("--concurrency", concurrency, 1, MAX_CONCURRENCY) ?? null,
    peakToMean: read.number("--peak-to-mean", flags.peakToMean, 1, MAX_PEAK) ?? 1,
    maxTtftMs: read.number("--max-ttft-ms", flags.maxTtftMs, 1, MAX_MS) ?? null,
    maxItlMs: read.number("--max-itl-ms", flags.maxItlMs, 0.1, MAX_MS) ?? null,
  };
}
