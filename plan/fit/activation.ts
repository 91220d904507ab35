import type { ModelShape } from "../../catalog/index.ts";
import { kindsOf } from "./cache-layers.ts";
import { profileRules } from "./engine-rules.ts";
import type { ProfileSettings } from "./memory.ts";
import { FITTED_MEMORY, type MemoryFactors } from "./memory-factors.ts";
import type { EngineFacts, Range } from "./types.ts";

const GIB = 2 ** 30;
/** Vocabularies of known models lie between these. */
const VOCABULARY: Range = { low: 32000, expected: 131072, high: 262144 };
/** Tokens of a chunk in the kernels of recurrent layers. */
const CHUNK = 64;

/**
 * Peak of the profile run beyond the weights, bytes: a forward pass over the longest batch, a sampler pass over
 * `min(seqs, tokens)` rows of float32 logits, and the multimodal encoder at its largest inputs. The three run one
 * after the other.
 *
 * - First engine and PyTorch's sampler (before 0.19): `max(forward, bytes per logit · seqs · V)`. The first engine did
 *   not sample while it prefilled in chunks.
 * - Fused sampler, and the second model runner (from 0.29): `forward + bytes per logit · seqs · V`. The high case is that
 *   the fused one cannot be built and the native one runs.
 */
export function activationBytes(
  shape: ModelShape,
  engine: EngineFacts,
  settings: ProfileSettings,
  tensor: number,
  factors: MemoryFactors = FITTED_MEMORY,
): Range {
  const { sampler } = profileRules(engine);
  const forward = settings.maxNumBatchedTokens * forwardBytesPerToken(shape, tensor);
  const rows = Math.min(settings.maxNumSeqs, settings.maxNumBatchedTokens);
  const size = shape.vocabSize;
  const vocabulary = size === null ? VOCABULARY : { low: size, expected: size, high: size };
  const logits = (bytes: number, key: keyof Range) => rows * vocabulary[key] * bytes;
  const { native, fused, runner2 } = factors.bytesPerLogit;
  const sorted = logits(native, "high");
  const text: Range = settings.chunked
    ? { low: forward * 0.9, expected: forward, high: Math.max(forward, sorted) }
    : sampler === "fused"
      ? {
          low: forward * 0.5,
          expected: forward + logits(fused, "expected"),
          high: forward + Math.max(sorted, logits(fused, "high")),
        }
      : sampler === "runner2"
        ? {
            low: forward * 0.5 + logits(fused, "low"),
            expected: forward + logits(runner2, "expected"),
            high: forward * 1.2 + logits(1.25 * runner2, "high"),
          }
        : {
            low: Math.max(forward, logits(native * (sampler === "v0" ? 0.7 : 0.97), "low")),
            expected: Math.max(forward, logits(native, "expected")),
            high: Math.max(forward * 1.1, sorted * 1.02),
          };
  if (!hasVision(shape)) return text;
  const encoder = factors.visionGib * GIB;
  return {
    low: text.low,
    expected: Math.max(text.expected, encoder),
    high: Math.max(text.high, 1.3 * encoder),
  };
}

/**
 * Bytes that one token of the longest batch needs at the widest place of a layer: `2 · (3·I/TP + 3·H)`, where experts
 * keep a copy per chosen expert; or a recurrent mixer, which keeps six vectors a head and a state per chunk.
 */
export function forwardBytesPerToken(shape: ModelShape, tensor: number): number {
  const H = shape.hiddenSize;
  const isMoe = shape.moeExperts !== null;
  const copies = isMoe ? (shape.moeTopK ?? 1) + (shape.sharedExperts ?? 0) : 1;
  const width = (isMoe ? shape.moeIntermediateSize : null) ?? shape.intermediateSize ?? 4 * H;
  const mlp = 2 * ((3 * copies * width) / tensor + (2 + copies) * H);
  const kinds = kindsOf(shape);
  const state = "unknown" in kinds ? undefined : kinds.find((kind) => kind.kind === "state");
  if (state?.kind !== "state") return mlp;
  const { heads, headDim, stateDim } = state.state;
  const mixer = (heads / tensor) * ((2 * headDim * stateDim) / CHUNK + 4 * 6 * headDim) + 4 * H;
  return Math.max(mlp, mixer);
}

/** Whether the repository holds a vision tower, as its catalogue row says. */
export function hasVision(shape: ModelShape): boolean {
  if ((shape.visionParamsB ?? 0) > 0) return true;
  const said = `${shape.checkpointNote ?? ""} ${shape.paramsBasis}`;
  return /vision|text backbone|multimodal/i.test(said) || /-(VL|Omni)-|vision/i.test(shape.repo);
}
