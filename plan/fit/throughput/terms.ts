import type { Gpu, ModelShape } from "../../../catalog/index.ts";
import type { Parameters } from "../parameters.ts";
import type { Quantization } from "../quantization.ts";
import type { Load } from "../types.ts";

/** One replica of an engine and the work it is given. */
export interface ThroughputInput {
  shape: ModelShape;
  parameters: Parameters;
  format: Quantization;
  gpu: Gpu;
  tensor: number;
  pipeline: number;
  /** Copies of the model that share the load. */
  data: number;
  /** Some ranks of one copy are on other machines. */
  acrossNodes: boolean;
  /** vLLM up to 0.7, whose scheduler took more time a step. */
  firstEngine: boolean;
  /** Weights on the fullest GPU, bytes. */
  weightBytes: number;
  /** KV cache of one request of that many tokens on one GPU, bytes. */
  cacheBytes: (tokens: number) => number;
  load: Load;
  /** All requests arrive at once and the rate is taken over the whole run, its slow end included. */
  burst?: boolean;
  /** Requests of one copy that cache and `max_num_seqs` let run at once. */
  admitted: number;
  maxNumBatchedTokens: number;
}

/** The work of one decode step. */
export interface Step {
  /** Requests of one copy that get a token. */
  streams: number;
  /** Tokens that pass through the model: those and the prompts that must keep pace with them. */
  tokens: number;
}

/**
 * Terms of the time of a step, each a physical lower bound or a count, with the factor that the measured rows give
 * it (`fitted.json`). A factor of 1 on the first nine means "at the peak of the data sheet".
 */
export const TERMS = [
  /** Weights read, by format: 16 bits, 8 bits, 4 bits, and 4 bits under the first engine's kernels. */
  "weights16",
  "weights8",
  "weights4",
  "weights4First",
  /** Weights of the experts that the tokens of a step touch; and where they are unpacked to 16 bits. */
  "experts",
  "expertsUnpacked",
  /** Cache read. */
  "kvCache",
  /** Arithmetic of dense layers: 16 bits, native 8 bits or less, weights unpacked to 16 bits. */
  "math16",
  "math8",
  "mathUnpacked",
  /** The same of a mixture of experts. */
  "mathExperts16",
  "mathExperts8",
  "mathExpertsUnpacked",
  /** Attention over the prompts. */
  "attention",
  /** Scheduler and Python, 1 ms a step. */
  "step",
  /** Kernel launches, 10 µs a layer; more where the layer has experts. */
  "layer",
  "expertLayer",
  /** Synchronisation of ranks, 10 µs a layer and doubling. */
  "ranks",
  "ranksPcie",
  /** Bytes of the two all-reduces a layer over the link. */
  "reduce",
  "reducePcie",
  /** Sampling and bookkeeping, 10 µs a request. */
  "sequence",
  /** What the first engine's scheduler adds, 10 µs a layer. */
  "firstEngineLayer",
] as const;

export type Term = (typeof TERMS)[number];

/**
 * 10 Gb/s and half a millisecond an all-reduce between machines without EFA: assumed, for only one public run of
 * tensor parallelism over Ethernet is known, and what is fitted to one run cannot be tested.
 */
const NETWORK = { bytesPerSecond: 1.25e9, secondsPerReduce: 0.5e-3 };

/**
 * How many requests of one copy decode in a step, in the steady state: not more than run, than are admitted, or than
 * the prompts of the same batches allow: `streams · (1 + in/out) ≤ max_num_batched_tokens`.
 */
export function stepOf(input: ThroughputInput): Step {
  const { inputTokens, outputTokens, concurrency } = input.load;
  const running = Math.max(1e-6, Math.min(concurrency / input.data, input.admitted));
  const each = (inputTokens + outputTokens) / outputTokens;
  const streams = Math.max(Math.min(1, running), Math.min(running, input.maxNumBatchedTokens / each));
  return { streams, tokens: streams * each };
}

