/** Inference profiles of Bedrock that send prompts to other regions than the one they are called in. */
import { type Region, regions } from "../../../catalog/index.ts";
import { isSecret, isUnknown, lookup, type Resource, walk } from "../../../graph/index.ts";
import type { PolicyParams, Rule } from "../../types.ts";
import { type Found, ofType, refsAt, rule } from "../helpers.ts";
import { objects, pathIn } from "../k8s/objects.ts";
import { podSpecs } from "../k8s/workloads.ts";
import { asText } from "../text.ts";
import { allowed, judge, names, OUTSIDE } from "./boundary.ts";
import { arnsIn } from "./regions.ts";

/**
 * Prefixes of system-defined profiles with the regions that a request may be handled in. A geographic profile stays
 * in the regions of its geography, a global one may go to every commercial region
 * (docs.aws.amazon.com/bedrock: geographic-cross-region-inference, inference-profiles-support; prefixes as in
 * CrossRegionInferenceProfileRegion of @aws-cdk/aws-bedrock-alpha). What single profiles really use changes by model
 * and source region, so that the whole geography counts.
 */
const GEOGRAPHIES: Record<string, () => string[]> = {
  us: () => within(({ country, partition }) => country === "US" && partition === "aws"),
  "us-gov": () => within(({ partition }) => partition === "aws-us-gov"),
  eu: () => within(({ eea, partition }) => eea && partition === "aws"),
  apac: () => within(({ region, partition }) => region.startsWith("ap-") && partition === "aws"),
  jp: () => within(({ country }) => country === "JP"),
  au: () => within(({ country }) => country === "AU"),
  global: () => within(({ partition }) => partition === "aws"),
};

function within(test: (region: Region) => boolean): string[] {
  return regions()
    .filter(test)
    .map(({ region }) => region);
}

const PREFIXES = Object.keys(GEOGRAPHIES).join("|");
/** A model id with a prefix, bare or at the end of a profile's ARN: eu.anthropic.claude-sonnet-4-5-20250929-v1:0. */
const PROFILE = new RegExp(
  `(?:^|[^a-z0-9.-])(${PREFIXES})\\.(?:ai21|amazon|anthropic|cohere|deepseek|luma|meta|mistral|openai|qwen|stability|twelvelabs|writer)\\.[a-z0-9][a-z0-9.:-]*`,
  "gi",
);
/** Names of variables and flags behind which a model id may stand. */
const NAMES_MODEL = /model|bedrock|inference[-_]?profile/i;

export const inferenceProfiles: Rule = rule(
  "RES-23",
  "Model calls stay inside the boundary",
  "No inference profile of Bedrock, as a resource or as a model id in a workload or ConfigMap, may send prompts to a region that is not allowed.",
  (found, graph, params) => {
    for (const profile of ofType(graph, "bedrock.InferenceProfile")) {
      found.concerns();
      const path = "modelSource.copyFrom";
      const source = lookup(profile.props, path);
      if (source.state === "known") {
        for (const arn of arnsIn(asText(source.value)))
          if (arn.region !== "" && arn.region !== "*")
            judge(found, profile, path, arn.region, params, "a model of region");
        judgeText(found, profile, path, asText(source.value), params);
      } else if (refsAt(profile, path).length === 0 || source.state !== "unknown")
        found.unknown(profile, path, "the model behind the profile is not known yet");
      else if (refsAt(profile, path).some((urn) => !graph.byUrn.get(urn)?.type.startsWith("aws:bedrock/")))
        found.unknown(profile, path, "the model behind the profile comes from no profile of this graph");
    }
    for (const { resource, containers } of podSpecs(graph).pods)
      for (const { path } of containers) judgeContainer(found, resource, path, params);
    for (const map of objects(graph, { ConfigMap: [""] }).found) {
      const at = pathIn(map, "data");
      const data = lookup(map.resource.props, at);
      if (data.state !== "known") continue;
      walk(
        data.value,
        (path, leaf) => {
          if (typeof leaf === "string") judgeText(found, map.resource, path, leaf, params);
          else if (isHidden(leaf) && NAMES_MODEL.test(path.slice(at.length)))
            found.unknown(map.resource, path, "a value that may name a model is not known yet");
        },
        at,
      );
    }
  },
);

function isHidden(leaf: unknown): boolean {
  return isUnknown(leaf) || isSecret(leaf);
}

/** Environment, command and arguments. A hidden value counts where its name or its flag speaks of a model. */
function judgeContainer(found: Found, resource: Resource, container: string, params: PolicyParams): void {
  const env = lookup(resource.props, `${container}.env`);
  if (env.state === "known" && Array.isArray(env.value))
    for (let index = 0; index < env.value.length; index++) {
      const path = `${container}.env[${index}].value`;
      const value = lookup(resource.props, path);
      const name = lookup(resource.props, `${container}.env[${index}].name`);
      if (value.state === "known") judgeText(found, resource, path, asText(value.value), params);
      else if (value.state !== "absent" && name.state === "known" && NAMES_MODEL.test(asText(name.value)))
        found.unknown(resource, path, "a variable that may name a model is not known yet");
    }
  for (const part of ["command", "args"]) {
    const list = lookup(resource.props, `${container}.${part}`);
    if (list.state !== "known" || !Array.isArray(list.value)) continue;
    for (const [index, entry] of list.value.entries()) {
      const path = `${container}.${part}[${index}]`;
      const flag: unknown = list.value[index - 1];
      if (typeof entry === "string") judgeText(found, resource, path, entry, params);
      else if (isHidden(entry) && typeof flag === "string" && NAMES_MODEL.test(flag))
        found.unknown(resource, path, "an argument that may name a model is not known yet");
    }
  }
}

function judgeText(found: Found, resource: Resource, path: string, text: string, params: PolicyParams): void {
  for (const [match, prefix] of text.matchAll(PROFILE)) {
    const accepted = allowed(found, resource, params);
    if (accepted === null) return;
    const outside = GEOGRAPHIES[prefix!.toLowerCase()]!().filter((region) => !accepted.has(region));
    if (outside.length === 0) continue;
    const id = match.replace(/^[^a-z0-9]/i, "");
    found.violation(
      resource,
      path,
      `${id} may answer in ${outside.slice(0, 3).join(", ")}${outside.length > 3 ? " and others" : ""}, ${OUTSIDE} (${names(params)})`,
      id,
      "call the model without a prefix in an allowed region, or allow every region of the profile after review",
    );
  }
}
