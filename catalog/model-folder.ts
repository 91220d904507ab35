import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

/** What a folder with a model says about itself. */
export type ModelFolder =
  | {
      config: Record<string, unknown>;
      /** Bytes of the tensors; null without an index and without safetensors files. */
      totalBytes: number | null;
    }
  | { error: string };

/**
 * Reads a folder that holds `config.json` and perhaps `model.safetensors.index.json` or safetensors files.
 *
 * Bytes are those of the tensors: the index's own sum, else file sizes without their headers. Copies of the same
 * weights under other names (`consolidated.safetensors`) are not counted twice.
 */
export function modelFolder(path: string): ModelFolder {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(path, name), "utf8"));
  try {
    if (!existsSync(join(path, "config.json"))) return { error: `${path} holds no config.json` };
    const config = read("config.json");
    if (typeof config !== "object" || config === null || Array.isArray(config))
      return { error: `${path}/config.json is not an object` };
    return { config: config as Record<string, unknown>, totalBytes: tensorBytes(path, read) };
  } catch (cause) {
    return { error: `${path}: ${(cause as Error).message}` };
  }
}

function tensorBytes(path: string, read: (name: string) => unknown): number | null {
  const index = "model.safetensors.index.json";
  if (existsSync(join(path, index))) {
    const size = (read(index) as { metadata?: { total_size?: unknown } }).metadata?.total_size;
    if (typeof size === "number" && size > 0) return size;
  }
  const files = readdirSync(path).filter((name) => name.endsWith(".safetensors"));
  const own = files.filter((name) => !name.startsWith("consolidated"));
  const counted = own.length > 0 ? own : files;
  if (counted.length === 0) return null;
  return counted.reduce((sum, name) => sum + bytesOfFile(join(path, name)), 0);
}

/** A safetensors file starts with the length of its JSON header, 8 bytes little-endian; tensors follow it. */
function bytesOfFile(file: string): number {
  const handle = openSync(file, "r");
  try {
    const head = Buffer.alloc(8);
    if (readSync(handle, head, 0, 8, 0) < 8) throw new Error(`${file} is not a safetensors file`);
    return statSync(file).size - 8 - Number(head.readBigUInt64LE());
  } finally {
    closeSync(handle);
  }
}
