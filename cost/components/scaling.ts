import { lookup, type Props, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { Quantity3 } from "../types.ts";
import { between, type ComponentTable, type Context, isNotKnown, type NotKnown } from "./component.ts";
import { instanceRow } from "./compute.ts";
import { byText, number, referred, text } from "./read.ts";
import { OWN_TEMPLATE, type TemplatePath, templateOf, templateVolume } from "./template.ts";
import { readVolume, type Volume, volumeComponents } from "./volume.ts";

const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
const MIXED = "mixedInstancesPolicy";
const MIXED_TEMPLATE: TemplatePath = {
  path: `${MIXED}.launchTemplate.launchTemplateSpecification`,
  id: "launchTemplateId",
  name: "launchTemplateName",
};
const isMixed = (resource: Resource) => lookup(resource.props, MIXED).state !== "absent";

/** Instances of a scaling group: its bounds, and the desired size, else the least, as the expected case. */
function groupSize(resource: Resource): Quantity3 | NotKnown {
  const min = number(resource, "minSize", { unknown: "minSize is not given" });
  const max = number(resource, "maxSize", { unknown: "maxSize is not given" });
  if (isNotKnown(min)) return min;
  if (isNotKnown(max)) return max;
  const desired = number(resource, "desiredCapacity", min);
  return isNotKnown(desired) ? desired : between(min, desired, max);
}

/** How many of a number of instances are bought On-Demand; AWS's own default is all of them. */
function onDemand(resource: Resource): ((count: number) => number) | NotKnown {
  const path = `${MIXED}.instancesDistribution`;
  const base = number(resource, `${path}.onDemandBaseCapacity`, 0);
  const share = number(resource, `${path}.onDemandPercentageAboveBaseCapacity`, 100);
  if (isNotKnown(base)) return base;
  if (isNotKnown(share)) return share;
  return (count) => Math.min(count, base) + (Math.max(0, count - base) * Math.min(share, 100)) / 100;
}

const isSpotTemplate = (resource: Resource, { graph }: Context) => {
  const template = templateOf(resource, graph);
  return template !== undefined && text(template, "instanceMarketOptions.marketType") === "spot";
};

/** What runs of one capacity in a group; null for none. */
const part =
  (capacity: "on-demand" | "spot") =>
  (resource: Resource, context: Context): Quantity3 | NotKnown | null => {
    const size = groupSize(resource);
    if (isNotKnown(size)) return capacity === "on-demand" ? size : null;
    if (!isMixed(resource)) {
      const spot = isSpotTemplate(resource, context);
      return spot === (capacity === "spot") ? size : null;
    }
    const bought = onDemand(resource);
    if (isNotKnown(bought)) return capacity === "on-demand" ? bought : null;
    const count = (total: number) => (capacity === "spot" ? total - bought(total) : bought(total));
    const found = between(count(size.min), count(size.expected), count(size.max));
    return found.max === 0 ? null : found;
  };

/** The launch configuration of an older group. */
function configurationOf(resource: Resource, graph: ResourceGraph): Resource | undefined {
  const found = referred(resource, "launchConfiguration", graph).find(({ type }) => type === CONFIGURATION);
  if (found) return found;
  return byText(graph, CONFIGURATION, "name", text(resource, "launchConfiguration"));
}

function volumeOf(resource: Resource, graph: ResourceGraph): Volume | NotKnown {
  if (isMixed(resource)) return templateVolume(resource, graph, MIXED_TEMPLATE);
  if (lookup(resource.props, "launchTemplate").state !== "absent")
    return templateVolume(resource, graph, OWN_TEMPLATE);
  const configuration = configurationOf(resource, graph);
  const root = lookup(configuration?.props, "rootBlockDevice");
  return root.state === "known"
    ? readVolume(root.value as Props, { type: "volumeType", size: "volumeSize" })
    : { unknown: "the image decides about the root volume" };
}

const rows = (capacity: "on-demand" | "spot") => [
  instanceRow({
    path: `${MIXED}.launchTemplate.overrides[0].instanceType`,
    capacity: () => capacity,
    count: (resource, context) => (isMixed(resource) ? part(capacity)(resource, context) : null),
    template: MIXED_TEMPLATE,
    reason: "the group may start any of its instance types; the first is priced",
  }),
  instanceRow({
    path: "instanceType",
    capacity: () => capacity,
    count: (resource, context) => (isMixed(resource) ? null : part(capacity)(resource, context)),
  }),
];

/** Scaling groups. */
export const SCALING: ComponentTable = {
  "aws:autoscaling/group:Group": [
    ...rows("on-demand"),
    ...rows("spot"),
    ...volumeComponents("root volumes", (resource, { graph }) => ({
      volume: volumeOf(resource, graph),
      count: groupSize(resource),
    })),
  ],
};
