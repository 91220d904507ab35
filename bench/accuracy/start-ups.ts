import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as catalog from "../../catalog/index.ts";
import { engineWritten } from "../../plan/fit/engine-rules.ts";
import type { FitInput } from "../../plan/fit/types.ts";

/** A logged start-up of the measured table and the question that it answers; `input` is null where a column is missing. */
export interface StartUp {
  cells: Record<string, string>;
  line: number;
  /** Whether the log shows an out-of-memory or a refusal. */
  refused: boolean;
  /** Whether the log names the model. */
  named: boolean;
  input: FitInput | null;
  missing: string | null;
}

const TABLE = join(import.meta.dirname, "..", "..", "catalog", "sources", "measured-memory.csv");

/** All rows, in the order of the file. */
export function startUps(): StartUp[] {
  return catalog.parseCsv(readFileSync(TABLE, "utf8")).map(({ cells, line }) => read(cells, line));
}

export function numberOf(start: StartUp, column: string): number | undefined {
  const text = start.cells[column] ?? "";
  return text === "" || !Number.isFinite(Number(text)) ? undefined : Number(text);
}

function read(cells: Record<string, string>, line: number): StartUp {
  const cell = (name: string) => cells[name] ?? "";
  const number = (name: string) => (cell(name) === "" ? undefined : Number(cell(name)));
  const notes = cell("notes");
  const start = {
    cells,
    line,
    refused: cell("oom") === "yes",
    named: !cell("model").includes("not named"),
    input: null,
  };
  const shape = catalog.model(cell("models_csv_repo") || cell("model"));
  if (shape === undefined) return { ...start, missing: "model" };
  const gpu = catalog.gpu(cell("gpu"));
  if (gpu === undefined) return { ...start, missing: "gpu" };
  const engine = engineWritten(cell("vllm_version") || UNSTATED_VERSION, catalog.engines());
  if (engine === undefined) return { ...start, missing: "vllm_version" };
  const tensorParallel = number("tp") ?? 1;
  const pipelineParallel = number("pp") ?? 1;
  // What a column would say stands in the notes of some rows.
  const seqs = /max_num_seqs[= ](\d+)/.exec(notes)?.[1];
  const input: FitInput = {
    shape: withoutLoggedSize(withOwnContext(shape, cell("model"), number("max_model_len"))),
    quantization: cell("quantization") || null,
    gpu,
    gpusPerNode: tensorParallel * pipelineParallel,
    tensorParallel,
    pipelineParallel,
    expertParallel: /expert parallel/.test(notes),
    maxModelLen: number("max_model_len"),
    kvCacheDtype: cell("kv_cache_dtype") === "fp8" ? "fp8" : "auto",
    gpuMemoryUtilization: number("gpu_memory_utilization"),
    maxNumSeqs: number("max_num_seqs") ?? (seqs === undefined ? undefined : Number(seqs)),
    maxNumBatchedTokens: number("max_num_batched_tokens"),
    enforceEager: /^eager/.test(notes),
    apiServer: !/LLM class/.test(notes),
    engine: engine.engine,
  };
  return { ...start, input, missing: null };
}

/** Rows that print no version are of the year of the table. */
const UNSTATED_VERSION = "2026-04";

/** A row that is joined by its tensor shapes says nothing of the context that its own model was made for. */
function withOwnContext(
  shape: catalog.ModelShape,
  model: string,
  context: number | undefined,
): catalog.ModelShape {
  if (shape.repo === model || context === undefined) return shape;
  return { ...shape, maxPositionEmbeddings: Math.max(context, shape.maxPositionEmbeddings ?? 0) };
}

/** A size that was itself read from a start-up log must not judge start-ups. */
function withoutLoggedSize(shape: catalog.ModelShape): catalog.ModelShape {
  const isLogged =
    /load|log|GPU weights/i.test(shape.checkpointNote ?? "") && shape.repo !== "zai-org/GLM-5.3-Flash";
  return isLogged ? { ...shape, checkpointGib: null } : shape;
}
