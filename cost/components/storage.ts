import type { Resource } from "../../graph/index.ts";
import type { StackPlan } from "../../plan/index.ts";
import { assumed, USAGE, type UsageKey, WEIGHTS_PART_MIB } from "../usage.ts";
import { starts, weightsSource, weightsStored, weightsTraffic } from "../weights.ts";
import {
  between,
  type ComponentTable,
  type Context,
  type CostComponent,
  exactly,
  service,
  times,
} from "./component.ts";
import { text } from "./read.ts";

/** Requests, in thousands, that move one GB of weights. */
const THOUSAND_REQUESTS_PER_GB = 1024 / WEIGHTS_PART_MIB / 1000;

function isWeightsBucket(resource: Resource, plan: StackPlan | null): plan is StackPlan {
  return (
    plan?.infrastructure?.storage != null && text(resource, "bucket") === plan.infrastructure.storage.bucket
  );
}

/** A line that the plan knows for the bucket of the weights, and that is assumed for any other. */
function bucketComponent(
  what: string,
  unit: string,
  priceKey: string,
  key: UsageKey,
  ofPlan: (plan: StackPlan) => ReturnType<typeof exactly>,
  why: (plan: StackPlan) => string,
): CostComponent {
  return {
    what,
    unit,
    kind: "usage",
    price: service(priceKey),
    quantity: (resource: Resource, { plan }: Context) => {
      if (isWeightsBucket(resource, plan)) return ofPlan(plan);
      const { min, expected, max } = USAGE[key];
      return between(min, expected, max);
    },
    reason: (resource, { plan }) => (isWeightsBucket(resource, plan) ? why(plan) : assumed(key)),
  };
}

const BUCKET: CostComponent[] = [
  bucketComponent(
    "stored objects",
    "GB-month",
    "s3.standard.gb-month",
    "s3.gb",
    (plan) => exactly(weightsStored(plan)),
    () => "one copy of each checkpoint of the plan",
  ),
  bucketComponent(
    "write requests",
    "1000 requests",
    "s3.put.1k",
    "s3.put.1k",
    (plan) => exactly(weightsStored(plan) * THOUSAND_REQUESTS_PER_GB),
    () => `each checkpoint written once in parts of ${WEIGHTS_PART_MIB} MiB`,
  ),
  bucketComponent(
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
];

/** S3. */
export const STORAGE: ComponentTable = {
  "aws:s3/bucket:Bucket": BUCKET,
  "aws:s3/bucketV2:BucketV2": BUCKET,
};
