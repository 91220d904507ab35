import { catalogAsOf, FREEHOLD_VERSION } from "../../catalog/index.ts";
import { json, wrap } from "../../report/index.ts";
import type { ImagesDocument } from "../../report/schema/facts.ts";
import { EXIT, type Io } from "../io.ts";
import { emit, format } from "../output.ts";
import { loadAndPlan, mustFit, type StackFlags } from "../pipeline.ts";

/** `freehold images`: engine images with digest; charts, whose own images are not in the catalogue. */
export async function images(flags: StackFlags & { output?: string; out?: string }, io: Io): Promise<number> {
  const kind = format(flags.output, ["text", "json"]);
  const { plan } = await loadAndPlan(flags, io);
  mustFit(plan);
  const engines = [...new Set(plan.models.map((model) => model.image))].map((image) => {
    const [reference, digest] = image.split("@") as [string, string | undefined];
    return {
      image: reference,
      digest: digest ?? null,
      reason: digest ? null : "no digest is known",
      usedBy: plan.models.filter((m) => m.image === image).map((m) => m.name),
    };
  });
  const charts = plan.charts.map((chart) => ({
    chart: chart.name,
    repository: chart.repository,
    version: chart.version,
    images: null,
    reason: "the images of third-party charts are not in the catalogue; list them with `helm template`",
  }));
  const document: ImagesDocument = {
    schema: "freehold.images/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: catalogAsOf(),
    stack: flags.stack,
    engines,
    charts,
  };
  const text = [
    "Engine images",
    ...engines.flatMap((entry) => [
      `  ${entry.image}`,
      `    ${entry.digest ?? "no digest is known"}`,
      `    used by ${entry.usedBy.join(", ")}`,
    ]),
    ...(charts.length > 0
      ? [
          "Charts",
          ...charts.map((entry) => `  ${entry.chart} ${entry.version}  ${entry.repository}`),
          wrap(charts[0]!.reason, "  "),
        ]
      : []),
  ].join("\n");
  emit(io, kind === "json" ? json(document) : text, flags.out);
  return EXIT.ok;
}
