import type { ReplicaMemory } from "./replica.ts";
import type { Load, Range, UsersAtLoad } from "./types.ts";

/**
 * How many requests of given lengths run at once on all copies of one engine: as many as the cache holds when each has
 * grown to prompt and answer, and no more than `max_num_seqs`. The low case takes the low case of the cache and the
 * high case of a request.
 *
 * @returns null where the engine does not start or the cost of a token is not known.
 */
export function usersAt(
  memory: ReplicaMemory,
  { inputTokens, outputTokens }: Pick<Load, "inputTokens" | "outputTokens">,
): UsersAtLoad | null {
  const { kv, cache, profile, verdict } = memory;
  if ("unknown" in kv || verdict === "no" || verdict === "unknown") return null;
  const copies = memory.facts.parallel.data;
  const each = kv.perRequest(inputTokens + outputTokens);
  const held = (bytes: number, need: number) => Math.floor(Math.max(0, bytes) / need);
  const holds: Range = {
    low: held(cache.low, each.high),
    expected: held(cache.expected, each.expected),
    high: held(cache.high, each.low),
  };
  const admitted = (count: number) => copies * Math.min(count, profile.maxNumSeqs);
  return {
    inputTokens,
    outputTokens,
    requestsAtOnce: {
      low: admitted(holds.low),
      expected: admitted(holds.expected),
      high: admitted(holds.high),
    },
    limitedBy: holds.expected < profile.maxNumSeqs ? "cache" : "max-num-seqs",
    maxNumSeqs: profile.maxNumSeqs,
  };
}
