import { isUnknown, lookup, type Props, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { Quantity3 } from "../types.ts";
import {
  allMonth,
  between,
  type ComponentTable,
  type Context,
  type CostComponent,
  exactly,
  free,
  HOURS_PER_MONTH,
  instanceHour,
  isNotKnown,
  type NotKnown,
  service,
  times,
  unpriced,
} from "./component.ts";
import { number, referred, text } from "./read.ts";
import { readVolume, type Volume, volumeComponents } from "./volume.ts";

const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/**
 * The launch template of a node group or an instance. A graph taken inside the program carries no references;
 * there a template of the same name as its user is the one, as components name both alike.
 */
function templateOf(resource: Resource, graph: ResourceGraph): Resource | undefined {
  const found = referred(resource, "launchTemplate", graph).find(({ type }) => type === TEMPLATE);
  if (found) return found;
  const id = lookup(resource.props, "launchTemplate.id");
  const name = text(resource, "launchTemplate.name");
  const templates = graph.byType.get(TEMPLATE) ?? [];
  if (name !== undefined) return templates.find((template) => text(template, "name") === name);
  if (id.state === "known") return templates.find((template) => template.outputs?.["id"] === id.value);
  return id.state === "unknown" ? templates.find((template) => template.name === resource.name) : undefined;
}

const NO_TEMPLATE = { unknown: "its launch template is not in the graph" };
const hasTemplate = (resource: Resource) => lookup(resource.props, "launchTemplate").state !== "absent";

/** Instance type by the resource's own property, else by its launch template. */
function instanceType(resource: Resource, path: string, { graph }: Context): string | NotKnown {
  const own = lookup(resource.props, path);
  if (own.state === "known") return String(own.value);
  if (own.state !== "absent") return { unknown: `${path} is not known before the deployment` };
  if (!hasTemplate(resource)) return { unknown: "no instance type is given; AWS chooses one" };
  const template = templateOf(resource, graph);
  if (!template) return NO_TEMPLATE;
  return (
    text(template, "instanceType") ?? { unknown: "no instance type in the launch template that is known now" }
  );
}

/** The one volume of the launch template. */
function templateVolume(resource: Resource, graph: ResourceGraph): Volume | NotKnown {
  const template = templateOf(resource, graph);
  if (!template) return NO_TEMPLATE;
  const devices = lookup(template.props, "blockDeviceMappings");
  if (devices.state === "absent") return { unknown: "the image decides about the root volume" };
  if (devices.state !== "known" || !Array.isArray(devices.value) || devices.value.some(isUnknown)) {
    return { unknown: "the volumes of the launch template are not known before the deployment" };
  }
  const ebs = (devices.value as Props[]).flatMap((device) => (device["ebs"] ? [device["ebs"] as Props] : []));
  if (ebs.length !== 1)
    return { unknown: `the launch template has ${ebs.length} volumes; only one is priced` };
  return readVolume(ebs[0]!, { type: "volumeType", size: "volumeSize" });
}

/** Nodes of a managed group: its bounds, and the desired size as the expected case. */
function groupSize(resource: Resource): Quantity3 | NotKnown {
  const min = number(resource, "scalingConfig.minSize", { unknown: "scalingConfig.minSize is not given" });
  const max = number(resource, "scalingConfig.maxSize", { unknown: "scalingConfig.maxSize is not given" });
  if (isNotKnown(min)) return min;
  if (isNotKnown(max)) return max;
  const desired = number(resource, "scalingConfig.desiredSize", min);
  if (isNotKnown(desired)) return desired;
  return between(min, desired, max);
}

const capacityOf = (resource: Resource, path: string, spot: string) =>
  text(resource, path)?.toUpperCase() === spot ? "spot" : "on-demand";

function instanceComponent(options: {
  path: string;
  capacity: (resource: Resource) => "on-demand" | "spot";
  count: (resource: Resource) => Quantity3 | NotKnown;
  reason?: CostComponent["reason"];
}): CostComponent {
  return {
    what: (resource, context) => {
      const type = instanceType(resource, options.path, context);
      return isNotKnown(type) ? "instances" : `${type} ${options.capacity(resource)}`;
    },
    unit: "instance-hour",
    kind: "fixed",
    price: (resource, context) => {
      const type = instanceType(resource, options.path, context);
      return isNotKnown(type) ? type : instanceHour(type, options.capacity(resource), context);
    },
    quantity: (resource) => {
      const size = options.count(resource);
      return isNotKnown(size) ? size : times(size, HOURS_PER_MONTH);
    },
    ...(options.reason !== undefined && { reason: options.reason }),
  };
}

const groupCapacity = (resource: Resource) => capacityOf(resource, "capacityType", "SPOT");
const isDedicated = (resource: Resource) => !["default", undefined].includes(text(resource, "tenancy"));

/** Instances, node groups, volumes. */
export const COMPUTE: ComponentTable = {
  "aws:eks/nodeGroup:NodeGroup": [
    instanceComponent({
      path: "instanceTypes[0]",
      capacity: groupCapacity,
      count: groupSize,
      reason: (resource) => {
        const types = lookup(resource.props, "instanceTypes");
        const several = types.state === "known" && Array.isArray(types.value) && types.value.length > 1;
        return several ? "EKS may start any of its instance types; the first is priced" : null;
      },
    }),
    ...volumeComponents("root volumes (gp3)", (resource, { graph }) => ({
      volume: hasTemplate(resource)
        ? templateVolume(resource, graph)
        : { unknown: "without a launch template EKS chooses the type of the root volume" },
      count: groupSize(resource),
    })),
  ],
  "aws:ec2/instance:Instance": [
    unpriced("dedicated instance", "only shared tenancy is in the price list", isDedicated),
    {
      ...instanceComponent({
        path: "instanceType",
        capacity: (resource) => capacityOf(resource, "instanceMarketOptions.marketType", "SPOT"),
        count: () => exactly(1),
      }),
      quantity: (resource) => (isDedicated(resource) ? null : allMonth()),
    },
    ...volumeComponents("root volume (gp3)", (resource, { graph }) => ({
      volume: rootVolume(resource, graph),
      count: exactly(1),
    })),
    {
      what: "public IPv4 address",
      unit: "address-hour",
      kind: "fixed",
      price: service("ipv4.hour"),
      quantity: (resource) => {
        const own = lookup(resource.props, "associatePublicIpAddress");
        return own.state === "known" && own.value === true ? allMonth() : null;
      },
    },
  ],
  "aws:ebs/volume:Volume": volumeComponents("volume", (resource) => ({
    // The API's own default is gp2.
    volume: readVolume({ type: "gp2", ...resource.props }, { type: "type", size: "size" }),
    count: exactly(1),
  })),
  [TEMPLATE]: [free("a template; what starts from it is priced where it is used")],
};

function rootVolume(resource: Resource, graph: ResourceGraph): Volume | NotKnown {
  const own = lookup(resource.props, "rootBlockDevice");
  if (own.state === "known")
    return readVolume(own.value as Props, { type: "volumeType", size: "volumeSize" });
  if (own.state !== "absent") return { unknown: "rootBlockDevice is not known before the deployment" };
  return hasTemplate(resource)
    ? templateVolume(resource, graph)
    : { unknown: "the image decides about the root volume" };
}
