/**
 * Metrics of vLLM that alerts, dashboards and scalers may use. Names as in `vllm/v1/metrics/loggers.py`;
 * the tests hold this list against what the releases of the catalogue export (catalog/sources/vllm-facts.json).
 */
export const METRICS = {
  running: "vllm:num_requests_running",
  waiting: "vllm:num_requests_waiting",
  waitingByReason: "vllm:num_requests_waiting_by_reason",
  kvUsage: "vllm:kv_cache_usage_perc",
  preemptions: "vllm:num_preemptions_total",
  ttftBucket: "vllm:time_to_first_token_seconds_bucket",
  itlBucket: "vllm:inter_token_latency_seconds_bucket",
  iterations: "vllm:iteration_tokens_total_count",
  promptTokens: "vllm:prompt_tokens_total",
  generationTokens: "vllm:generation_tokens_total",
} as const;

function selector(model: string, extra = ""): string {
  return `{model_name="${model}"${extra}}`;
}

/** A series of one model, e.g. `vllm:kv_cache_usage_perc{model_name="chat"}`. */
export function series(metric: keyof typeof METRICS, model: string): string {
  return METRICS[metric] + selector(model);
}

/** Requests that wait because the engine is full (not those deferred for other reasons). */
export function waitingRequests(model: string): string {
  return METRICS.waitingByReason + selector(model, ',reason="capacity"');
}

export function quantile(
  q: number,
  metric: "ttftBucket" | "itlBucket",
  model: string,
  window = "5m",
): string {
  return `histogram_quantile(${q}, sum by (le) (rate(${METRICS[metric]}${selector(model)}[${window}])))`;
}
