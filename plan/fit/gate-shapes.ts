import type { ModelShape } from "../../catalog/index.ts";
import type { GateInput } from "./gate-input.ts";
import { kernelRules, MARLIN, VOCABULARY_PADDING } from "./kernel-rules.ts";
import { gateReason as reason } from "./reasons-gate.ts";
import type { FitReason } from "./types.ts";

/** Whatever is cut over ranks must divide evenly (vllm config/model.py, QKVParallelLinear, VocabParallelEmbedding). */
export function divisibility({ shape, parallel }: GateInput): FitReason[] {
  const { tensor, pipeline, expert } = parallel;
  const found: FitReason[] = [];
  if (shape.attentionHeads % tensor !== 0) {
    const message = `${shape.attentionHeads} attention heads are not divisible by tensor parallel ${tensor}`;
    found.push(reason("heads", message, tensor, shape.attentionHeads, "heads"));
  }
  for (const kv of kvHeadCounts(shape))
    if (tensor >= kv ? tensor % kv !== 0 : kv % tensor !== 0) {
      const message = `${kv} KV heads and tensor parallel ${tensor} do not divide each other`;
      found.push(reason("kv-heads", message, tensor, kv, "heads"));
    }
  const state = shape.cacheLayers?.find((group) => group.kind === "state")?.state.heads;
  if (state !== undefined && state % tensor !== 0) {
    const message = `${state} heads of recurrent layers are not divisible by tensor parallel ${tensor}`;
    found.push(reason("state-heads", message, tensor, state, "heads"));
  }
  const rows = paddedVocabulary(shape);
  if (rows !== null && rows % tensor !== 0) {
    const message = `a vocabulary of ${rows} rows (padded to ${VOCABULARY_PADDING}) is not divisible by tensor parallel ${tensor}`;
    found.push(reason("vocabulary", message, tensor, rows, "rows"));
  }
  if (pipeline > shape.layers) {
    const message = `${pipeline} stages for ${shape.layers} layers`;
    found.push(reason("layers", message, pipeline, shape.layers, "layers"));
  }
  if (expert && shape.moeExperts === null)
    found.push(
      reason(
        "experts",
        "expert parallel needs a model with routed experts, and this one has none",
        1,
        0,
        "experts",
      ),
    );
  return found;
}

/** KV heads of every kind of attention layer; none under MLA, whose cache is not cut. */
function kvHeadCounts(shape: ModelShape): Set<number> {
  const counts = new Set<number>();
  for (const group of shape.cacheLayers ?? []) if ("kvHeads" in group) counts.add(group.kvHeads);
  if (shape.kvLoraRank === null && shape.kvHeads !== null) counts.add(shape.kvHeads);
  return counts;
}

/** Rows of the vocabulary as they lie in memory; null = not known. */
export function paddedVocabulary(shape: ModelShape): number | null {
  if (shape.vocabSize === null) return null;
  return Math.ceil(shape.vocabSize / VOCABULARY_PADDING) * VOCABULARY_PADDING;
}

interface Check {
  what: string;
  width: number;
  /** Whether its columns (outputs) or rows (inputs) are cut. */
  cut: "inputs" | "outputs";
}

/** Weights that tensor parallelism cuts, as far as the shape tells. */
function cutWeights({ shape, format, parallel }: GateInput): { dense: Check[]; expert: number | null } {
  const dense: Check[] = [];
  const isMoe = shape.moeExperts !== null;
  const keepsAttention = format.expertsOnly || format.mlpOnly || shape.attentionBits === 16;
  if (!isMoe && shape.intermediateSize !== null)
    for (const cut of ["inputs", "outputs"] as const)
      dense.push({ what: "intermediate size", width: shape.intermediateSize, cut });
  if (shape.kvLoraRank === null && shape.headDim !== null && !keepsAttention)
    dense.push({ what: "attention width", width: shape.attentionHeads * shape.headDim, cut: "inputs" });
  const expert = isMoe && shape.moeIntermediateSize !== null ? shape.moeIntermediateSize : null;
  return { dense, expert: expert === null ? null : expert / (parallel.expert ? 1 : parallel.tensor) };
}

/**
 * The part of a quantized weight on one rank must suit its kernels: whole scale groups (`in/TP % group`), tiles of
 * Marlin (`out/TP % 64`, `in/TP % 128` up to 0.23), and for experts `width/TP % max(64, group)` up to 0.24 and
 * `% group` after it. vLLM: quantization/utils/marlin_utils.py, fp8_utils.py `validate_fp8_block_shape`, moe_wna16.py.
 */
