import { isUnknown, lookup, type Props, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { Context, NotKnown } from "./component.ts";
import { byText, referred, text } from "./read.ts";
import { readVolume, type Volume } from "./volume.ts";

export const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** Where a resource names its launch template, and by which fields. */
export interface TemplatePath {
  path: string;
  id: string;
  name: string;
}

export const OWN_TEMPLATE: TemplatePath = { path: "launchTemplate", id: "id", name: "name" };

/**
 * The launch template of a node group, an instance or a scaling group. A graph taken inside the program carries no
 * references; there a template of the same name as its user is the one, as components name both alike.
 */
export function templateOf(
  resource: Resource,
  graph: ResourceGraph,
  { path, id, name }: TemplatePath = OWN_TEMPLATE,
): Resource | undefined {
  const found = referred(resource, path, graph).find(({ type }) => type === TEMPLATE);
  if (found) return found;
  const known = lookup(resource.props, `${path}.${id}`);
  const called = text(resource, `${path}.${name}`);
  if (called !== undefined) return byText(graph, TEMPLATE, "name", called);
  if (known.state === "known")
    return graph.byType.get(TEMPLATE)?.find((template) => template.outputs?.["id"] === known.value);
  return known.state === "unknown" ? byText(graph, TEMPLATE, "", resource.name) : undefined;
}

export const NO_TEMPLATE = { unknown: "its launch template is not in the graph" };

export const hasTemplate = (resource: Resource, at: TemplatePath = OWN_TEMPLATE) =>
  lookup(resource.props, at.path).state !== "absent";

/** Instance type by the resource's own property, else by its launch template. */
export function instanceType(
  resource: Resource,
  path: string,
  { graph }: Context,
  at: TemplatePath = OWN_TEMPLATE,
): string | NotKnown {
  const own = lookup(resource.props, path);
  if (own.state === "known" && typeof own.value === "string") return own.value;
  if (own.state !== "absent") return { unknown: `${path} is not known before the deployment` };
  if (!hasTemplate(resource, at)) return { unknown: "no instance type is given; AWS chooses one" };
  const template = templateOf(resource, graph, at);
  if (!template) return NO_TEMPLATE;
  return (
    text(template, "instanceType") ?? { unknown: "no instance type in the launch template that is known now" }
  );
}

/** The one volume of the launch template. */
export function templateVolume(
  resource: Resource,
  graph: ResourceGraph,
  at: TemplatePath = OWN_TEMPLATE,
): Volume | NotKnown {
  const template = templateOf(resource, graph, at);
  if (!template) return NO_TEMPLATE;
  const devices = lookup(template.props, "blockDeviceMappings");
  if (devices.state === "absent") return { unknown: "the image decides about the root volume" };
  if (devices.state !== "known" || !Array.isArray(devices.value) || devices.value.some(isUnknown)) {
    return { unknown: "the volumes of the launch template are not known before the deployment" };
  }
  const ebs = (devices.value as Props[]).flatMap((device) =>
    device?.["ebs"] ? [device["ebs"] as Props] : [],
  );
  if (ebs.length !== 1)
    return { unknown: `the launch template has ${ebs.length} volumes; only one is priced` };
  return readVolume(ebs[0]!, { type: "volumeType", size: "volumeSize" });
}
