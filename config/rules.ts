import { type FreeholdError, freeholdError } from "./errors.ts";
import type { Finding } from "./finding.ts";
import { formatPath } from "./path.ts";
import type { Placing } from "./placing.ts";
import { loadRules } from "./rules-load.ts";
import type { ModelSpec } from "./schema.ts";
import type { Checkable } from "./sections.ts";
import { show } from "./show.ts";
import { timeZoneProblem } from "./time-zone.ts";

/** Retention periods that CloudWatch Logs accepts (PutRetentionPolicy). */
const RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What the schema cannot say: fields that depend on each other. A section that is null is not judged. */
export function crossRules(spec: Checkable, placing: Placing): FreeholdError[] {
  const found: Finding[] = [
    ...profileRules(spec),
    ...clusterRules(spec),
    ...modelRules(spec),
    ...(spec.load ? loadRules(spec.load, ["load"]) : []),
    ...timeRules(spec),
  ];
  const sure = found.filter(({ path, code }) => !placing.unsure(path, code === "missing"));
  return sure.map(({ path, ...rest }) =>
    freeholdError({
      ...rest,
      ...placing.locate(path, "value"),
      path: formatPath(path),
      value: rest.value ?? null,
      allowed: rest.allowed ?? null,
    }),
  );
}

function profileRules(spec: Checkable): Finding[] {
  if (spec.profiles === null || spec.profiles.length === 0) return [];
  const found: Finding[] = [];
  const names = spec.profiles.join(" and ");
  if (spec.residency?.allowedRegions.length === 0) {
    found.push({
      path: ["residency"],
      code: "missing",
      message: `profile ${names} needs residency.allowedRegions`,
      allowed: ["eea", "eu-adequate", "us", "eusc", "region names"],
      fix: "freehold:residency: { allowedRegions: eea }",
    });
  }
  if (spec.encryption?.customerKeys === false) {
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

function clusterRules(spec: Checkable): Finding[] {
  const found = networkRules(spec);
  if (spec.weights?.from === "pvc" && !spec.weights.claim)
    found.push({
      path: ["weights"],
      code: "missing",
      message: "weights.from pvc needs weights.claim, the name of the claim",
      fix: "claim: model-weights",
    });
  if (spec.cluster === null) return found;
  const existing = spec.cluster.kind === "existing";
  if (!existing && spec.aws === undefined)
    found.push({
      path: ["aws"],
      code: "missing",
      message: "cluster.kind eks needs aws.region and aws.accountId",
      fix: 'freehold:aws: { region: eu-central-1, accountId: "…" }',
    });
  if (existing && spec.aws)
    found.push({
      path: ["aws"],
      code: "conflict",
      message: "cluster.kind existing builds nothing in AWS",
      fix: "remove freehold:aws",
    });
  if (existing && spec.weights?.from === "s3")
    found.push({
      path: ["weights"],
      code: "conflict",
      message: "weights.from s3 needs the bucket that an eks stack builds",
      value: "s3",
      allowed: ["pvc", "hub"],
      fix: "freehold:weights: { from: pvc, claim: model-weights }",
    });
  if (spec.hardware && !existing)
    found.push({
      path: ["hardware"],
      code: "conflict",
      message: "hardware is the cost of owned nodes; an eks stack has none",
      fix: "remove freehold:hardware",
    });
  if (!existing && spec.layers && !spec.layers.includes("infrastructure"))
    found.push({
      path: ["layers"],
      code: "conflict",
      message: "an eks stack without its infrastructure layer would remove the cluster",
      value: spec.layers,
      fix: "freehold:layers: [infrastructure, kubernetes]",
    });
  if (existing && spec.layers && !spec.layers.includes("kubernetes"))
    found.push({
      path: ["layers"],
      code: "conflict",
      message: "on an existing cluster only the kubernetes layer can be built",
      value: spec.layers,
      fix: "freehold:layers: [kubernetes]",
    });
  return found;
}

/** The address block must be a private one, aligned to its size, and clear of the cluster's service addresses. */
function networkRules(spec: Checkable): Finding[] {
  if (spec.network === null) return [];
  const { cidr } = spec.network;
  const [address, bits] = cidr.split("/") as [string, string];
  const octets = address.split(".").map(Number) as [number, number, number, number];
  const finding = (message: string, fix: string): Finding => ({
    path: ["network", "cidr"],
    code: "invalid-value",
    message: `network.cidr ${cidr} ${message}`,
    value: cidr,
    allowed: ["10.0.0.0/8", "172.16.0.0/12 without 172.20", "192.168.0.0/16", "100.64.0.0/10"],
    fix,
  });
  const example = "cidr: 10.40.0.0/16";
  if (octets.some((octet) => octet > 255)) return [finding("is no IPv4 address block", example)];
  const [a, b, c, d] = octets;
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b < 128);
  if (!isPrivate) return [finding("is not private", example)];
  if (a === 172 && b === 20)
    return [finding("holds the cluster's service addresses (172.20.0.0/16)", example)];
  // From /16 to /20 the third octet's last 24 − bits bits belong to the hosts.
  const third = c - (c % 2 ** (24 - Number(bits)));
  if (third !== c || d !== 0)
    return [finding("does not begin at a block of its size", `cidr: ${a}.${b}.${third}.0/${bits}`)];
  return [];
}

function modelRules(spec: Checkable): Finding[] {
  const first = new Map<string, number>();
  return spec.models.flatMap((model, index): Finding[] => {
    const found: Finding[] = [];
    const { name } = model;
    const other = name === null ? undefined : first.get(name);
    if (other !== undefined)
      found.push({
        path: ["models", index, "name"],
        code: "duplicate",
        message: `models[${other}] is named ${show(name)} too`,
        value: name,
        fix: `name: ${name}-2`,
      });
    else if (name !== null) first.set(name, index);
    return "model" in model ? [...found, ...oneModel(model, index, spec)] : found;
  });
}

function oneModel(model: ModelSpec, index: number, spec: Checkable): Finding[] {
  const found: Finding[] = [];
  const { min, max } = model.replicas;
  if (max < min)
    found.push({
      path: ["models", index, "replicas", "max"],
      code: "conflict",
      message: `models[${index}].replicas.max ${max} is below replicas.min ${min}`,
      value: max,
      allowed: [`at least ${min}`],
      fix: `max: ${min}`,
    });
  const { onDemandReplicas, capacity } = model;
  if (onDemandReplicas > 0 && (capacity !== "spot" || spec.schedule || onDemandReplicas > min))
    found.push({
      path: ["models", index, "onDemandReplicas"],
      code: "conflict",
      message:
        capacity !== "spot"
          ? "onDemandReplicas counts with capacity spot only"
          : spec.schedule
            ? "onDemandReplicas are always there; a schedule takes every replica away"
            : `onDemandReplicas ${onDemandReplicas} is above replicas.min ${min}`,
      value: onDemandReplicas,
      fix: capacity === "spot" && !spec.schedule ? `onDemandReplicas: ${min}` : "remove onDemandReplicas",
    });
  const load = model.load ?? spec.load;
  if (load?.profile === "schedule" && spec.schedule === undefined)
    found.push({
      path: model.load ? ["models", index, "load", "profile"] : ["load", "profile"],
      code: "conflict",
      message: "profile schedule needs a schedule",
      value: "schedule",
      allowed: ["flat", "business-hours"],
      fix: "add freehold:schedule, or profile: business-hours",
    });
  if (model.load) found.push(...loadRules(model.load, ["models", index, "load"]));
  const tokens = load ? load.inputTokens + load.outputTokens : 0;
  if (tokens > model.context)
    found.push({
      path: ["models", index, "context"],
      code: "conflict",
      message: `the mean request has ${tokens} tokens; the context is ${model.context}`,
      value: model.context,
      allowed: [`at least ${tokens}`],
      fix: `context: ${tokens}`,
    });
  if (spec.cluster?.kind === "existing")
    for (const key of ["instance", "gpu"] as const)
      if (model[key] !== undefined)
        found.push({
          path: ["models", index, key],
          code: "conflict",
          message: `${key} chooses AWS machines; on an existing cluster cluster.nodes says what there is`,
          value: model[key],
          fix: `remove ${key}`,
        });
  return found;
}

function timeRules(spec: Checkable): Finding[] {
  const found: Finding[] = [];
  for (const key of ["logDays", "auditLogDays"] as const) {
    const days = spec.retention?.[key];
    if (days !== undefined && !RETENTION.includes(days)) {
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
      allowed: [`later than ${schedule.start}, on the same day`],
      fix: schedule.start < "19:00" ? 'end: "19:00"' : 'end: "23:59"',
    });
  const zone = schedule ? timeZoneProblem(schedule.timezone) : null;
  if (zone)
    found.push({
      path: ["schedule", "timezone"],
      code: "invalid-value",
      message: `schedule.timezone ${show(schedule?.timezone)} is no IANA time zone`,
      value: schedule?.timezone,
      allowed: ["names such as Europe/Dublin"],
      fix: zone.fix,
    });
  return found;
}
