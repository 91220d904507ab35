import type { ModelShape } from "../../catalog/index.ts";
import type { Layer } from "./config-mixers.ts";
import { isObject, type Json } from "./json-value.ts";
import type { Unknown } from "./types.ts";

/** How a checkpoint stores its weights, in the words of the catalogue's model rows. */
export interface Format
  extends Pick<
    ModelShape,
    | "weightsDtype"
    | "quantMethod"
    | "quantGroupSize"
    | "quantSymmetric"
    | "attentionBits"
    | "lmHeadBits"
    | "kvCacheDtype"
  > {
  /** Bytes of an unquantized value in the files. */
  stored: 2 | 4;
  /** Several formats side by side: only the bytes of the checkpoint tell the size. */
  mixed: boolean;
}

interface Body {
  layers: readonly Layer[];
  experts: boolean;
}

type Scheme = Pick<Format, "weightsDtype" | "quantMethod"> & Partial<Format>;

/**
 * How a config.json stores its weights.
 *
 * @returns the field where the method, its bits or its groups are not known. Whatever the file leaves out of the
 * quantization (`ignore`, `modules_to_not_convert`, `exclude_modules`) stays at 16 bits.
 */
export function weightsFormat(config: Json, body: Body): Format | Unknown {
  const stored = storedBytes(config);
  if (stored === null) return { unknown: "torch_dtype" };
  const common = {
    quantGroupSize: null,
    quantSymmetric: null,
    attentionBits: null,
    lmHeadBits: null,
    kvCacheDtype: null,
    mixed: false,
  };
  const quant = config["quantization_config"] ?? config["compression_config"];
  if (quant === undefined || quant === null)
    return { ...common, weightsDtype: stored.name, quantMethod: null, stored: stored.bytes };
  if (!isObject(quant)) return { unknown: "quantization_config" };
  const scheme = schemeOf(quant);
  if ("unknown" in scheme) return scheme;
  const format = { ...common, stored: 2 as const, ...scheme, kvCacheDtype: cacheType(quant) };
  const kept = ignored(quant, body.layers.length);
  if (kept.attention && format.attentionBits === null) format.attentionBits = 16;
  if (kept.attention && body.experts && /^(int4|nvfp4)$/.test(format.weightsDtype))
    format.weightsDtype = `${format.weightsDtype} experts`;
  return format;
}

function storedBytes(config: Json): { bytes: 2 | 4; name: "bf16" | "fp16" } | null {
  const given = config["torch_dtype"] ?? config["dtype"] ?? "bfloat16";
  const name = typeof given === "string" ? given.replace(/^torch\./, "") : "";
  if (name === "bfloat16" || name === "auto") return { bytes: 2, name: "bf16" };
  if (name === "float16" || name === "half") return { bytes: 2, name: "fp16" };
  // vLLM loads them at 16 bits.
  if (name === "float32" || name === "float") return { bytes: 4, name: "bf16" };
  return null;
}

/** The type that the checkpoint asks for its cache, as ModelOpt and compressed-tensors write it; null = the model's. */
function cacheType(quant: Json): "fp8" | null {
  const scheme = quant["kv_cache_quant_algo"] ?? quant["kv_cache_scheme"];
  const isFp8 = isObject(scheme) ? scheme["num_bits"] === 8 && scheme["type"] === "float" : scheme === "FP8";
  return isFp8 ? "fp8" : null;
}

function schemeOf(quant: Json): Scheme | Unknown {
  const named = quant["quant_method"];
  const method = typeof named === "string" ? named.toLowerCase() : "";
  switch (method) {
    case "awq":
      return awq(quant);
    case "gptq":
    case "auto-round":
      return gptq(quant);
    case "fp8": {
      const block = quant["weight_block_size"] ?? null;
      if (block === null) return { weightsDtype: "fp8", quantMethod: "fp8" };
      const size = Array.isArray(block) && block.length === 2 ? whole(block[1]) : null;
      if (size === null || size < 1) return { unknown: "quantization_config.weight_block_size" };
      return { weightsDtype: "fp8", quantMethod: "fp8", quantGroupSize: size };
    }
    case "fbgemm_fp8":
      return { weightsDtype: "fp8", quantMethod: "fbgemm_fp8" };
    case "mxfp4":
      return { weightsDtype: "mxfp4 experts + bf16 rest", quantMethod: "mxfp4", quantGroupSize: 32 };
    case "bitsandbytes":
      return quant["load_in_4bit"] === true || quant["_load_in_4bit"] === true
        ? { weightsDtype: "bnb-4bit", quantMethod: "bitsandbytes" }
        : { unknown: "quantization_config.load_in_4bit" };
    case "compressed-tensors":
      return compressedTensors(quant);
    case "modelopt":
      return modelOpt(quant);
    case "":
      // Older ModelOpt files name the algorithm only.
      return quant["quant_algo"] === undefined
        ? { unknown: "quantization_config.quant_method" }
        : modelOpt(quant);
    default:
      return { unknown: `quantization_config.quant_method ${method.slice(0, 40)}` };
  }
}

