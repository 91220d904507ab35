import type { Resource } from "../../graph/index.ts";
import type { StackPlan } from "../../plan/index.ts";
import type { Quantity3 } from "../types.ts";
import { WEIGHTS_PART_MIB } from "../usage.ts";
import type { UsageKey } from "../usage-defaults.ts";
import { starts, weightsSource, weightsStored, weightsTraffic } from "../weights.ts";
import {
  type ComponentTable,
  type Context,
  type CostComponent,
  exactly,
  times,
  unpriced,
} from "./component.ts";
import { text } from "./read.ts";
import { isGiven, reasonOf, used, usedOf } from "./rows.ts";

/** Requests, in thousands, that move one GB of weights. */
const THOUSAND_REQUESTS_PER_GB = 1024 / WEIGHTS_PART_MIB / 1000;

/** The plan where it knows what lies in this bucket: that of the weights, unless a usage file says otherwise. */
function planOf(resource: Resource, context: Context, key: UsageKey): StackPlan | null {
  const { plan } = context;
  const weights =
    plan?.infrastructure?.storage != null && text(resource, "bucket") === plan.infrastructure.storage.bucket;
  return weights && !isGiven(resource, context, key) ? plan : null;
}

/** A row that the plan knows for the bucket of the weights, and that is assumed for any other. */
function bucketRow(
  what: string,
  unit: string,
  priceKey: string,
  key: UsageKey,
  ofPlan: (plan: StackPlan) => Quantity3,
  why: (plan: StackPlan) => string,
): CostComponent {
  return {
    ...used(what, unit, priceKey, key),
    quantity: (resource, context) => {
      const plan = planOf(resource, context, key);
      return plan ? ofPlan(plan) : usedOf(resource, context, key);
    },
    reason: (resource, context) => {
      const plan = planOf(resource, context, key);
      return plan ? why(plan) : reasonOf(resource, context, key);
    },
  };
}

const BUCKET: CostComponent[] = [
  bucketRow(
    "stored objects",
    "GB-month",
    "s3.standard.gb-month",
    "s3.gb",
    (plan) => exactly(weightsStored(plan)),
    () => "one copy of each checkpoint of the plan",
  ),
  bucketRow(
    "write requests",
    "1000 requests",
    "s3.put.1k",
    "s3.put.1k",
    (plan) => exactly(weightsStored(plan) * THOUSAND_REQUESTS_PER_GB),
    () => `each checkpoint written once in parts of ${WEIGHTS_PART_MIB} MiB`,
  ),
  bucketRow(
    "read requests",
    "1000 requests",
    "s3.get.1k",
    "s3.get.1k",
    (plan) => times(weightsTraffic(plan, "s3"), THOUSAND_REQUESTS_PER_GB),
    (plan) => {
      const all = plan.models.filter((model) => weightsSource(model) === "s3").map(starts);
      const total = (pick: "min" | "max") => all.reduce((sum, each) => sum + each[pick], 0);
      return `${total("min")} to ${total("max")} starts of an engine in a month, parts of ${WEIGHTS_PART_MIB} MiB`;
    },
  ),
  used("stored objects (Standard-IA)", "GB-month", "s3.ia.gb-month", "s3.ia.gb"),
  used("write requests (Standard-IA)", "1000 requests", "s3.ia.put.1k", "s3.ia.put.1k"),
  used("read requests (Standard-IA)", "1000 requests", "s3.ia.get.1k", "s3.ia.get.1k"),
  used(
    "objects watched (Intelligent-Tiering)",
    "1000 objects",
    "s3.intelligent.monitoring.1k",
    "s3.intelligent.objects.1k",
  ),
];

/** How throughput is paid for. */
const throughput = (resource: Resource) => text(resource, "throughputMode") ?? "bursting";
const isOneZone = (resource: Resource) => text(resource, "availabilityZoneName") !== undefined;
const isElastic = (resource: Resource) => throughput(resource) === "elastic";

/** Object and file storage. */
export const STORAGE: ComponentTable = {
  "aws:s3/bucket:Bucket": BUCKET,
  "aws:s3/bucketV2:BucketV2": BUCKET,
  "aws:efs/fileSystem:FileSystem": [
    used("stored files", "GB-month", "efs.standard.gb-month", "efs.gb", {
      when: (resource) => !isOneZone(resource),
    }),
    unpriced("stored files in one zone", "the catalogue has no price of One Zone storage", isOneZone),
    used("read with elastic throughput", "GB", "efs.elastic-read.gb", "efs.read.gb", {
      when: isElastic,
      gaps: ["us-east-1"],
    }),
    used("written with elastic throughput", "GB", "efs.elastic-write.gb", "efs.write.gb", {
      when: isElastic,
      gaps: ["us-east-1"],
    }),
    unpriced(
      "provisioned throughput",
      "the catalogue has no price of it",
      (resource) => throughput(resource) === "provisioned",
    ),
  ],
};
