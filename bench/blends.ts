import { hostedWeights, intelligence, llmApis } from "../catalog/index.ts";
import { type BlendCheck, blendChecks } from "../cost/compare/index.ts";
import { columns } from "../report/text/style.ts";

/** Month of the published table. */
const TABLE_MONTH = "2025-08";

/** The published blended prices beside list prices: of the same month row by row, of later months where they differ. */
export function blendsTable(): string {
  const checks = blendChecks(intelligence(), llmApis(), hostedWeights());
  const same = checks.filter(({ asOf }) => asOf.startsWith(TABLE_MONTH));
  const open = new Set(hostedWeights().map(({ apiModel }) => apiModel));
  const own = checks.filter((row) => !same.includes(row) && !open.has(row.apiModel));
  const off = own.filter((row) => Number(row.differenceUsd) !== 0);
  const hosts = checks.filter((row) => !same.includes(row) && open.has(row.apiModel));
  const models = [...new Set(hosts.map(({ model }) => model))];
  const spread = models.map((model) => {
    const rows = hosts.filter((row) => row.model === model);
    const listed = rows.map((row) => Number(row.listedUsdPerMtok)).sort((a, b) => a - b);
    const [low, high] = [listed[0]!, listed.at(-1)!].map((price) => price.toFixed(4));
    const count = rows.length === 1 ? "1 host" : `${rows.length} hosts`;
    return [model, rows[0]!.publishedUsdPerMtok, low === high ? low! : `${low} to ${high}`, count];
  });
  return [
    "list prices of the month of the table",
    ...columns([HEAD, ...same.map(cells)], [2, 3, 4]),
    "",
    `proprietary models, list prices of later days: ${own.length - off.length} of ${own.length} equal; the rest`,
    ...columns([HEAD, ...off.map(cells)], [2, 3, 4]),
    "",
    "open weights, list prices of later days",
    ...columns([["model of the table", "published", "listed", ""], ...spread], [1]),
    "",
  ].join("\n");
}

const HEAD = ["model of the table", "provider", "published", "listed", "difference", "day"];

function cells(row: BlendCheck): string[] {
  return [
    row.model,
    row.provider,
    row.publishedUsdPerMtok,
    row.listedUsdPerMtok,
    row.differenceUsd,
    row.asOf,
  ];
}
