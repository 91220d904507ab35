import { readFileSync, writeFileSync } from "node:fs";
import { generate } from "./generate.ts";

/**
 * Writes catalog/data from catalog/sources. With `--check` it writes nothing and exits 1 naming each file that
 * would change.
 */
const check = process.argv.includes("--check");
const stale: string[] = [];
for (const [name, text] of generate()) {
  const file = new URL(`../data/${name}`, import.meta.url);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) stale.push(`catalog/data/${name}`);
}
if (stale.length > 0) {
  console.error(`not what the sources give: ${stale.join(", ")}; run npm run catalog:build`);
  process.exitCode = 1;
}
