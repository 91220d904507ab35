/**
 * Dated, sourced facts. Every function reads only its own data file, on the first call, and throws a
 * {@link CatalogError} when that file is damaged.
 */
import { openCatalog } from "./catalog.ts";
import { dataFolder } from "./load.ts";
import { type PriceDocument, type PriceError, priceDocumentFrom } from "./price.ts";

export { nearest } from "../config/nearest.ts";
export { parseCsv } from "./csv.ts";
export { CatalogError } from "./error.ts";
export { modelFolder, namesFolder } from "./model-folder.ts";
export {
  mergePrices,
  OWN_PRICES_FILE,
  type OwnPriceTable,
  ownPriceTable,
  piecesOf,
  readOwnPrices,
} from "./own-prices.ts";
export type { PriceDocument, PriceError } from "./price.ts";
export { type OwnPrice, type PriceListError, type ReservedPrice, readPriceList } from "./price-list.ts";
export { parseRequests, type RequestsError, type RequestsFile, requestsFile } from "./requests-file.ts";
export type * from "./types.ts";
export { FREEHOLD_VERSION } from "./version.ts";

const bundled = openCatalog(dataFolder);

export const {
  regions,
  region,
  expandRegionSet,
  hipaaService,
  hipaaServicesAsOf,
  instances,
  instance,
  instancePrice,
  instancePrices,
  regionsWithPrice,
  useOwnPrices,
  ownPrice,
  gpus,
  gpu,
  models,
  model,
  similarModels,
  llmApis,
  hostedWeights,
  llmTerms,
  intelligence,
  guideFigure,
  spotInterruption,
  engines,
  engine,
  charts,
  chart,
  amis,
  ami,
  kubernetesVersions,
  kubernetesVersion,
  servicePrice,
  catalogAsOf,
} = bundled;

/** The answer of `freehold price`: see {@link priceDocumentFrom}. */
export function priceDocument(instance: string, region: string): PriceDocument | PriceError {
  return priceDocumentFrom(bundled, instance, region);
}