/** A group size; -1 = one scale a channel, null = not said; undefined where it is nonsense. */
function groupOf(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null;
  if (value === -1) return -1;
  const size = whole(value);
  return size !== null && size > 0 && size <= 65536 ? size : undefined;
}

function awq(quant: Json): Scheme | Unknown {
  const bits = quant["bits"] ?? quant["w_bit"];
  if (bits !== undefined && bits !== 4) return { unknown: "quantization_config.bits" };
  const group = groupOf(quant["q_group_size"] ?? quant["group_size"] ?? 128);
  if (group === undefined) return { unknown: "quantization_config.group_size" };
  return { weightsDtype: "int4", quantMethod: "awq", quantGroupSize: group, quantSymmetric: false };
}

function gptq(quant: Json): Scheme | Unknown {
  const bits = quant["bits"];
  if (bits !== 4 && bits !== 8) return { unknown: "quantization_config.bits" };
  const group = groupOf(quant["group_size"]);
  if (group === undefined) return { unknown: "quantization_config.group_size" };
  // vLLM reads the key without a default (quantization/auto_gptq.py).
  if (group === null) return { unknown: "quantization_config.group_size" };
  const symmetric = quant["sym"] ?? null;
  if (symmetric !== null && typeof symmetric !== "boolean") return { unknown: "quantization_config.sym" };
  const overrides = quant["dynamic"] ?? quant["extra_config"];
  return {
    weightsDtype: `int${bits}`,
    quantMethod: "gptq",
    quantGroupSize: group,
    quantSymmetric: symmetric,
    lmHeadBits: quant["lm_head"] === true ? bits : null,
    mixed: isObject(overrides) && Object.keys(overrides).length > 0,
  };
}

/** compressed-tensors: one scheme for each group of modules; several different ones are a mixture. */
function compressedTensors(quant: Json): Scheme | Unknown {
  const groups = isObject(quant["config_groups"]) ? Object.values(quant["config_groups"]) : [];
  const sparsity = quant["sparsity_config"];
  if (isObject(sparsity) && sparsity["format"] !== undefined && sparsity["format"] !== "dense")
    return { unknown: "quantization_config.sparsity_config" };
  const schemes: Scheme[] = [];
  for (const group of groups) {
    if (!isObject(group) || !isObject(group["weights"]))
      return { unknown: "quantization_config.config_groups.weights" };
    const scheme = compressedGroup(
      group["weights"],
      group["input_activations"],
      group["format"] ?? quant["format"],
    );
    if ("unknown" in scheme) return scheme;
    schemes.push(scheme);
  }
  return mixture(schemes) ?? { unknown: "quantization_config.config_groups" };
}

function compressedGroup(weights: Json, activations: unknown, format: unknown): Scheme | Unknown {
  const bits = weights["num_bits"];
  const isFloat = weights["type"] === "float";
  const group = groupOf(weights["group_size"]);
  if (group === undefined) return { unknown: "quantization_config.config_groups.weights.group_size" };
  const symmetric = typeof weights["symmetric"] === "boolean" ? weights["symmetric"] : null;
  const channels = group ?? (weights["strategy"] === "channel" ? -1 : null);
  if (bits === 8 && isFloat) {
    const block = weights["block_structure"];
    const size = Array.isArray(block) ? whole(block[1]) : null;
    return {
      weightsDtype: "fp8",
      quantMethod: "compressed-tensors fp8",
      quantGroupSize: weights["strategy"] === "block" ? (size ?? 128) : null,
    };
  }
  if (bits === 8)
    return isObject(activations)
      ? { weightsDtype: "int8", quantMethod: "compressed-tensors w8a8" }
      : {
          weightsDtype: "int8",
          quantMethod: "compressed-tensors w8a16",
          quantGroupSize: channels,
          quantSymmetric: symmetric,
        };
  if (bits === 4 && isFloat) {
    const isMx = typeof format === "string" && format.startsWith("mxfp4");
    return isMx
      ? {
          weightsDtype: "mxfp4 experts + bf16 rest",
          quantMethod: "compressed-tensors mxfp4",
          quantGroupSize: 32,
        }
      : { weightsDtype: "nvfp4", quantMethod: "compressed-tensors nvfp4", quantGroupSize: group ?? 16 };
  }
  if (bits === 4 && !isObject(activations))
    return {
      weightsDtype: "int4",
      quantMethod: "compressed-tensors w4a16",
      quantGroupSize: channels,
      quantSymmetric: symmetric,
    };
  return { unknown: "quantization_config.config_groups.weights.num_bits" };
}

