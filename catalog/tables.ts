/** How the data files look on disk where that differs from the row types, and what every row must hold. */

/** prices.json: prices by type and region; the third item of a price points into `sources`. */
export interface PriceTable {
  sources: [source: string, asOf: string][];
  rows: {
    type: string;
    prices: Record<string, [onDemand: string | null, spot: string | null, source: number]>;
    /** Regions that the sources cover without a row of this type. */
    notOffered: string[];
  }[];
}

/** Kinds of value: s text, n number, b flag, a list of text, p pair of numbers, o object; a `?` allows null. */
type Kind = "s" | "n" | "b" | "a" | "p" | "o" | "s?" | "n?" | "b?" | "a?";

/** The fields that are checked on each row when a file is read. */
export const FIELDS: Record<string, Record<string, Kind>> = {
  regions: {
    region: "s",
    name: "s",
    country: "s",
    partition: "s",
    eea: "b",
    sets: "a",
    availabilityZones: "a?",
  },
  instances: {
    type: "s",
    vcpu: "n",
    memoryGib: "n",
    gpu: "s?",
    gpus: "n",
    allocatableMib: "n?",
    nvmeGb: "n?",
    arch: "s",
    efa: "n",
  },
  gpus: {
    name: "s",
    nameplateGib: "n",
    visibleGib: "p",
    bandwidthGBps: "n",
    fp16Tflops: "n",
    fp8Tflops: "n?",
    int8Tflops: "n?",
    computeCapability: "n",
    linkGBps: "n",
    link: "s",
    note: "s?",
  },
  models: {
    repo: "s",
    revision: "s?",
    paramsTotalB: "n?",
    paramsActiveB: "n?",
    paramsBasis: "s",
    layers: "n",
    hiddenSize: "n",
    intermediateSize: "n?",
    moeIntermediateSize: "n?",
    attentionHeads: "n",
    kvHeads: "n?",
    headDim: "n?",
    vocabSize: "n?",
    maxPositionEmbeddings: "n?",
    attentionType: "s",
    slidingWindow: "n?",
    fullAttentionLayers: "n?",
    slidingOrLinearLayers: "n?",
    kvLoraRank: "n?",
    qkRopeHeadDim: "n?",
    moeExperts: "n?",
    moeTopK: "n?",
    sharedExperts: "n?",
    tieWordEmbeddings: "b?",
    weightsDtype: "s",
    quantMethod: "s?",
    quantGroupSize: "n?",
    license: "s?",
    checkpointGib: "n?",
    checkpointNote: "s?",
    kvBytesPerTokenBf16Tp1: "n?",
  },
  "llm-apis": {
    provider: "s",
    model: "s",
    inputUsdPerMtok: "s?",
    outputUsdPerMtok: "s?",
    cachedInputUsdPerMtok: "s?",
    contextWindow: "n?",
  },
  "llm-weights": { apiModel: "s", repo: "s" },
  "llm-terms": { provider: "s", term: "s", value: "s", note: "s?" },
  intelligence: {
    model: "s",
    index: "n",
    blendedUsdPerMtok: "s?",
    usdPerPoint: "s?",
    apiModels: "a",
    repo: "s?",
  },
  "hipaa-services": { module: "s", service: "s", except: "s?" },
  guides: { key: "s", value: "s", unit: "s", note: "s?" },
  "spot-interruptions": { instance: "s", region: "s", band: "s" },
  engines: {
    version: "s",
    image: "s",
    digest: "s?",
    cuda: "s",
    driverFloor: "s",
    computeCapabilityFloor: "n",
    gpuMemoryUtilizationDefault: "n",
    cudaGraphsInBudget: "b",
    removedFlags: "a",
    pluginFormats: "a",
  },
  charts: { name: "s", repository: "s", version: "s", namespace: "s", footprint: "o" },
  amis: { amiType: "s", release: "s?", driver: "s", kubernetes: "s?", note: "s?" },
  kubernetes: { minor: "s", released: "s", standardSupportEnds: "s", extendedSupportEnds: "s" },
  "service-prices": { key: "s", region: "s", unit: "s", unitPriceUsd: "s", note: "s?" },
};

function isKind(value: unknown, kind: Kind): boolean {
  if (value === null) return kind.endsWith("?");
  switch (kind[0]) {
    case "s":
      return typeof value === "string" && value !== "";
    case "n":
      return typeof value === "number" && value >= 0;
    case "b":
      return typeof value === "boolean";
    case "p":
      return Array.isArray(value) && value.length === 2 && value.every((v) => typeof v === "number" && v > 0);
    case "a":
      return Array.isArray(value) && value.every((v) => typeof v === "string");
    default:
      return typeof value === "object";
  }
}

const SOURCED: Record<string, Kind> = { source: "s", asOf: "s" };

/** The first field of a row that is missing or of the wrong kind; null when the row is sound. */
export function badField(row: unknown, fields: Record<string, Kind>): string | null {
  if (typeof row !== "object" || row === null) return "(the row itself)";
  const cells = row as Record<string, unknown>;
  for (const kinds of [fields, SOURCED]) {
    for (const name in kinds)
      if (cells[name] === undefined || !isKind(cells[name], kinds[name]!)) return name;
  }
  return /^\d{4}-\d{2}-\d{2}$/.test(cells["asOf"] as string) ? null : "asOf";
}

const DECIMAL = /^\d+(\.\d+)?$/;

/** As {@link badField}, for a row of prices.json. */
export function badPriceField(row: unknown, sources: number): string | null {
  if (typeof row !== "object" || row === null) return "(the row itself)";
  const { type, prices, notOffered } = row as Record<string, unknown>;
  if (!isKind(type, "s")) return "type";
  if (!isKind(notOffered, "a")) return "notOffered";
  if (typeof prices !== "object" || prices === null) return "prices";
  for (const [region, cell] of Object.entries(prices)) {
    if (!Array.isArray(cell) || cell.length !== 3) return `prices.${region}`;
    const [onDemand, spot, source] = cell;
    for (const price of [onDemand, spot]) {
      if (price !== null && (typeof price !== "string" || !DECIMAL.test(price))) return `prices.${region}`;
    }
    if (!Number.isInteger(source) || source < 0 || source >= sources) return `prices.${region}`;
  }
  return null;
}
