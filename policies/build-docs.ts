/** Part of `npm run docs:build`: writes docs/controls.md from the rules and the framework tables. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { controlsDocument } from "./controls.ts";

writeFileSync(join(import.meta.dirname, "../docs/controls.md"), controlsDocument());
