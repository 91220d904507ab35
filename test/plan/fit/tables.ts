import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as catalog from "../../../catalog/index.ts";
import { engineWritten, type FitDocument, fitReplica } from "../../../plan/fit/index.ts";

const SOURCES = join(import.meta.dirname, "..", "..", "..", "catalog", "sources");

export function source(name: string): string {
  return readFileSync(join(SOURCES, name), "utf8");
}

export const facts = { ...catalog, cheapestPrice: () => null };

/** A measured start-up beside its fit; null where the table names no model or card of the catalogue. */
export interface StartUp {
  cells: Record<string, string>;
  document: FitDocument | null;
}

export function startUps(): StartUp[] {
  return catalog.parseCsv(source("measured-memory.csv")).map(({ cells }) => {
    const cell = (name: string) => cells[name] ?? "";
    const number = (name: string) => (cell(name) === "" ? undefined : Number(cell(name)));
    const shape = catalog.model(cell("models_csv_repo"));
    const gpu = catalog.gpu(cell("gpu"));
    if (!shape || !gpu) return { cells, document: null };
    const tensorParallel = number("tp") ?? 1;
    const pipelineParallel = number("pp") ?? 1;
    const document = fitReplica({
      shape,
      quantization: cell("quantization") || null,
      gpu,
      gpusPerNode: tensorParallel * pipelineParallel,
      tensorParallel,
      pipelineParallel,
      maxModelLen: number("max_model_len"),
      kvCacheDtype: cell("kv_cache_dtype") === "fp8" ? "fp8" : "auto",
      gpuMemoryUtilization: number("gpu_memory_utilization"),
      maxNumSeqs: number("max_num_seqs"),
      maxNumBatchedTokens: number("max_num_batched_tokens"),
      engine: engineWritten(cell("vllm_version") || "0.11", catalog.engines())!.engine,
    });
    return { cells, document };
  });
}
