// How well the throughput model does on the public measurements of catalog/sources: `npm run calibrate`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as catalog from "../catalog/index.ts";
import { accuracyTable, accuracyText, calibration } from "../plan/fit/index.ts";

const table = join(import.meta.dirname, "..", "catalog", "sources", "measured-throughput.csv");
const { roofline, anchored } = calibration(readFileSync(table, "utf8"), {
  ...catalog,
  cheapestPrice: () => null,
});
console.log(accuracyText("Roofline alone", accuracyTable(roofline)));
console.log(accuracyText("\nLeaning on the other measured rows", accuracyTable(anchored)));