/** Seconds of each term at a factor of 1, in the order of `TERMS`, and what the network between machines adds. */
export function termsOf(
  input: ThroughputInput,
  { streams, tokens }: Step,
): { terms: number[]; fixed: number } {
  const { shape, parameters, format, gpu, tensor, firstEngine } = input;
  const { inputTokens, outputTokens } = input.load;
  const x: Record<Term, number> = Object.fromEntries(TERMS.map((term) => [term, 0])) as Record<Term, number>;
  const bandwidth = gpu.bandwidthGBps * 1e9;
  const hasExperts = shape.moeExperts !== null && shape.moeTopK !== null && parameters.experts > 0;

  const { peak, term } = arithmetic(gpu, format);
  const { dense, experts } = readWeights(input, streams, hasExperts);
  x[weightTerm(format, firstEngine)] = dense / bandwidth;
  x[term === "mathUnpacked" ? "expertsUnpacked" : "experts"] = experts / bandwidth;
  x.kvCache = (streams * input.cacheBytes(inputTokens + outputTokens / 2)) / bandwidth;

  const ranks = tensor * input.pipeline;
  const body = parameters.active - parameters.embedding - parameters.lmHead;
  const flops = 2 * (body * tokens + parameters.embedding * streams);
  x[hasExperts ? EXPERTS[term] : term] = flops / ranks / peak;
  // MLA: 192 for the scores and 128 for the values of each head.
  const width = shape.attentionHeads * (shape.headDim ?? 160);
  const prompts = (streams * inputTokens) / outputTokens;
  const scores = 4 * (shape.fullAttentionLayers ?? shape.layers) * width * (inputTokens / 2) * prompts;
  x.attention = scores / ranks / (gpu.fp16Tflops * 1e12);

  x.step = 1e-3;
  x.layer = shape.layers * 1e-5;
  if (hasExperts) x.expertLayer = shape.layers * 1e-5;
  if (firstEngine) x.firstEngineLayer = shape.layers * 1e-5;
  x.sequence = streams * 1e-5;

  let fixed = 0;
  if (tensor > 1) {
    const doublings = Math.log2(tensor);
    const bytes = 2 * shape.layers * tokens * shape.hiddenSize * 2 * ((2 * (tensor - 1)) / tensor);
    if (input.acrossNodes)
      fixed = bytes / NETWORK.bytesPerSecond + 2 * shape.layers * NETWORK.secondsPerReduce * doublings;
    else {
      const isPcie = gpu.link !== "nvlink";
      x[isPcie ? "ranksPcie" : "ranks"] = shape.layers * 1e-5 * doublings;
      x[isPcie ? "reducePcie" : "reduce"] = bytes / (gpu.linkGBps * 1e9);
    }
  }
  return { terms: TERMS.map((name) => x[name]), fixed };
}

/** Bytes of weights that a step reads: all but the embedding, and of the experts the share that its tokens touch. */
function readWeights(
  input: ThroughputInput,
  streams: number,
  hasExperts: boolean,
): { dense: number; experts: number } {
  const { shape, parameters, format, tensor, pipeline } = input;
  const embedding = parameters.lmHead === 0 ? 0 : (parameters.embedding * 2) / tensor;
  const experts = hasExperts ? (parameters.experts * format.bits) / 8 / (tensor * pipeline) : 0;
  const dense = Math.max(0, input.weightBytes - embedding - experts);
  if (!hasExperts) return { dense, experts: 0 };
  const touched = (tokens: number) => 1 - (1 - shape.moeTopK! / shape.moeExperts!) ** tokens;
  // Prompts come in a few long steps, not spread over all: most steps touch the experts of the streams alone.
  const { inputTokens, outputTokens } = input.load;
  const chunks = Math.max(1, inputTokens / input.maxNumBatchedTokens);
  const withPrompt = Math.min(1, (streams / outputTokens) * chunks);
  const prompt = Math.min(inputTokens, input.maxNumBatchedTokens) + streams;
  return { dense, experts: experts * (touched(streams) * (1 - withPrompt) + touched(prompt) * withPrompt) };
}

function weightTerm(format: Quantization, firstEngine: boolean): Term {
  if (format.bits >= 15) return "weights16";
  if (format.bits >= 7) return "weights8";
  return firstEngine ? "weights4First" : "weights4";
}

const EXPERTS = {
  math16: "mathExperts16",
  math8: "mathExperts8",
  mathUnpacked: "mathExpertsUnpacked",
} as const;

/** Dense peak of the arithmetic that the format really uses on the card, FLOPS. */
function arithmetic(gpu: Gpu, format: Quantization): { peak: number; term: keyof typeof EXPERTS } {
  const isNative =
    format.nativeComputeCapability !== null && gpu.computeCapability >= format.nativeComputeCapability;
  const half = gpu.fp16Tflops * 1e12;
  const eight = (rate: number | null) => ({
    peak: rate === null ? half : rate * 1e12,
    term: "math8" as const,
  });
  if (format.bits >= 15) return { peak: half, term: "math16" };
  if (isNative && format.name === "w8a8") return eight(gpu.int8Tflops);
  if (isNative) return eight(gpu.fp8Tflops);
  return { peak: half, term: format.bits < 7 ? "mathUnpacked" : "math16" };
}
