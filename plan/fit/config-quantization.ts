import type { ModelShape } from "../../catalog/index.ts";
import { isObject, type Json } from "./json-value.ts";
import type { Unknown } from "./types.ts";

type Format = Pick<ModelShape, "weightsDtype" | "quantMethod" | "quantGroupSize">;

/** How a config.json stores its weights, in the words of the catalogue's model rows. */
export function weightsFormat(config: Json): Format | Unknown {
  const quant = config["quantization_config"] ?? config["compression_config"];
  if (!isObject(quant)) return { ...plain(config), quantMethod: null, quantGroupSize: null };
  const method = String(quant["quant_method"] ?? "").toLowerCase();
  const group = positive(quant["group_size"]);
  const bits = positive(quant["bits"]) ?? positive(quant["w_bit"]);
  switch (method) {
    case "awq":
      return { weightsDtype: "int4", quantMethod: "awq", quantGroupSize: group ?? 128 };
    case "gptq":
    case "auto-round":
      if (bits !== 4 && bits !== 8) return { unknown: "quantization_config.bits" };
      return { weightsDtype: `int${bits}`, quantMethod: "gptq", quantGroupSize: group };
    case "fp8": {
      const block = quant["weight_block_size"];
      return {
        weightsDtype: "fp8",
        quantMethod: "fp8",
        quantGroupSize: Array.isArray(block) ? positive(block[0]) : null,
      };
    }
    case "fbgemm_fp8":
      return { weightsDtype: "fp8", quantMethod: "fbgemm_fp8", quantGroupSize: null };
    case "mxfp4":
      return { weightsDtype: "mxfp4 experts + bf16 rest", quantMethod: "mxfp4", quantGroupSize: 32 };
    case "bitsandbytes":
      return quant["load_in_4bit"] === true || quant["_load_in_4bit"] === true
        ? { weightsDtype: "bnb-4bit", quantMethod: "bitsandbytes", quantGroupSize: null }
        : { unknown: "quantization_config.load_in_4bit" };
    case "modelopt": {
      const algorithm = String(quant["quant_algo"] ?? "").toLowerCase();
      if (algorithm === "nvfp4")
        return { weightsDtype: "nvfp4", quantMethod: "modelopt nvfp4", quantGroupSize: 16 };
      if (algorithm === "fp8")
        return { weightsDtype: "fp8", quantMethod: "modelopt fp8", quantGroupSize: null };
      return { unknown: "quantization_config.quant_algo" };
    }
    case "compressed-tensors":
      return compressedTensors(quant, config);
    default:
      return { unknown: `quantization_config.quant_method ${method}` };
  }
}

/** compressed-tensors: the first group's weight scheme; experts-only where attention is on the ignore list. */
function compressedTensors(quant: Json, config: Json): Format | Unknown {
  const groups = isObject(quant["config_groups"]) ? Object.values(quant["config_groups"]) : [];
  const weights = groups.map((entry) => (isObject(entry) ? entry["weights"] : null)).find(isObject);
  if (!weights) return { unknown: "quantization_config.config_groups" };
  const bits = positive(weights["num_bits"]);
  const group = positive(weights["group_size"]);
  const isFloat = weights["type"] === "float";
  const ignored = Array.isArray(quant["ignore"]) ? quant["ignore"].map(String) : [];
  const onlyExperts =
    config["n_routed_experts"] !== undefined && ignored.some((name) => /self_attn|attention/.test(name));
  if (bits === 8 && isFloat)
    return { weightsDtype: "fp8", quantMethod: "compressed-tensors fp8", quantGroupSize: null };
  if (bits === 8)
    return { weightsDtype: "int8", quantMethod: "compressed-tensors w8a8", quantGroupSize: null };
  if (bits === 4 && isFloat)
    return { weightsDtype: "nvfp4", quantMethod: "compressed-tensors nvfp4", quantGroupSize: group ?? 16 };
  if (bits === 4)
    return {
      weightsDtype: onlyExperts ? "int4 experts" : "int4",
      quantMethod: "compressed-tensors w4a16",
      quantGroupSize: group,
    };
  return { unknown: "quantization_config.config_groups.weights.num_bits" };
}

function plain(config: Json): Pick<ModelShape, "weightsDtype"> {
  const dtype = String(config["torch_dtype"] ?? config["dtype"] ?? "bfloat16");
  return { weightsDtype: dtype === "float16" ? "fp16" : "bf16" };
}

function positive(value: unknown): number | null {
  return typeof value === "number" && value > 0 ? value : null;
}