/** Algorithms of NVIDIA ModelOpt that vLLM loads. */
const MODELOPT: Readonly<Record<string, Scheme>> = {
  FP8: { weightsDtype: "fp8", quantMethod: "modelopt fp8" },
  FP8_PER_CHANNEL_PER_TOKEN: { weightsDtype: "fp8", quantMethod: "modelopt fp8" },
  FP8_PB_WO: { weightsDtype: "fp8", quantMethod: "modelopt fp8", quantGroupSize: 128 },
  NVFP4: { weightsDtype: "nvfp4", quantMethod: "modelopt nvfp4", quantGroupSize: 16 },
  NVFP4_AWQ: { weightsDtype: "nvfp4", quantMethod: "modelopt nvfp4", quantGroupSize: 16 },
  W4A16_NVFP4: { weightsDtype: "nvfp4", quantMethod: "modelopt nvfp4", quantGroupSize: 16 },
};

function modelOpt(quant: Json): Scheme | Unknown {
  const algorithm = String(quant["quant_algo"] ?? "").toUpperCase();
  if (algorithm === "MIXED_PRECISION") {
    const layers = quant["quantized_layers"];
    const names = isObject(layers)
      ? new Set(Object.values(layers).map((entry) => (isObject(entry) ? String(entry["quant_algo"]) : "")))
      : new Set<string>();
    const known = [...names].map((name) => (Object.hasOwn(MODELOPT, name) ? MODELOPT[name] : undefined));
    const found = known.every((scheme) => scheme !== undefined) ? mixture(known) : null;
    return found ? { ...found, mixed: true } : { unknown: "quantization_config.quantized_layers" };
  }
  return Object.hasOwn(MODELOPT, algorithm)
    ? MODELOPT[algorithm]!
    : { unknown: "quantization_config.quant_algo" };
}

/** The narrowest of several schemes stands for them: it has the strictest kernels. */
function mixture(schemes: readonly Scheme[]): Scheme | null {
  const order = ["nvfp4", "mxfp4", "int4", "int8", "fp8"];
  const rank = (scheme: Scheme) => order.findIndex((name) => scheme.weightsDtype.startsWith(name));
  const narrowest = [...schemes].sort((a, b) => rank(a) - rank(b))[0];
  if (narrowest === undefined) return null;
  const isMixed = schemes.some(
    (scheme) =>
      scheme.weightsDtype !== narrowest.weightsDtype || scheme.quantGroupSize !== narrowest.quantGroupSize,
  );
  return isMixed ? { ...narrowest, mixed: true } : narrowest;
}

/** What the lists of left-out modules cover: attention in at least half of the layers, or by a pattern for all. */
function ignored(quant: Json, layers: number): { attention: boolean } {
  const names = ["ignore", "modules_to_not_convert", "ignored_layers", "exclude_modules"]
    .map((key) => quant[key])
    .filter(Array.isArray)
    .flat()
    .filter((name): name is string => typeof name === "string");
  const about = names.filter(
    (name) =>
      /self_attn|attention|linear_attn|mixer\.[qkvo]_proj/.test(name) && !/norm|indexer|bias/.test(name),
  );
  const every = about.some((name) => !/\.\d+\./.test(name));
  const listed = new Set(about.map((name) => /\.(\d+)\./.exec(name)?.[1]));
  return { attention: every || (listed.size > 0 && listed.size >= layers / 2) };
}

function whole(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) ? value : null;
}
