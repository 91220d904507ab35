/**
 * `npm run compare:peers`: the measured rows of `npm run accuracy`, answered by aiconfigurator and by two rules besides
 * Freehold. Needs Python 3.11 to 3.13, and the network the first time.
 */
import { cpus } from "node:os";
import { predictAll } from "./answers.ts";
import { PACKAGE, pythonVersion } from "./environment.ts";
import { accuracyTable, reasonsTable, settingsTable, sizes, speedTable } from "./report.ts";

const { rows, seconds } = predictAll();
const answered = rows.filter(({ peer }) => peer !== null);
const rest = rows.filter(({ peer }) => peer === null).map(({ errors }) => errors.freehold);
console.log(
  [
    "## Output tokens per second, the same rows\n",
    `${new Date().toISOString().slice(0, 10)}; ${PACKAGE}, ${pythonVersion()}, Node ${process.versions.node}; ${cpus().length} cores, ${cpus()[0]?.model ?? "processor not known"}.\n`,
    `${rows.length} rows; aiconfigurator answers ${answered.length}. Median / 90th percentile of |predicted ÷ measured − 1|.\n`,
    accuracyTable(answered),
    "### Rows that aiconfigurator does not answer\n",
    reasonsTable(rows),
    `Freehold on those ${rest.length} rows: ${sizes(rest)}.\n`,
    "### Other ways to ask aiconfigurator\n",
    settingsTable(rows),
    "### Seconds an estimate\n",
    speedTable(rows, seconds),
  ].join("\n"),
);
