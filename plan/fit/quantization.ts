import type { ModelShape } from "../../catalog/index.ts";

export type QuantizationName =
  | "bf16"
  | "fp16"
  | "awq"
  | "gptq-int4"
  | "gptq-int8"
  | "w4a16"
  | "fp8"
  | "w8a8"
  | "mxfp4"
  | "nvfp4"
  | "bnb-4bit";

/** How a checkpoint stores the weights of its linear layers. Embeddings and lm_head stay at 16 bits. */
export interface Quantization {
  name: QuantizationName;
  /** Mean bits per body weight, scales and zeros included. */
  bits: number;
  /** Only the experts are quantized; attention and router stay at 16 bits. */
  expertsOnly: boolean;
  /** Attention stays at 16 bits, and so do the MLPs of the first and last layer (fbgemm_fp8). */
  mlpOnly: boolean;
  /** Weights that share a scale along the input dimension; null = per channel or tensor. */
  group: number | null;
  /** `quantMethod` of the repository; "" where it is of another format or not quantized. */
  method: string;
  /** Lowest compute capability with a kernel in vLLM. */
  minComputeCapability: number;
  /** Below this one the weights are unpacked to 16 bits in the kernel (no faster arithmetic); null = always so. */
  nativeComputeCapability: number | null;
}

const SPELLINGS: Record<string, QuantizationName> = {
  bf16: "bf16",
  bfloat16: "bf16",
  fp16: "fp16",
  float16: "fp16",
  half: "fp16",
  awq: "awq",
  "awq-int4": "awq",
  "awq-marlin": "awq",
  gptq: "gptq-int4",
  "gptq-int4": "gptq-int4",
  "gptq-marlin": "gptq-int4",
  "int4-autoround": "gptq-int4",
  "auto-round": "gptq-int4",
  "gptq-int8": "gptq-int8",
  int4: "w4a16",
  w4a16: "w4a16",
  fp8: "fp8",
  "fbgemm-fp8": "fp8",
  "modelopt-fp8": "fp8",
  w8a8: "w8a8",
  int8: "w8a8",
  "int8-w8a8": "w8a8",
  mxfp4: "mxfp4",
  nvfp4: "nvfp4",
  fp4: "nvfp4",
  "modelopt-fp4": "nvfp4",
  "modelopt-nvfp4": "nvfp4",
  "bnb-4bit": "bnb-4bit",
  bnb: "bnb-4bit",
  bitsandbytes: "bnb-4bit",
};

/** Names that the fit accepts, for messages. */
export const QUANTIZATIONS: readonly QuantizationName[] = [
  "bf16",
  "fp16",
  "awq",
  "gptq-int4",
  "gptq-int8",
  "w4a16",
  "fp8",
  "w8a8",
  "mxfp4",
  "nvfp4",
  "bnb-4bit",
];

/** The format behind a spelling (vLLM's names and those of the measured tables); undefined = not known. */
export function quantizationNamed(spelling: string): QuantizationName | undefined {
  return SPELLINGS[spelling.trim().toLowerCase().replaceAll("_", "-")];
}

/**
 * The format of a repository, from its `weightsDtype` and `quantMethod`; undefined = cannot be told.
 */
export function nativeQuantization(shape: ModelShape): QuantizationName | undefined {
  const dtype = shape.weightsDtype.toLowerCase();
  const method = (shape.quantMethod ?? "").toLowerCase();
  if (dtype.startsWith("mxfp4") || method.includes("mxfp4")) return "mxfp4";
  if (dtype.includes("nvfp4") || method.includes("nvfp4")) return "nvfp4";
  if (method.includes("awq")) return "awq";
  if (dtype.startsWith("int4")) return method === "gptq" ? "gptq-int4" : "w4a16";
  if (dtype.startsWith("int8")) return method === "gptq" || method.includes("w8a16") ? "gptq-int8" : "w8a8";
  return quantizationNamed(dtype);
}

/**
 * Storage and kernel facts of a format for one model. Bits: packed value + 16-bit scale per group + packed zero per
 * group; compute capabilities: vLLM docs/features/quantization and `get_min_capability` of each method.
 *
 * @param native whether the repository itself has this format, so that its own group size holds.
 */
export function quantization(name: QuantizationName, shape: ModelShape, native: boolean): Quantization {
  const method = native ? (shape.quantMethod ?? "").toLowerCase() : "";
  const own = native ? shape.quantGroupSize : null;
  const expertsOnly =
    shape.moeExperts !== null &&
    (name === "mxfp4" || (native && shape.weightsDtype.toLowerCase().includes("experts")));
  const of = (
    bits: number,
    group: number | null,
    minComputeCapability: number,
    nativeComputeCapability: number | null,
  ): Quantization => ({
    name,
    bits,
    expertsOnly,
    mlpOnly: method === "fbgemm_fp8",
    group,
    method,
    minComputeCapability,
    nativeComputeCapability,
  });
  // -1 is how checkpoints write one scale a channel.
  const group = own === -1 ? null : (own ?? 128);
  const overhead = (bits: number) => (group === null ? 0 : bits / group);
  switch (name) {
    case "bf16":
      return of(16, null, 8.0, 8.0);
    case "fp16":
      return of(16, null, 6.0, 7.0);
    case "awq":
      return of(4 + overhead(20), group, 7.5, null);
    case "gptq-int4":
      return of(4 + overhead(20), group, 7.5, null);
    case "gptq-int8":
      return of(8 + overhead(24), group, 7.5, null);
    case "w4a16":
      return of(4 + overhead(16), group, 7.5, null);
    case "fp8":
      // Square blocks, 128 x 128 as a rule, carry one fp32 scale each.
      return own !== null && own > 0
        ? of(8 + 32 / own ** 2, own, 7.5, 8.9)
        : of(8, null, /^(fbgemm|modelopt)/.test(method) ? 8.0 : 7.5, 8.9);
    case "w8a8":
      return of(8, null, 7.5, 7.5);
    case "mxfp4":
      return of(4.25, 32, 8.0, 10.0);
    case "nvfp4":
      return of(4.5, 16, 7.5, 10.0);
    case "bnb-4bit":
      return of(4.5, 64, 7.0, null);
  }
}
