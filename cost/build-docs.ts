/** Part of `npm run docs:build`: writes the section "What is priced" of docs/cost.md from the tables. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { servicePrice } from "../catalog/index.ts";
import { coverage } from "./coverage.ts";
import { counts, withPricedSection } from "./priced-docs.ts";

const file = join(import.meta.dirname, "../docs/cost.md");
writeFileSync(file, withPricedSection(readFileSync(file, "utf8")));
const { covered, free, unknown } = counts(coverage({ servicePrice }));
process.stdout.write(
  `docs/cost.md: ${covered} AWS types covered, ${free} free, ${unknown} without a price\n`,
);
