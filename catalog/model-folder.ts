import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { headerLength, type Tensor, tensorsOf } from "./safetensors.ts";

type Json = Record<string, unknown>;

/** What a folder with a model says about itself. */
export type ModelFolder =
  | {
      config: Json;
      /** Bytes of the tensors that the engine loads; null where neither an index nor files tell. */
      totalBytes: number | null;
    }
  | { error: string };

/** Files of a few kilobytes in real repositories; the index of a trillion weights has 10 MB. */
const LIMIT = { config: 32 * 2 ** 20, index: 256 * 2 ** 20 };
const INDEX = "model.safetensors.index.json";

/** Whether a model's name means a folder: it is written as a path, or a folder of that name is there. */
export function namesFolder(name: string, path: string): boolean {
  if (/^[./~]/.test(name)) return true;
  return (
    name.trim() !== "" &&
    !path.includes("\0") &&
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  );
}

/**
 * Reads a folder that holds `config.json` and perhaps safetensors files, their index, and the files in which
 * quantizers keep their settings (`hf_quant_config.json`, `quantize_config.json`, `quant_config.json`).
 *
 * Bytes are those of the tensors, taken from the headers of the files that the index names, each tensor once, without
 * the extra layers for speculative decoding that an engine leaves out; from the index's own sum where the files are
 * not there. Copies of the same weights under other names (`consolidated.safetensors`, `original/`) do not count.
 * Never throws: what cannot be read is an error that names the file.
 */
export function modelFolder(path: string): ModelFolder {
  try {
    const config = readJson(path, "config.json", LIMIT.config);
    if (config === null) return { error: `${path} holds no config.json` };
    const names = readdirSync(path);
    const isLoadable = names.some(
      (name) => /\.(safetensors|bin)$/.test(name) || name.endsWith(".index.json"),
    );
    // The engine reads GGUF through a plugin only, and config.json does not say how it is quantized.
    if (!isLoadable && names.some((name) => name.toLowerCase().endsWith(".gguf")))
      return { error: `${path} holds GGUF files only, which vLLM loads no longer without a plugin` };
    const quantization = quantizationOf(path, config);
    const merged = quantization === null ? config : { ...config, quantization_config: quantization };
    const weights = weightsOf(path, merged);
    return {
      config: weights.dtype === null ? merged : { ...merged, torch_dtype: weights.dtype },
      totalBytes: weights.bytes,
    };
  } catch (cause) {
    return { error: cause instanceof Unreadable ? cause.message : `${path}: ${(cause as Error).message}` };
  }
}

class Unreadable extends Error {}

/** A JSON object; null where there is no such file. Python's NaN and Infinity are read as words, not as numbers. */
function readJson(path: string, name: string, limit: number): Json | null {
  const file = join(path, name);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (!stat.isFile()) throw new Unreadable(`${file} is not a file`);
  if (stat.size > limit) throw new Unreadable(`${file} has ${stat.size} bytes; at most ${limit} are read`);
  const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    try {
      const plain = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
        token.startsWith('"') ? token : `"${token}"`,
      );
      value = JSON.parse(plain);
    } catch (cause) {
      throw new Unreadable(`${file} is not JSON: ${(cause as Error).message}`);
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Unreadable(`${file} is not an object`);
  return value as Json;
}

/** Settings of a quantizer that stand beside config.json, in the form that config.json has them; null = none. */
function quantizationOf(path: string, config: Json): Json | null {
  const inner = config["text_config"] as Json | null | undefined;
  const own = config["quantization_config"] ?? config["compression_config"] ?? inner?.["quantization_config"];
  const modelOpt = readJson(path, "hf_quant_config.json", LIMIT.config);
  const settings = modelOpt?.["quantization"];
  if (typeof settings === "object" && settings !== null) {
    // Older files name the algorithm here only; the list of mixed layers is only here.
    const given = typeof own === "object" && own !== null ? (own as Json) : {};
    if (own === undefined || own === null || given["quant_method"] === undefined)
      return { ...settings, ...given, quant_method: "modelopt" };
    return null;
  }
  if (own !== undefined && own !== null) return null;
  const gptq = readJson(path, "quantize_config.json", LIMIT.config);
  if (gptq) return { quant_method: "gptq", ...gptq };
  const awq = readJson(path, "quant_config.json", LIMIT.config);
  return awq ? { quant_method: "awq", ...awq } : null;
}

interface Weights {
  bytes: number | null;
  /** Type of most of the weights, where config.json does not name one. */
  dtype: string | null;
}

const NONE: Weights = { bytes: null, dtype: null };

