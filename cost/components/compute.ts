import { lookup, type Props, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { Quantity3 } from "../types.ts";
import {
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
  times,
  unpriced,
} from "./component.ts";
import { items, number, text } from "./read.ts";
import { hourly, used } from "./rows.ts";
import {
  hasTemplate,
  instanceType,
  OWN_TEMPLATE,
  TEMPLATE,
  type TemplatePath,
  templateVolume,
} from "./template.ts";
import { readVolume, type Volume, volumeComponents } from "./volume.ts";

type Capacity = "on-demand" | "spot";

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

const capacityOf = (resource: Resource, path: string, spot: string): Capacity =>
  text(resource, path)?.toUpperCase() === spot ? "spot" : "on-demand";

/** Hours of instances, priced by their type. */
export function instanceRow(options: {
  /** Property that holds the instance type. */
  path: string;
  capacity: (resource: Resource) => Capacity;
  /** How many run; null for none. */
  count: (resource: Resource, context: Context) => Quantity3 | NotKnown | null;
  template?: TemplatePath;
  reason?: CostComponent["reason"];
}): CostComponent {
  const { path, capacity, count, template = OWN_TEMPLATE } = options;
  return {
    what: (resource, context) => {
      const type = instanceType(resource, path, context, template);
      return isNotKnown(type) ? "instances" : `${type} ${capacity(resource)}`;
    },
    unit: "instance-hour",
    kind: "fixed",
    byInstance: true,
    price: (resource, context) => {
      const type = instanceType(resource, path, context, template);
      return isNotKnown(type) ? type : instanceHour(type, capacity(resource), context);
    },
    quantity: (resource, context) => {
      const size = count(resource, context);
      return size === null || isNotKnown(size) ? size : times(size, HOURS_PER_MONTH);
    },
    ...(options.reason !== undefined && { reason: options.reason }),
  };
}

const isDedicated = (resource: Resource) => !["default", undefined].includes(text(resource, "tenancy"));
const isAddressed = (resource: Resource) => {
  const own = lookup(resource.props, "associatePublicIpAddress");
  return own.state === "known" && own.value === true;
};
const hasMoreVolumes = (resource: Resource) => items(resource, "ebsBlockDevices") !== 0;

function rootVolume(resource: Resource, graph: ResourceGraph): Volume | NotKnown {
  const own = lookup(resource.props, "rootBlockDevice");
  if (own.state === "known")
    return readVolume(own.value as Props, { type: "volumeType", size: "volumeSize" });
  if (own.state !== "absent") return { unknown: "rootBlockDevice is not known before the deployment" };
  return hasTemplate(resource)
    ? templateVolume(resource, graph)
    : { unknown: "the image decides about the root volume" };
}

/** What every single instance is charged for, however it was bought. */
const instance = (capacity: (resource: Resource) => Capacity): CostComponent[] => [
  unpriced("dedicated instance", "only shared tenancy is in the price list", isDedicated),
  instanceRow({
    path: "instanceType",
    capacity,
    count: (resource) => (isDedicated(resource) ? null : exactly(1)),
  }),
  ...volumeComponents("root volume", (resource, { graph }) => ({
    volume: rootVolume(resource, graph),
    count: exactly(1),
  })),
  unpriced("further volumes", "ebsBlockDevices are not read; only the root volume is", hasMoreVolumes),
  hourly("public IPv4 address", "address-hour", "ipv4.hour", { when: isAddressed }),
  used("data to the internet", "GB", "transfer.internet.gb", "instance.egress.gb", { when: isAddressed }),
];

/** Instances and managed groups of nodes. */
export const COMPUTE: ComponentTable = {
  "aws:eks/nodeGroup:NodeGroup": [
    instanceRow({
      path: "instanceTypes[0]",
      capacity: (resource) => capacityOf(resource, "capacityType", "SPOT"),
      count: groupSize,
      reason: (resource) => {
        const types = lookup(resource.props, "instanceTypes");
        const several = types.state === "known" && Array.isArray(types.value) && types.value.length > 1;
        return several ? "EKS may start any of its instance types; the first is priced" : null;
      },
    }),
    ...volumeComponents("root volumes", (resource, { graph }) => ({
      volume: hasTemplate(resource)
        ? templateVolume(resource, graph)
        : { unknown: "without a launch template EKS chooses the type of the root volume" },
      count: groupSize(resource),
    })),
  ],
  "aws:ec2/instance:Instance": instance((resource) =>
    capacityOf(resource, "instanceMarketOptions.marketType", "SPOT"),
  ),
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest": instance(() => "spot"),
  "aws:ec2/capacityReservation:CapacityReservation": [
    instanceRow({
      path: "instanceType",
      capacity: () => "on-demand",
      count: (resource) => {
        const count = number(resource, "instanceCount", { unknown: "instanceCount is not given" });
        return isNotKnown(count) ? count : exactly(count);
      },
      reason: "charged whether instances run in it or not; those that do are not charged again",
    }),
  ],
  [TEMPLATE]: [free("a template; what starts from it is priced where it is used")],
  "aws:ec2/launchConfiguration:LaunchConfiguration": [
    free("a template; what starts from it is priced where it is used"),
  ],
};
