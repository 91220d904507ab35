import { priceDocument } from "../../catalog/index.ts";
import { wrap } from "../../report/text/style.ts";
import { EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";

const REASONS: Record<string, string> = {
  "not-offered": "is not offered there",
  "capacity-block-only": "is sold in capacity blocks only, up front and at a rate that changes",
  "no-data": "has no price there in the catalogue",
};

/** `freehold price`: the on-demand price of one instance type. */
export function price(
  instance: string,
  flags: { region: string; output?: string; out?: string },
  io: Io,
): number {
  const kind = format(flags.output, ["text", "json"]);
  const result = priceDocument(instance, flags.region);
  if (!("schema" in result)) {
    const region = result.code === "unknown-region";
    throw usageError(
      result.code,
      `${region ? "region" : "instance"} ${region ? flags.region : instance} is not in the catalogue`,
      {
        path: region ? "--region" : "INSTANCE",
        value: region ? flags.region : instance,
        allowed: result.nearest,
        fix: result.nearest[0] ? `did you mean ${result.nearest[0]}?` : null,
      },
    );
  }
  emit(io, kind === "json" ? `${JSON.stringify(result, null, 2)}\n` : text(result), flags.out);
  return EXIT.ok;
}

function text(result: Extract<ReturnType<typeof priceDocument>, { schema: string }>): string {
  const { instance, region, onDemandUsdPerHour, source, asOf, reason, regionsWithPrice } = result;
  if (onDemandUsdPerHour === null) {
    const regions = wrap(
      `Regions with a price: ${regionsWithPrice.join(", ") || "none"}`,
      "",
      undefined,
      "  ",
    );
    return `${instance} in ${region}: unknown; it ${REASONS[reason ?? "no-data"]}.\n${regions}\n`;
  }
  const month = (Number(onDemandUsdPerHour) * 730).toLocaleString("en-US", { maximumFractionDigits: 2 });
  return `${instance} in ${region}: $${onDemandUsdPerHour} an hour on demand, $${month} for 730 hours\n${wrap(`source ${source}, ${asOf}`, "", undefined, "  ")}\n`;
}
