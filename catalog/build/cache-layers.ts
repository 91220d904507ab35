import type { CacheLayers } from "../types.ts";
import type { SourceRow } from "./read.ts";

const FULL = /^(\d+) full (\d+)x(\d+)$/;
const WINDOW = /^(\d+) (window|chunk) (\d+) (\d+)x(\d+)$/;
const LATENT = /^(\d+) latent (\d+)(?:\+(\d+))?$/;
const STATE = /^(\d+) state (\d+)x(\d+) (\d+)x(\d+)x(\d+) (bf16|fp32)$/;

/**
 * Reads the column `cache_layers`: kinds of layers parted by `|`, each one of
 *
 * ```
 * 10 full 4x512                         KV heads x head size
 * 50 window 1024 16x256                 window, KV heads x head size; `chunk` likewise
 * 11 latent 576+33                      width of the one cached vector, bytes of an index beside it
 * 48 state 10240x3 48x128x128 fp32      channels x past tokens, heads x head size x state size, type
 * ```
 */
export function cacheLayers(row: SourceRow): CacheLayers[] | null {
  const cell = row.optional("cache_layers");
  if (cell === null) return null;
  return cell.split("|").map((part) => {
    const text = part.trim();
    const numbers = (match: RegExpExecArray) => match.slice(1).map(Number);
    let match = FULL.exec(text);
    if (match) {
      const [layers, kvHeads, headDim] = numbers(match) as [number, number, number];
      return { layers, kind: "full", kvHeads, headDim };
    }
    match = WINDOW.exec(text);
    if (match) {
      const [layers, , window, kvHeads, headDim] = numbers(match) as [number, number, number, number, number];
      return { layers, kind: match[2] as "window" | "chunk", window, kvHeads, headDim };
    }
    match = LATENT.exec(text);
    if (match) {
      const [layers, width, indexBytes] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
      return { layers, kind: "latent", width, indexBytes };
    }
    match = STATE.exec(text);
    if (!match) return row.fail(`cache_layers cannot be read: ${text}`);
    const [layers, convChannels, convTokens, heads, headDim, stateDim] = numbers(match) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const stateBytes = match[7] === "fp32" ? 4 : 2;
    return {
      layers,
      kind: "state",
      state: { convChannels, convTokens, heads, headDim, stateDim, stateBytes },
    };
  });
}
