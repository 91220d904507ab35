/** One tensor of a safetensors file. */
export interface Tensor {
  name: string;
  /** Name of the format, e.g. "BF16", "F8_E4M3", "I32". */
  dtype: string;
  bytes: number;
}

/** The format's own bound on the length of its header. */
export const HEADER_LIMIT = 100_000_000;
/** A file of a repository that was cloned without Git LFS starts with this. */
const POINTER = "version https://git-lfs";

/** What the first bytes of a file say: how long its header is, or why it has none. */
export function headerLength(start: Uint8Array, fileSize: number): number | "pointer" | { error: string } {
  if (Buffer.from(start).toString("latin1").startsWith(POINTER.slice(0, 8))) return "pointer";
  if (start.length < 8 || fileSize < 8) return { error: "is too short for a safetensors file" };
  const length = Buffer.from(start).readBigUInt64LE(0);
  if (length < 2n || length > BigInt(HEADER_LIMIT) || length > BigInt(fileSize - 8))
    return { error: `is not a safetensors file: a header of ${length} bytes in ${fileSize}` };
  return Number(length);
}

/**
 * The tensors that a header names. Every tensor must lie inside the file and they must not claim more bytes than it
 * holds: sizes are taken from here without reading the data.
 *
 * @param dataBytes bytes of the file after its header
 */
export function tensorsOf(header: string, dataBytes: number): Tensor[] | { error: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(header);
  } catch {
    return { error: "has a header that is not JSON" };
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    return { error: "has a header that is not an object" };
  const tensors: Tensor[] = [];
  let claimed = 0;
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "__metadata__") continue;
    const { dtype, data_offsets: offsets } = (value ?? {}) as { dtype?: unknown; data_offsets?: unknown };
    const [from, to] = Array.isArray(offsets) && offsets.length === 2 ? (offsets as unknown[]) : [];
    const isInside =
      Number.isSafeInteger(from) &&
      Number.isSafeInteger(to) &&
      (from as number) >= 0 &&
      (from as number) <= (to as number) &&
      (to as number) <= dataBytes;
    if (typeof dtype !== "string" || !isInside)
      return { error: `names a tensor that lies outside of it: ${name.slice(0, 80)}` };
    const bytes = (to as number) - (from as number);
    claimed += bytes;
    tensors.push({ name, dtype, bytes });
  }
  return claimed <= dataBytes ? tensors : { error: "names more bytes than it holds" };
}
