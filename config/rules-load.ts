import type { Finding } from "./finding.ts";
import type { Path } from "./path.ts";
import type { StackSpec } from "./schema.ts";
import { show } from "./show.ts";
import { timeZoneProblem } from "./time-zone.ts";

type Load = NonNullable<StackSpec["load"]>;

/** What a profile needs, and what only it can use. */
const OWN_FIELDS = { hourly: ["weekday", "weekend"], file: ["requestsFile"] } as const;

const EXAMPLES = {
  weekday: "weekday: [0.1, 0.1, …] (24 shares)",
  weekend: "weekend: [0.1, 0.1, …] (24 shares)",
  requestsFile: "requestsFile: ./requests.csv",
} as const;

/** Fields of a load that depend on each other. */
export function loadRules(load: Load, path: Path): Finding[] {
  const found: Finding[] = [];
  const { profile } = load;
  for (const [owner, fields] of Object.entries(OWN_FIELDS))
    for (const field of fields) {
      const isGiven = load[field] !== undefined;
      if (owner === profile && !isGiven)
        found.push({
          path: [...path, "profile"],
          code: "missing",
          message: `profile ${profile} needs ${field}`,
          value: profile,
          fix: EXAMPLES[field],
        });
      if (owner !== profile && isGiven)
        found.push({
          path: [...path, field],
          code: "conflict",
          message: `${field} counts with profile ${owner} only; the profile is ${profile}`,
          value: load[field],
          fix: `profile: ${owner}, or remove ${field}`,
        });
    }
  const isFile = profile === "file";
  if (!isFile && load.requestsPerHour === undefined)
    found.push({
      path,
      code: "missing",
      message: "load needs requestsPerHour",
      fix: "requestsPerHour: 600",
    });
  if (isFile && load.requestsPerHour !== undefined)
    found.push({
      path: [...path, "requestsPerHour"],
      code: "conflict",
      message: "the file says how many requests arrive",
      value: load.requestsPerHour,
      fix: "remove requestsPerHour",
    });
  if (isFile && load.seasons.length > 0)
    found.push({
      path: [...path, "seasons"],
      code: "conflict",
      message: "the file holds its own seasons",
      value: load.seasons,
      fix: "remove seasons",
    });
  return [...found, ...seasonRules(load, path), ...zoneRules(load, path)];
}

function seasonRules(load: Load, path: Path): Finding[] {
  const owner = new Map<number, string>();
  return load.seasons.flatMap(({ name, months }, index) =>
    months.flatMap((month): Finding[] => {
      const other = owner.get(month);
      if (other === undefined) {
        owner.set(month, name);
        return [];
      }
      return [
        {
          path: [...path, "seasons", index, "months"],
          code: "duplicate",
          message: `month ${month} belongs to ${show(other)} already`,
          value: months,
          fix: `remove ${month} from one of them`,
        },
      ];
    }),
  );
}

function zoneRules({ timezone }: Load, path: Path): Finding[] {
  const problem = timezone === undefined ? null : timeZoneProblem(timezone);
  if (!problem) return [];
  return [
    {
      path: [...path, "timezone"],
      code: "invalid-value",
      message: `load.timezone ${show(timezone)} is no IANA time zone`,
      value: timezone,
      allowed: ["names such as Europe/Dublin"],
      fix: problem.fix,
    },
  ];
}
