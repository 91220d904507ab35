import { kindsOf } from "../../plan/fit/cache-layers.ts";
import { minorOf } from "../../plan/fit/engine-rules.ts";
import { GIB } from "../../plan/fit/memory.ts";
import type { MemoryFactors } from "../../plan/fit/memory-factors.ts";
import { type ReplicaMemory, replicaMemory } from "../../plan/fit/replica.ts";
import type { Verdict } from "../../plan/fit/types.ts";
import { fitMemory } from "./fit-memory.ts";
import { numberOf, type StartUp } from "./start-ups.ts";

/** A start-up beside the answer of a model that has not seen its source. */
export interface Judged {
  start: StartUp;
  /** null where a column or a fact is missing. */
  memory: ReplicaMemory | null;
  verdict: Verdict;
  isRight: boolean;
  /** Bytes of one full-length request, GiB; null = not known. */
  needGib: number | null;
  weights: Compared | null;
  kv: KvCompared | null;
  bytesPerToken: TokenBytes | null;
}

export interface Compared {
  logged: number;
  estimate: number;
  error: number;
}

export interface KvCompared extends Compared {
  isNear: boolean;
  isInBand: boolean;
}

export interface TokenBytes {
  /** Relative difference of tokens times bytes from the logged cache. */
  error: number;
  /** What is left of it when the log's own two decimals and one block are granted. */
  beyondRounding: number;
}

/** Near: within 0.7 GiB or 2 % of the card, whichever is more. */
export const NEAR = { gib: 0.7, ofCard: 0.02 };

/**
 * Judges every start-up with factors fitted on the other sources only (rows of one address are left out together).
 *
 * @param totals "catalogue": memory of the card as the catalogue has it; "classes": the same, but where a row names only
 * a class of cards, the memory that its log prints is the card; "logged": that memory wherever it is printed.
 */
export function judgeAll(
  rows: readonly StartUp[],
  totals: "catalogue" | "classes" | "logged" = "catalogue",
): Judged[] {
  const fitted = new Map<string, MemoryFactors>();
  return rows.map((start) => {
    const source = start.cells["url"] ?? "";
    if (!fitted.has(source))
      fitted.set(source, fitMemory(rows.filter((other) => other.cells["url"] !== source)));
    return judgeOne(withTotal(start, totals), fitted.get(source)!);
  });
}

function withTotal(start: StartUp, totals: "catalogue" | "classes" | "logged"): StartUp {
  const logged = numberOf(start, "total_gpu_gib");
  const isClass = (start.cells["gpu"] ?? "").endsWith("-class");
  if (start.input === null || logged === undefined || totals === "catalogue") return start;
  if (totals === "classes" && !isClass) return start;
  const gpu = { ...start.input.gpu, visibleGib: [logged, logged] as [number, number] };
  return { ...start, input: { ...start.input, gpu } };
}

function judgeOne(start: StartUp, factors: MemoryFactors): Judged {
  const found = start.input ? replicaMemory(start.input, start.input.tensorParallel ?? 1, factors) : null;
  const memory = found === null || "code" in found ? null : found;
  const verdict = memory?.verdict ?? "unknown";
  const kvCost = memory && !("unknown" in memory.kv) ? memory.kv : null;
  const need = kvCost && memory?.context != null ? kvCost.perRequest(memory.context).expected / GIB : null;
  return {
    start,
    memory,
    verdict,
    isRight: isRight(start, verdict, need),
    needGib: need,
    weights: memory && compared(numberOf(start, "weights_gib"), memory.budget.weightsGiB.expected),
    kv: memory && kvCompared(start, memory),
    bytesPerToken: memory && tokenBytes(start, memory),
  };
}

/**
 * `fits` on a start, `no` on a refusal. `tight` only where the logged cache lies within 10 % of the need; `unknown` only
 * where the log does not name the model.
 */
function isRight(start: StartUp, verdict: Verdict, need: number | null): boolean {
  if (verdict === "unknown") return !start.named;
  if (verdict === "tight") {
    const logged = numberOf(start, "available_kv_gib");
    return logged !== undefined && need !== null && Math.abs(logged - need) <= 0.1 * need;
  }
  return (verdict === "fits") === !start.refused;
}

function compared(logged: number | undefined, estimate: number): Compared | null {
  return logged === undefined ? null : { logged, estimate, error: estimate / logged - 1 };
}

function kvCompared(start: StartUp, { budget }: ReplicaMemory): KvCompared | null {
  const found = compared(numberOf(start, "available_kv_gib"), budget.kvCacheGiB.expected);
  if (found === null) return null;
  const { low, expected, high } = budget.kvCacheGiB;
  const room = Math.max(NEAR.gib, NEAR.ofCard * budget.totalGiB);
  return {
    ...found,
    isNear: Math.abs(found.logged - expected) <= room,
    isInBand: found.logged >= low && found.logged <= high,
  };
}

/** Full attention only, of models that the log names; other caches print another kind of number. */
function tokenBytes(start: StartUp, memory: ReplicaMemory): TokenBytes | null {
  const [cache, tokens] = [numberOf(start, "available_kv_gib"), numberOf(start, "kv_tokens")];
  const kinds = kindsOf(start.input!.shape);
  if (cache === undefined || tokens === undefined || cache <= 0 || tokens <= 0) return null;
  if ("unknown" in kinds || "unknown" in memory.kv || kinds.some(({ kind }) => kind !== "full")) return null;
  // From 0.21 on the printed tokens are concurrency times context, cut to whole requests' blocks.
  const said = `${start.cells["model"]} ${start.cells["notes"]}`;
  if (/class|inferred|approximate/.test(said)) return null;
  const held = (tokens * memory.kv.bytesPerToken) / GIB;
  const block = (16 * memory.kv.bytesPerToken) / GIB;
  const off = Math.max(0, Math.abs(held - cache) - 0.005 - block);
  return { error: held / cache - 1, beyondRounding: off / cache };
}

/** Rows whose figures no machine of that name can hold; found by rule, kept in the counts. */
export function dataFaults(rows: readonly Judged[]): { row: Judged; why: string }[] {
  return rows.flatMap((row) => {
    const { start, memory } = row;
    if (memory === null) return [];
    const total = memory.budget.totalGiB;
    const weights = numberOf(start, "weights_gib");
    const tokens = numberOf(start, "kv_tokens");
    if (weights !== undefined && weights > total && !start.refused)
      return [{ row, why: `${weights} GiB of weights on a card of ${total.toFixed(1)}` }];
    if (tokens === undefined || "unknown" in memory.kv) return [];
    // An fp8 cache is the least that these tokens can take; earlier hybrids printed tokens of one group.
    const isHybrid = memory.kv.layout.kinds.length > 1;
    if (isHybrid && minorOf(start.input!.engine.version) < 19) return [];
    const isFp8 = start.input!.kvCacheDtype === "fp8" || start.input!.shape.kvCacheDtype === "fp8";
    const bytes = memory.kv.bytesPerToken / (isFp8 ? 1 : 2);
    const cache = (tokens * bytes) / GIB;
    const least = cache + (weights ?? memory.budget.weightsGiB.low);
    if (least <= total) return [];
    const why = `${tokens} tokens take at least ${cache.toFixed(1)} GiB; with the weights ${least.toFixed(1)} on a card of ${total.toFixed(1)}`;
    return [{ row, why }];
  });
}
