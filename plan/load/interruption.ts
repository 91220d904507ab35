import { spotInterruption } from "../../catalog/index.ts";

/** How often a spot node is reclaimed. */
export interface Interruption {
  /** Share of the nodes in a month; null = not known. */
  perMonth: number | null;
  /** The published band, such as ">20%". */
  band: string | null;
}

/**
 * The upper end of the published band; of a band that is open above, its lower end, which is then the least.
 */
export function interruptionOf(instance: string | null, region: string | null): Interruption {
  const row = instance && region ? spotInterruption(instance, region) : null;
  if (!row) return { perMonth: null, band: null };
  const figures = [...row.band.matchAll(/\d+(\.\d+)?/g)].map(([text]) => Number(text) / 100);
  return { perMonth: figures.length > 0 ? Math.max(...figures) : null, band: row.band };
}
