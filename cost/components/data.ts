import { lookup, type Resource } from "../../graph/index.ts";
import type { Quantity3 } from "../types.ts";
import {
  between,
  type ComponentTable,
  type Context,
  type CostComponent,
  exactly,
  HOURS_PER_MONTH,
  isNotKnown,
  type NotKnown,
  service,
  servicePriced,
  times,
  unpriced,
} from "./component.ts";
import { byText, flag, number, referred, text } from "./read.ts";
import { used } from "./rows.ts";

const isOnDemand = (resource: Resource) => text(resource, "billingMode") === "PAY_PER_REQUEST";
const isRare = (resource: Resource) => text(resource, "tableClass") === "STANDARD_INFREQUENT_ACCESS";
const often = (resource: Resource) => isOnDemand(resource) && !isRare(resource);
const rarely = (resource: Resource) => isOnDemand(resource) && isRare(resource);
const replicated = (resource: Resource) => lookup(resource.props, "replicas").state !== "absent";
const IA = " (infrequent access)";

const TABLE: CostComponent[] = [
  used("writes", "1000000 units", "dynamodb.write.1m", "dynamodb.write.1m", { when: often }),
  used("reads", "1000000 units", "dynamodb.read.1m", "dynamodb.read.1m", { when: often }),
  used(`writes${IA}`, "1000000 units", "dynamodb.ia.write.1m", "dynamodb.write.1m", { when: rarely }),
  used(`reads${IA}`, "1000000 units", "dynamodb.ia.read.1m", "dynamodb.read.1m", { when: rarely }),
  used("stored items", "GB-month", "dynamodb.stored.gb-month", "dynamodb.gb", {
    when: (resource) => !isRare(resource),
  }),
  used(`stored items${IA}`, "GB-month", "dynamodb.ia.stored.gb-month", "dynamodb.gb", { when: isRare }),
  used("point-in-time recovery", "GB-month", "dynamodb.pitr.gb-month", "dynamodb.gb", {
    when: (resource) => flag(resource, "pointInTimeRecovery.enabled") === true,
  }),
  unpriced(
    "provisioned capacity",
    "the catalogue has prices of tables on demand only",
    (resource) => !isOnDemand(resource),
  ),
  unpriced("replicas", "the catalogue has no price of replicated writes", replicated),
];

/** Classes of a database with a price, by engine. Any other class has none in the catalogue. */
const DATABASE_KEYS = [
  "rds.mysql.db.t3.small.hour",
  "rds.mysql.db.t4g.small.hour",
  "rds.postgres.db.t3.micro.hour",
  "rds.postgres.db.t4g.micro.hour",
  "rds.postgres.db.t4g.small.hour",
];
const zones = (resource: Resource) => (flag(resource, "multiAz") === true ? 2 : 1);
const MULTI = "two zones cost twice what one does";
const multiReason = (resource: Resource) => (zones(resource) === 2 ? MULTI : null);

const DATABASE: CostComponent[] = [
  {
    what: (resource) =>
      `${text(resource, "engine") ?? "database"} ${text(resource, "instanceClass") ?? ""}`.trim(),
    unit: "instance-hour",
    kind: "fixed",
    price: Object.assign(
      (resource: Resource, context: Context) => {
        const engine = text(resource, "engine");
        const type = text(resource, "instanceClass");
        return engine && type
          ? servicePriced(`rds.${engine}.${type}.hour`, context)
          : { unknown: "engine or instanceClass is not known before the deployment" };
      },
      { keys: DATABASE_KEYS },
    ),
    quantity: (resource) => exactly(zones(resource) * HOURS_PER_MONTH),
    reason: multiReason,
  },
  {
    what: "database storage (gp3)",
    unit: "GB-month",
    kind: "fixed",
    price: service("rds.gp3.gb-month"),
    quantity: (resource) => {
      if (text(resource, "storageType") !== "gp3") return null;
      const gb = number(resource, "allocatedStorage", { unknown: "allocatedStorage is not given" });
      return isNotKnown(gb) ? gb : exactly(gb * zones(resource));
    },
    reason: multiReason,
  },
  unpriced(
    "database storage",
    "the catalogue has the price of gp3 storage only",
    (resource) => text(resource, "storageType") !== "gp3",
  ),
  unpriced(
    "IOPS or throughput beyond the storage's own",
    "the catalogue has no price of them",
    (resource) =>
      lookup(resource.props, "iops").state !== "absent" ||
      lookup(resource.props, "storageThroughput").state !== "absent",
  ),
  used("backups beyond the size of the database", "GB-month", "rds.backup.gb-month", "rds.backup.gb", {
    gaps: ["us-east-1"],
  }),
];

const CLUSTER = "aws:rds/cluster:Cluster";
const isAurora = (resource: Resource) => /^aurora-/.test(text(resource, "engine") ?? "");
const isStandard = (resource: Resource) =>
  isAurora(resource) && text(resource, "storageType") !== "aurora-iopt1";

/** The cluster of an instance, where the graph has it. */
function clusterOf(resource: Resource, { graph }: Context): Resource | undefined {
  const found = referred(resource, "clusterIdentifier", graph).find(({ type }) => type === CLUSTER);
  return found ?? byText(graph, CLUSTER, "clusterIdentifier", text(resource, "clusterIdentifier"));
}

const isServerless = (resource: Resource) => text(resource, "instanceClass") === "db.serverless";

/** Capacity of a serverless instance: the bounds of its cluster, with the least expected. */
function capacity(resource: Resource, context: Context): Quantity3 | NotKnown {
  const cluster = clusterOf(resource, context);
  if (!cluster) return { unknown: "its cluster is not in the graph" };
  if (!isStandard(cluster)) return { unknown: "the catalogue has prices of Aurora Standard only" };
  const bound = (name: string) =>
    number(cluster, `serverlessv2ScalingConfiguration.${name}`, { unknown: `${name} is not given` });
  const [min, max] = [bound("minCapacity"), bound("maxCapacity")];
  if (isNotKnown(min)) return min;
  if (isNotKnown(max)) return max;
  return times(between(min, min, max), HOURS_PER_MONTH);
}

/** Databases. */
export const DATA: ComponentTable = {
  "aws:dynamodb/table:Table": TABLE,
  "aws:rds/instance:Instance": DATABASE,
  [CLUSTER]: [
    used("stored data", "GB-month", "aurora.stored.gb-month", "aurora.gb", { when: isStandard }),
    used("reads and writes of storage", "1000000 requests", "aurora.io.1m", "aurora.io.1m", {
      when: isStandard,
    }),
    unpriced(
      "cluster",
      "the catalogue has prices of Aurora Standard only",
      (resource) => !isStandard(resource),
    ),
  ],
  "aws:rds/clusterInstance:ClusterInstance": [
    {
      what: "serverless capacity",
      unit: "ACU-hour",
      kind: "fixed",
      price: service("aurora.acu-hour"),
      quantity: (resource, context) => (isServerless(resource) ? capacity(resource, context) : null),
      reason: "between the bounds of its cluster, the least expected",
    },
    unpriced(
      "cluster instance",
      "the catalogue has the price of serverless capacity only",
      (resource) => !isServerless(resource),
    ),
  ],
};