export function kernelShapes(input: GateInput): FitReason[] {
  const { format, parallel, engine } = input;
  const { name, group } = format;
  if (name === "bnb-4bit" || name === "mxfp4") return [];
  const isMarlin = format.nativeComputeCapability === null;
  const rules = kernelRules(engine);
  const { dense, expert } = cutWeights(input);
  const found: FitReason[] = [];
  const check = (what: string, whole: number, part: number, by: number, why: string) => {
    if (part % by === 0) return;
    const message = `${what} ${whole} / tensor parallel ${parallel.tensor} = ${part} is not a multiple of ${why} of ${name}`;
    found.push(reason("quantization-group", message, by, part, "weights"));
  };
  for (const { what, width, cut } of dense) {
    const part = width / parallel.tensor;
    if (group !== null && (cut === "inputs" || name === "fp8"))
      check(what, width, part, group, `the group size ${group}`);
    if (!isMarlin || rules.padsDense || name === "awq") continue;
    const tile = cut === "inputs" ? MARLIN.inputs : MARLIN.outputs;
    check(what, width, part, tile, `the tile of ${tile}`);
  }
  if (expert !== null) found.push(...expertShapes(input, expert));
  found.push(...keyValueBlocks(input));
  const seen = new Set<string>();
  return found.filter(({ message }) => !seen.has(message) && seen.add(message));
}

/** Blocks of FP8 must not straddle the keys or values of one rank, which holds at least one whole head. */
function keyValueBlocks({ shape, format, parallel }: GateInput): FitReason[] {
  const { group } = format;
  if (format.name !== "fp8" || group === null || shape.attentionBits === 16) return [];
  if (shape.kvLoraRank !== null || shape.kvHeads === null || shape.headDim === null) return [];
  const part = Math.max(1, Math.floor(shape.kvHeads / parallel.tensor)) * shape.headDim;
  if (part % group === 0) return [];
  const message = `${part} keys of one of ${parallel.tensor} ranks are not a multiple of the block size ${group} of fp8`;
  return [reason("quantization-group", message, group, part, "weights")];
}

function expertShapes({ shape, format, parallel, engine }: GateInput, part: number): FitReason[] {
  const { name, group } = format;
  const isMarlin = format.nativeComputeCapability === null;
  if (group === null && !isMarlin) return [];
  const rules = kernelRules(engine);
  const size = group ?? 1;
  const by = isMarlin && !rules.padsExperts ? Math.max(64, size) : size;
  const fitsMarlin = part % by === 0 && (!isMarlin || shape.hiddenSize % MARLIN.inputs === 0);
  if (fitsMarlin) return [];
  // AWQ and GPTQ have a second kernel, which halves the group until it fits, down to 32.
  if (name === "awq" || name.startsWith("gptq")) {
    let smaller = size;
    while (smaller >= 32 && (part % smaller !== 0 || shape.hiddenSize % smaller !== 0)) smaller /= 2;
    if (smaller >= 32) return [];
  }
  const what =
    part % by === 0 ? ["hidden size", shape.hiddenSize, MARLIN.inputs] : ["expert width", part, by];
  const split = parallel.expert || what[0] === "hidden size" ? "" : ` on one of ${parallel.tensor} ranks`;
  const message = `${what[0]} ${what[1]}${split} is not a multiple of ${what[2]}, as the kernels of ${name} need`;
  return [reason("quantization-group", message, what[2] as number, what[1] as number, "weights")];
}

/** Integer formats that no kernel takes, whatever the card: asymmetric GPTQ, group sizes without a kernel. */
export function integerFormats({ shape, format }: GateInput): FitReason[] {
  if (!format.name.startsWith("gptq") || !format.method.startsWith("gptq")) return [];
  if (shape.quantSymmetric === false)
    return [reason("quantization-asymmetric", `vLLM takes symmetric GPTQ only, ${shape.repo} is asymmetric`)];
  const group = shape.quantGroupSize;
  if (group === null || MARLIN.groups.includes(group)) return [];
  const known = MARLIN.groups.filter((size) => size > 0).join(", ");
  const message = `a group size of ${group} has no GPTQ kernel; there are ${known} and one a channel`;
  return [reason("quantization-group-size", message, null, group, "weights")];
}
