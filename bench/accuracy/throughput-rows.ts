import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as catalog from "../../catalog/index.ts";
import {
  engineWritten,
  type FitInput,
  nativeQuantization,
  quantizationNamed,
  workOf,
} from "../../plan/fit/index.ts";
import type { ThroughputInput } from "../../plan/fit/throughput/terms.ts";
import type { MeasuredThroughput } from "../../plan/fit/types.ts";

/** Requests that arrive by the clock instead of one after another. */
export interface Arrivals {
  perSecond: number;
  requests: number;
}

/** A measured vLLM row with what the model needs to judge it. */
export interface Sample {
  row: MeasuredThroughput;
  input: ThroughputInput;
  /** null: a constant number of requests, or all at once. */
  arrivals: Arrivals | null;
  /** Answers of a recorded conversation: some are many times longer than the mean. */
  isSpread: boolean;
  /** Rows of one run: same source, model, card and engine version. */
  run: string;
  /** Mean time between two tokens of one answer, milliseconds; null where the row does not state it. */
  measuredTpotMs: number | null;
  notes: string;
}

export interface LeftOut {
  model: string;
  gpu: string;
  source: string;
  why: string;
}

type Cells = Record<string, string>;

const TABLE = join(import.meta.dirname, "..", "..", "catalog", "sources", "measured-throughput.csv");
/** Rules of this release where a row names none; the median of those that do. */
const ENGINE = "0.11";
/** `vllm bench serve` sends that many prompts, all at once, unless told otherwise. */
const BENCH_PROMPTS = 1000;

/** The vLLM rows of the measured table: those that can be judged, and the others with the reason. */
export function throughputRows(): { samples: Sample[]; leftOut: LeftOut[]; faults: LeftOut[] } {
  const samples: Sample[] = [];
  const leftOut: LeftOut[] = [];
  const rows = catalog.parseCsv(readFileSync(TABLE, "utf8")).map((row) => row.cells as Cells);
  const vllm = rows.filter((cells) => cells["engine"] === "vllm");
  for (const cells of vllm) {
    const sample = sampleOf(cells);
    if (typeof sample === "string") leftOut.push(named(cells, sample));
    else samples.push(sample);
  }
  const faults = new Map(samples.map((sample) => [sample, faultOf(sample, samples)]));
  return {
    samples: samples.filter((sample) => faults.get(sample) === null),
    leftOut,
    faults: [...faults].flatMap(([{ row }, why]) =>
      why === null ? [] : { model: row.model, gpu: row.gpu, source: row.source, why },
    ),
  };
}

function named(cells: Cells, why: string): LeftOut {
  return { model: cells["model"]!, gpu: cells["gpu"]!, source: cells["url"]!, why };
}

