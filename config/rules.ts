import { type FreeholdError, freeholdError } from "./errors.ts";
import type { Placing } from "./issues.ts";
import { formatPath, type Path } from "./path.ts";
import type { StackSpec } from "./schema.ts";

/** Retention periods that CloudWatch Logs accepts (PutRetentionPolicy). */
const RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

interface Finding {
  path: Path;
  code: string;
  message: string;
  value?: unknown;
  allowed?: string[];
  fix: string;
}

/** What the schema cannot say: fields that depend on each other. */
export function crossRules(spec: StackSpec, placing: Placing): FreeholdError[] {
  const found: Finding[] = [
    ...profileRules(spec),
    ...clusterRules(spec),
    ...modelRules(spec),
    ...timeRules(spec),
  ];
  return found.map(({ path, ...rest }) =>
    freeholdError({
      ...rest,
      file: placing.file,
      ...placing.locate(path, "value"),
      path: formatPath(path),
      value: rest.value ?? null,
      allowed: rest.allowed ?? null,
    }),
  );
}

function profileRules(spec: StackSpec): Finding[] {
  if (spec.profiles.length === 0) return [];
  const found: Finding[] = [];
  const names = spec.profiles.join(" and ");
  const { allowedRegions } = spec.residency;
  if (allowedRegions.length === 0) {
    found.push({
      path: ["residency"],
      code: "missing",
      message: `profile ${names} needs residency.allowedRegions`,
      allowed: ["eea", "eu-adequate", "us", "eusc", "region names"],
      fix: "residency: { allowedRegions: eea }",
    });
  }
  if (!spec.encryption.customerKeys) {
    found.push({
      path: ["encryption", "customerKeys"],
      code: "conflict",
      message: `profile ${names} needs customer-managed keys`,
      value: false,
      fix: "customerKeys: true",
    });
  }
  return found;
}

function clusterRules(spec: StackSpec): Finding[] {
  const found: Finding[] = [];
  const existing = spec.cluster.kind === "existing";
  if (!existing && !spec.aws)
    found.push({
      path: ["aws"],
      code: "missing",
      message: "cluster.kind eks needs aws.region and aws.accountId",
      fix: 'aws: { region: eu-central-1, accountId: "…" }',
    });
  if (existing && spec.aws)
    found.push({
      path: ["aws"],
      code: "conflict",
      message: "cluster.kind existing builds nothing in AWS",
      fix: "remove aws",
    });
  if (existing && spec.weights.from === "s3")
    found.push({
      path: ["weights"],
      code: "conflict",
      message: "weights.from s3 needs the bucket that an eks stack builds",
      value: "s3",
      allowed: ["pvc", "hub"],
      fix: "weights: { from: pvc, claim: model-weights }",
    });
  if (spec.weights.from === "pvc" && !spec.weights.claim)
    found.push({
      path: ["weights"],
      code: "missing",
      message: "weights.from pvc needs weights.claim, the name of the claim",
      fix: "claim: model-weights",
    });
  if (spec.hardware && !existing)
    found.push({
      path: ["hardware"],
      code: "conflict",
      message: "hardware is the cost of owned nodes; an eks stack has none",
      fix: "remove hardware",
    });
  if (!existing && !spec.layers.includes("infrastructure"))
    found.push({
      path: ["layers"],
      code: "conflict",
      message: "an eks stack without its infrastructure layer would remove the cluster",
      value: spec.layers,
      fix: "layers: [infrastructure, kubernetes]",
    });
  const [a, b] = spec.network.cidr.split(".").map(Number) as [number, number];
  if (
    !(
      a === 10 ||
      (a === 172 && b >= 16 && b < 32 && b !== 20) ||
      (a === 192 && b === 168) ||
      (a === 100 && b >= 64 && b < 128)
    )
  ) {
    found.push({
      path: ["network", "cidr"],
      code: "invalid-value",
      message: `network.cidr ${spec.network.cidr} is not private, or holds the cluster's service addresses (172.20.0.0/16)`,
      value: spec.network.cidr,
      allowed: ["10.0.0.0/8", "172.16.0.0/12 without 172.20", "192.168.0.0/16", "100.64.0.0/10"],
      fix: "cidr: 10.40.0.0/16",
    });
  }
  return found;
}

function modelRules(spec: StackSpec): Finding[] {
  const seen = new Map<string, number>();
  return spec.models.flatMap((model, index): Finding[] => {
    const found: Finding[] = [];
    const first = seen.get(model.name);
    if (first !== undefined)
      found.push({
        path: ["models", index, "name"],
        code: "duplicate",
        message: `models[${first}] is named ${model.name} too`,
        value: model.name,
        fix: `name: ${model.name}-2`,
      });
    seen.set(model.name, first ?? index);
    const load = model.load ?? spec.load;
    if (load?.profile === "schedule" && !spec.schedule)
      found.push({
        path: ["models", index, "load", "profile"],
        code: "conflict",
        message: "profile schedule needs a schedule",
        value: "schedule",
        allowed: ["flat", "business-hours"],
        fix: "add schedule, or profile: business-hours",
      });
    if (load && load.inputTokens + load.outputTokens > model.context)
      found.push({
        path: ["models", index, "context"],
        code: "conflict",
        message: `the mean request has ${load.inputTokens + load.outputTokens} tokens; the context is ${model.context}`,
        value: model.context,
        fix: `context: ${load.inputTokens + load.outputTokens}`,
      });
    if (spec.cluster.kind === "existing" && (model.instance || model.gpu))
      found.push({
        path: ["models", index],
        code: "conflict",
        message:
          "instance and gpu choose AWS machines; on an existing cluster cluster.nodes says what there is",
        fix: "remove instance and gpu",
      });
    return found;
  });
}

function timeRules(spec: StackSpec): Finding[] {
  const found: Finding[] = [];
  for (const key of ["logDays", "auditLogDays"] as const) {
    const days = spec.retention[key];
    if (!RETENTION.includes(days)) {
      const next = RETENTION.find((entry) => entry >= days) ?? RETENTION.at(-1)!;
      found.push({
        path: ["retention", key],
        code: "invalid-value",
        message: `CloudWatch keeps logs for fixed periods; ${days} days is none of them`,
        value: days,
        allowed: RETENTION.map(String),
        fix: `${key}: ${next}`,
      });
    }
  }
  const { schedule } = spec;
  if (schedule && schedule.end <= schedule.start)
    found.push({
      path: ["schedule", "end"],
      code: "conflict",
      message: `schedule.end ${schedule.end} is not after start ${schedule.start}`,
      value: schedule.end,
      fix: 'end: "19:00"',
    });
  if (schedule && !isTimeZone(schedule.timezone))
    found.push({
      path: ["schedule", "timezone"],
      code: "invalid-value",
      message: `${schedule.timezone} is no IANA time zone`,
      value: schedule.timezone,
      allowed: ["names such as Europe/Dublin"],
      fix: "timezone: UTC",
    });
  return found;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