function weightsOf(path: string, config: Json): Weights {
  const index = readJson(path, INDEX, LIMIT.index);
  const map = index?.["weight_map"];
  const places =
    typeof map === "object" && map !== null && !Array.isArray(map) ? new Map(Object.entries(map)) : null;
  const names = places === null ? loose(path) : [...new Set(places.values())];
  const tensors = new Map<string, Tensor>();
  let isComplete = names !== null && names.length > 0;
  for (const name of names ?? []) {
    if (typeof name !== "string" || name !== name.replace(/^.*[/\\]/, "") || name.length > 255)
      throw new Unreadable(`${join(path, INDEX)} names a file outside of its folder`);
    const held = tensorsOfFile(join(path, name));
    if (held === null) isComplete = false;
    for (const tensor of held ?? [])
      if ((places === null || places.get(tensor.name) === name) && !tensors.has(tensor.name))
        tensors.set(tensor.name, tensor);
  }
  if (isComplete) return summed([...tensors.values()], config);
  const stated = (index ?? readJson(path, "pytorch_model.bin.index.json", LIMIT.index))?.["metadata"];
  const size = (stated as Json | null | undefined)?.["total_size"];
  return typeof size === "number" && Number.isSafeInteger(size) && size > 0
    ? { bytes: size, dtype: null }
    : NONE;
}

/** Safetensors files without an index; null where a part of a set is missing. */
function loose(path: string): string[] | null {
  const files = readdirSync(path)
    .filter((name) => name.endsWith(".safetensors") && !name.startsWith("adapter_"))
    .sort((a, b) => Number(b.startsWith("model")) - Number(a.startsWith("model")) || a.localeCompare(b));
  const own = files.filter((name) => !name.startsWith("consolidated"));
  const counted = own.length > 0 ? own : files;
  const parts = counted.map((name) => /-(\d{5})-of-(\d{5})\.safetensors$/.exec(name)).find((match) => match);
  const set = parts ? counted.filter((name) => name.endsWith(`-of-${parts[2]}.safetensors`)) : counted;
  return parts && set.length !== Number(parts[2]) ? null : set;
}

/** Tensors of one file, from its header alone; null where the file is not there. */
function tensorsOfFile(file: string): Tensor[] | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (!stat.isFile()) throw new Unreadable(`${file} is not a file`);
  const handle = openSync(file, "r");
  try {
    const start = Buffer.alloc(8);
    const read = readSync(handle, start, 0, 8, 0);
    const length = headerLength(start.subarray(0, read), stat.size);
    if (length === "pointer") return null;
    if (typeof length === "object") throw new Unreadable(`${file} ${length.error}`);
    const header = Buffer.alloc(length);
    if (readSync(handle, header, 0, length, 8) < length) throw new Unreadable(`${file} is cut short`);
    const tensors = tensorsOf(header.toString("utf8"), stat.size - 8 - length);
    if ("error" in tensors) throw new Unreadable(`${file} ${tensors.error}`);
    // A header that names nothing: the file's own size is all that is known.
    const data = stat.size - 8 - length;
    return tensors.length === 0 && data > 0 ? [{ name: file, dtype: "", bytes: data }] : tensors;
  } finally {
    closeSync(handle);
  }
}

const DTYPES: Readonly<Record<string, string>> = { BF16: "bfloat16", F16: "float16", F32: "float32" };

/** Adds up what is loaded, and says what type most of it has where config.json is silent. */
function summed(tensors: readonly Tensor[], config: Json): Weights {
  const text = (config["text_config"] ?? config) as Json;
  const layers = text["num_hidden_layers"] ?? config["num_hidden_layers"];
  const loaded = tensors.filter(({ name }) => !isSpeculative(name, layers));
  const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  const isSilent = [config, text].every(
    (part) =>
      (part["torch_dtype"] ?? part["dtype"] ?? null) === null &&
      (part["quantization_config"] ?? null) === null,
  );
  const share = (dtype: string) =>
    loaded.reduce((sum, tensor) => sum + (tensor.dtype === dtype ? tensor.bytes : 0), 0);
  const most = Object.keys(DTYPES).find((dtype) => share(dtype) > total / 2);
  return { bytes: total > 0 ? total : null, dtype: isSilent && most ? DTYPES[most]! : null };
}

/** Layers for predicting several tokens follow the model's own; an engine loads them only when told to. */
function isSpeculative(name: string, layers: unknown): boolean {
  if (/(^|\.)mtp\./.test(name)) return true;
  const layer = /^(?:model\.)?(?:language_model\.)?(?:model\.)?layers\.(\d+)\./.exec(name)?.[1];
  return layer !== undefined && typeof layers === "number" && Number(layer) >= layers;
}
