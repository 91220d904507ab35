import type { LlmApiPrice, LlmTerm } from "../../catalog/index.ts";
import { add, complement, exact, multiply, tokenCost } from "../decimal.ts";
import { type Decimal, divideHalfEven } from "../money.ts";
import type { Demand } from "./types.ts";

/** `gpt-5.4 (input over 272k tokens)`: the price of requests with longer prompts. */
const LONG = /^(.+) \(input over (\d+)k tokens\)$/;

/** One model of a provider, with the prices that hold for longer prompts. */
export interface HostedModel {
  /** `provider model`. */
  name: string;
  provider: string;
  model: string;
  base: LlmApiPrice;
  long: { above: number; price: LlmApiPrice }[];
}

/** The rows of the price table by model: those of long prompts belong to the model that they are of. */
export function hostedModels(rows: readonly LlmApiPrice[]): HostedModel[] {
  const models = new Map<string, HostedModel>();
  const longer: { of: string; above: number; price: LlmApiPrice }[] = [];
  for (const row of rows) {
    const match = LONG.exec(row.model);
    if (match) longer.push({ of: `${row.provider} ${match[1]}`, above: Number(match[2]) * 1000, price: row });
    else {
      const name = `${row.provider} ${row.model}`;
      models.set(name, { name, provider: row.provider, model: row.model, base: row, long: [] });
    }
  }
  for (const { of, above, price } of longer) models.get(of)?.long.push({ above, price });
  return [...models.values()];
}

/** Models by a name as people write it: `gpt-4.1`, `openai/gpt-4.1` or `openai gpt-4.1`, in any case. */
export function apiNamed(rows: readonly LlmApiPrice[], name: string): LlmApiPrice[] {
  const wanted = name.trim().toLowerCase();
  return rows.filter(({ provider, model }) => {
    if (LONG.test(model)) return false;
    const [who, what] = [provider.toLowerCase(), model.toLowerCase()];
    return wanted === what || wanted === `${who} ${what}` || wanted === `${who}/${what}`;
  });
}

/** A month of a hosted API, micro-dollars. */
export interface ApiMonth {
  input: bigint;
  cachedInput: bigint;
  output: bigint;
  fees: bigint;
  total: bigint;
  /** Micro-dollars of one request, exact. */
  perRequest: Decimal;
  price: LlmApiPrice;
  notes: string[];
}

/**
 * What a month costs at a hosted API, each part exact and rounded once:
 *
 *     input        N · in · ((1 − batch)·(1 − cached) + batch·(1 − discount)) · price
 *     cachedInput  N · in · (1 − batch)·cached · cached price
 *     output       N · out · ((1 − batch) + batch·(1 − discount)) · price
 *     fees         (input + cachedInput + output) · fee
 *
 * Requests of a batch count as not cached: providers differ in whether the two add up. Where no price of cached input
 * is listed, it is charged as input; where no batch tier is known, the standard price is.
 *
 * @returns why there is no price: not listed, or the request is longer than the model takes
 */
export function apiMonth(
  hosted: HostedModel,
  demand: Demand,
  terms: readonly LlmTerm[],
): ApiMonth | { because: string } {
  const { inputTokens, outputTokens, requestsPerMonth } = demand;
  const tier = hosted.long.filter(({ above }) => inputTokens > above).sort((a, b) => b.above - a.above)[0];
  const price = tier?.price ?? hosted.base;
  const window = price.contextWindow;
  const longest = inputTokens + outputTokens;
  if (window !== null && longest > window)
    return { because: `a request of ${longest} tokens is longer than its ${window}` };
  const { inputUsdPerMtok, outputUsdPerMtok, cachedInputUsdPerMtok } = price;
  if (inputUsdPerMtok === null || outputUsdPerMtok === null) return { because: "no list price" };
  const notes: string[] = [];
  if (tier) notes.push(`price of prompts over ${tier.above} tokens`);
  if (window === null) notes.push("no context window listed");
  const term = (name: LlmTerm["term"]) =>
    terms.find((row) => row.provider === hosted.provider && row.term === name)?.value ?? null;
  const discount = term("batch-discount-pct");
  const cached = exact(demand.cachedShare);
  const batch = exact(demand.batchShare);
  if (batch.units > 0n)
    notes.push(discount === null ? "no batch tier known: standard price" : `batch ${discount} % off`);
  if (cached.units > 0n && cachedInputUsdPerMtok === null) notes.push("no price of cached input listed");
  const live = complement(batch);
  const paidOfBatch = multiply(batch, complement(percent(discount ?? "0")));
  const inputs = multiply(exact(requestsPerMonth), exact(inputTokens));
  const outputs = multiply(exact(requestsPerMonth), exact(outputTokens));
  const freshShare = add(multiply(live, complement(cached)), paidOfBatch);
  const parts = {
    input: [multiply(inputs, freshShare), exact(inputUsdPerMtok)],
    cachedInput: [multiply(inputs, live, cached), exact(cachedInputUsdPerMtok ?? inputUsdPerMtok)],
    output: [multiply(outputs, add(live, paidOfBatch)), exact(outputUsdPerMtok)],
  } as const;
  const fee = term("credit-fee-pct");
  if (fee !== null) notes.push(`${fee} % on credits`);
  const rate = percent(fee ?? "0");
  const input = tokenCost(...parts.input);
  const cachedInput = tokenCost(...parts.cachedInput);
  const output = tokenCost(...parts.output);
  const usage = input + cachedInput + output;
  const fees = divideHalfEven(usage * rate.units, 10n ** BigInt(rate.scale));
  // Of one request the same products without the number of requests: micro-dollars are tokens times USD a million.
  const each = [
    multiply(exact(inputTokens), freshShare, parts.input[1]),
    multiply(exact(inputTokens), live, cached, parts.cachedInput[1]),
    multiply(exact(outputTokens), add(live, paidOfBatch), parts.output[1]),
  ].reduce(add);
  const perRequest = multiply(each, add(exact(1), rate));
  return { input, cachedInput, output, fees, total: usage + fees, perRequest, price, notes };
}

function percent(text: string): Decimal {
  const { units, scale } = exact(text);
  return { units, scale: scale + 2 };
}