/** @returns the missing column where the row cannot be judged. */
function sampleOf(cells: Cells): Sample | string {
  const text = (name: string) => cells[name] ?? "";
  const number = (name: string) => (text(name) === "" ? Number.NaN : Number(text(name)));
  const notes = text("notes");
  const [inputTokens, outputTokens] = [number("input_len"), number("output_len")];
  if (!(inputTokens > 0)) return "input_len";
  if (!(outputTokens > 0)) return "output_len";
  if (!(number("tp") > 0)) return "tp";

  const said = text("concurrency");
  const atOnce =
    /^all at once \((\d+)\)$/.exec(said)?.[1] ?? (/^default bench/.test(said) ? BENCH_PROMPTS : undefined);
  const pace = paceOf(text("workload"), outputTokens, number("output_tok_s"));
  const concurrency = Number(atOnce ?? (said || pace?.requests));
  if (!(concurrency > 0)) return "concurrency";

  const shape = catalog.model(siblingOf(text("models_csv_repo") || text("model"), text("quantization")));
  const gpu = catalog.gpu(text("gpu"));
  if (!shape) return `no shapes of ${text("model")}`;
  if (!gpu) return `no card ${text("gpu")}`;
  const quantization = quantizationNamed(text("quantization")) ?? nativeQuantization(shape);
  if (quantization === undefined) return "quantization";

  const tensorParallel = number("tp");
  const gpus = number("gpu_count") || tensorParallel;
  const flag = (name: string) => {
    const found = new RegExp(`${name.replaceAll("-", "[-_]")}[ =]+(\\d+)`).exec(notes)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const written = engineWritten(text("engine_version") || ENGINE, catalog.engines());
  const load = { inputTokens, outputTokens, concurrency };
  const input: FitInput = {
    shape,
    quantization,
    gpu,
    gpusPerNode: /different nodes/.test(notes) ? 1 : gpus,
    tensorParallel,
    dataParallel: Math.max(1, Math.floor(gpus / tensorParallel)),
    expertParallel: /enable-expert-parallel|expert parallel ([2-9]|\d\d)/.test(notes),
    maxModelLen: flag("max-model-len") ?? Math.max(2048, Math.ceil(inputTokens + outputTokens)),
    maxNumSeqs: flag("max-num-seqs"),
    maxNumBatchedTokens: flag("max-num-batched-tokens"),
    engine: written!.engine,
    load,
  };
  const work = workOf(input, tensorParallel);
  if ("code" in work) return work.message;
  return {
    row: {
      model: text("model"),
      repo: shape.repo,
      quantization,
      gpu: gpu.name,
      gpus,
      tensorParallel,
      engine: "vllm",
      engineVersion: text("engine_version") || null,
      ...load,
      outputTokensPerSecond: number("output_tok_s"),
      source: text("url"),
    },
    input: { ...work, burst: atOnce !== undefined || pace?.isBurst === true },
    arrivals: pace?.isBurst === false ? pace : null,
    isSpread: /sharegpt/.test(text("workload")),
    run: [text("url"), text("model"), text("gpu"), text("engine_version")].join(" | "),
    measuredTpotMs: number("tpot_ms_mean") || null,
    notes,
  };
}

/** Arrivals that are over within this share of the run are as good as all at once. */
const BURST_SHARE = 0.25;

function paceOf(
  workload: string,
  outputTokens: number,
  rate: number,
): (Arrivals & { isBurst: boolean }) | null {
  const found = /([\d.]+) qps, (\d+) prompts/.exec(workload);
  if (!found) return null;
  const [perSecond, requests] = [Number(found[1]), Number(found[2])];
  const [arriving, running] = [requests / perSecond, (requests * outputTokens) / rate];
  return { perSecond, requests, isBurst: arriving < BURST_SHARE * running };
}

/** The publisher's own quantized repository where the row names the plain one, for its shapes may be padded. */
function siblingOf(repo: string, quantization: string): string {
  const suffix = { "awq-int4": "-AWQ", "gptq-int4": "-GPTQ-Int4", "gptq-int8": "-GPTQ-Int8" }[quantization];
  const sibling = `${repo}${suffix}`;
  return suffix && !repo.endsWith(suffix) && catalog.model(sibling) ? sibling : repo;
}

/** Why a row cannot be true of the machine that it names; null for a sound one. */
function faultOf({ row, input }: Sample, all: readonly Sample[]): string | null {
  const gib = input.weightBytes / 2 ** 30;
  if (gib > input.gpu.visibleGib[1])
    return `${gib.toFixed(0)} GiB of weights on a card of ${input.gpu.nameplateGib} GiB`;
  const twin = all.find(
    ({ row: other }) =>
      other.gpu !== row.gpu &&
      other.model === row.model &&
      other.outputTokensPerSecond === row.outputTokensPerSecond &&
      other.inputTokens === row.inputTokens,
  );
  if (twin) return `the same figures to the last digit as on ${twin.row.gpu}: one of the two is a copy`;
  // A single request needs a pass over all weights for each token, whatever the engine.
  const perPass = (input.gpu.bandwidthGBps * 1e9) / input.weightBytes;
  if (row.concurrency === 1 && input.shape.moeExperts === null && row.outputTokensPerSecond > perPass)
    return `${row.outputTokensPerSecond} tokens/s of one request: the memory allows ${perPass.toFixed(0)}`;
  return null;
}
