import { buildInstances, buildPrices } from "./instances.ts";
import {
  buildGuides,
  buildHostedWeights,
  buildIntelligence,
  buildLlmApis,
  buildLlmTerms,
  buildSpotInterruptions,
} from "./market.ts";
import {
  buildAmis,
  buildCharts,
  buildEngines,
  buildGpus,
  buildHipaaServices,
  buildKubernetes,
  buildModels,
  buildRegions,
  buildServicePrices,
} from "./tables.ts";

/**
 * All data files of the catalogue from the source tables, as text by file name. The same sources give the same
 * bytes: no clock, no order that depends on the machine.
 */
export function generate(): Map<string, string> {
  const tables: Record<string, { asOf: string }[]> = {
    regions: buildRegions(),
    "hipaa-services": buildHipaaServices(),
    instances: buildInstances(),
    gpus: buildGpus(),
    models: buildModels(),
    "llm-apis": buildLlmApis(),
    "llm-weights": buildHostedWeights(),
    "llm-terms": buildLlmTerms(),
    intelligence: buildIntelligence(),
    guides: buildGuides(),
    "spot-interruptions": buildSpotInterruptions(),
    engines: buildEngines(),
    charts: buildCharts(),
    amis: buildAmis(),
    kubernetes: buildKubernetes(),
    "service-prices": buildServicePrices(),
  };
  const prices = buildPrices();
  const files = new Map<string, string>();
  for (const [name, rows] of Object.entries(tables)) files.set(`${name}.json`, `{"rows":${lines(rows)}}\n`);
  files.set("prices.json", `{"sources":${lines(prices.sources)},\n"rows":${lines(prices.rows)}}\n`);
  const dates = [
    ...Object.values(tables).flatMap((rows) => rows.map((row) => row.asOf)),
    ...prices.sources.map(([, d]) => d),
  ];
  files.set("meta.json", `${JSON.stringify({ asOf: dates.sort().at(-1) })}\n`);
  return files;
}

/** One row a line: compact, and a change of one fact is a change of one line. */
function lines(rows: readonly unknown[]): string {
  return `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]`;
}
