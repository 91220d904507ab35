import {
  engine as engineOf,
  engines,
  expandRegionSet,
  gpu as gpuNamed,
  gpus,
  instance as instanceNamed,
  instancePrice,
  instances,
  nearest,
  region as regionNamed,
  regions,
  regionsWithPrice,
} from "../catalog/index.ts";
import type { ModelSpec, StackSpec } from "../config/index.ts";
import { wrongRequests } from "./load/file.ts";
import { shapeOf } from "./models.ts";

/** Something a stack names that is not there, or not where the stack wants it: an input to correct. */
export interface WrongChoice {
  code: string;
  /** Keys and indices from the root of the stack. */
  path: (string | number)[];
  /** Name of the model it belongs to; null for the whole stack. */
  model: string | null;
  message: string;
  value: unknown;
  /** The nearest names, or the places where the thing is. */
  allowed: string[];
  /** Where it stands, if not in the stack file itself. */
  at?: { file: string; line: number | null; col: number | null; fix: string };
}

const REGION_SETS = ["eea", "eu-adequate", "us", "eusc"];

/**
 * Every name of a stack that the catalogue does not know, every machine that its region does not offer, and a region
 * outside the allowed ones: what needs no arithmetic to be refused.
 */
export function wrongChoices(spec: StackSpec): WrongChoice[] {
  return [
    ...regionChoices(spec),
    ...platformChoices(spec),
    ...spec.models.flatMap((m, i) => ofModel(m, i, spec)),
    ...wrongRequests(spec).map(({ path, model, file, error }) => ({
      code: "requests-file",
      path,
      model,
      message: error.message,
      value: error.value,
      allowed: error.allowed,
      ...(error.line !== null && { at: { file, line: error.line, col: error.col, fix: error.fix } }),
    })),
  ];
}

function regionChoices(spec: StackSpec): WrongChoice[] {
  const found: WrongChoice[] = [];
  const names = regions().map((row) => row.region);
  const boundary = expandRegionSet(spec.residency.allowedRegions);
  for (const unknown of boundary.unknown)
    found.push({
      code: "region-unknown",
      path: ["residency", "allowedRegions"],
      model: null,
      message: `residency.allowedRegions: ${unknown} is neither a region nor a set`,
      value: unknown,
      allowed: nearest(unknown, [...names, ...REGION_SETS], 3),
    });
  if (!spec.aws) return found;
  const { region } = spec.aws;
  const path = ["aws", "region"];
  if (!regionNamed(region))
    found.push({
      code: "region-unknown",
      path,
      model: null,
      message: `aws.region: ${region} is not in the catalogue`,
      value: region,
      allowed: nearest(region, names, 3),
    });
  else if (boundary.regions.length > 0 && boundary.unknown.length === 0 && !boundary.regions.includes(region))
    found.push({
      code: "region-not-allowed",
      path,
      model: null,
      message: `aws.region: ${region} is outside residency.allowedRegions`,
      value: region,
      allowed: boundary.regions,
    });
  return found;
}

function platformChoices(spec: StackSpec): WrongChoice[] {
  const found: WrongChoice[] = [];
  const { version } = spec.engine;
  if (!engineOf(version))
    found.push({
      code: "engine-unknown",
      path: ["engine", "version"],
      model: null,
      message: `vLLM ${version} is not in the catalogue`,
      value: version,
      allowed: engines().map((row) => row.version),
    });
  if (spec.cluster.kind === "eks" && !instanceNamed(spec.cluster.systemNodes.instance)) {
    const { instance } = spec.cluster.systemNodes;
    found.push({
      code: "instance-unknown",
      path: ["cluster", "systemNodes", "instance"],
      model: null,
      message: `cluster.systemNodes.instance: ${instance} is not in the catalogue`,
      value: instance,
      allowed: nearest(
        instance,
        instances().map((row) => row.type),
        3,
      ),
    });
  }
  if (spec.cluster.kind === "existing" && !gpuNamed(spec.cluster.nodes.gpu)) {
    const { gpu } = spec.cluster.nodes;
    found.push({
      code: "gpu-unknown",
      path: ["cluster", "nodes", "gpu"],
      model: null,
      message: `cluster.nodes.gpu: ${gpu} is not in the catalogue`,
      value: gpu,
      allowed: nearest(
        gpu,
        gpus().map((row) => row.name),
        3,
      ),
    });
  }
  return found;
}

function ofModel(model: ModelSpec, index: number, spec: StackSpec): WrongChoice[] {
  const found: WrongChoice[] = [];
  const wrong = (key: "model" | "gpu" | "instance", code: string, message: string, allowed: string[]) =>
    found.push({
      code,
      path: ["models", index, key],
      model: model.name,
      message,
      value: model[key],
      allowed,
    });
  const shape = shapeOf(model);
  if ("code" in shape) wrong("model", shape.code, shape.message, shape.allowed);
  if (model.gpu !== undefined && !gpuNamed(model.gpu)) {
    const close = nearest(
      model.gpu,
      gpus().map((row) => row.name),
      3,
    );
    wrong("gpu", "gpu-unknown", `gpu ${model.gpu} is not in the catalogue`, close);
  }
  if (model.instance === undefined || !spec.aws) return found;
  const { instance } = model;
  const row = instanceNamed(instance);
  if (!row) {
    const close = nearest(
      instance,
      instances().map((entry) => entry.type),
      3,
    );
    wrong("instance", "instance-unknown", `instance ${instance} is not in the catalogue`, close);
  } else if (!row.gpu) {
    wrong("instance", "instance-without-gpu", `instance ${instance} has no NVIDIA GPU`, []);
  } else {
    const { onDemandUsdPerHour, reason } = instancePrice(instance, spec.aws.region);
    if (onDemandUsdPerHour === null && reason === "not-offered")
      wrong(
        "instance",
        "instance-not-offered",
        `instance ${instance} is not offered in ${spec.aws.region}; regions that have a price are listed`,
        regionsWithPrice(instance),
      );
  }
  return found;
}
