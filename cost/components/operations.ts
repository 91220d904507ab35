import { lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import { assumed, LOGS_KEPT_FOREVER_MONTHS, USAGE } from "../usage.ts";
import {
  between,
  type ComponentTable,
  exactly,
  free,
  oneMonth,
  service,
  times,
  unpriced,
} from "./component.ts";
import { referred, text, usage } from "./read.ts";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const DAYS_PER_MONTH = 365 / 12;

/** Months of logs that a group holds once its retention is full. */
function monthsKept(resource: Resource): number | undefined {
  const days = lookup(resource.props, "retentionInDays");
  // Zero days is AWS's word for "never deleted".
  if (days.state === "absent" || (days.state === "known" && days.value === 0))
    return LOGS_KEPT_FOREVER_MONTHS;
  return days.state === "known" ? Number(days.value) / DAYS_PER_MONTH : undefined;
}

/** Whether what a flow log writes is already counted where it arrives. */
function writesToGroupOfGraph(resource: Resource, graph: ResourceGraph): boolean {
  const groups = graph.byType.get(LOG_GROUP) ?? [];
  if (referred(resource, "logDestination", graph).some(({ type }) => type === LOG_GROUP)) return true;
  const target = lookup(resource.props, "logDestination");
  if (target.state === "unknown") return groups.length > 0;
  const name =
    /:log-group:([^:]+)/.exec(text(resource, "logDestination") ?? "")?.[1] ?? text(resource, "logGroupName");
  return name !== undefined && groups.some((group) => text(group, "name") === name);
}

const toLogs = (resource: Resource) =>
  ["cloud-watch-logs", undefined].includes(text(resource, "logDestinationType"));

const RULE_FREE = "events of AWS services on the default bus have no charge";

/** Keys, secrets, logs, queues and events. */
export const OPERATIONS: ComponentTable = {
  "aws:kms/key:Key": [
    {
      what: "customer key",
      unit: "key-month",
      kind: "fixed",
      price: service("kms.key-month"),
      quantity: oneMonth,
      reason: (resource) => {
        const rotation = lookup(resource.props, "enableKeyRotation");
        return rotation.state === "known" && rotation.value === true
          ? "each of the first two yearly rotations adds a key-month"
          : null;
      },
    },
    usage("key requests", "10000 requests", "kms.request.10k", "kms.request.10k"),
  ],
  "aws:secretsmanager/secret:Secret": [
    {
      what: "secret",
      unit: "secret-month",
      kind: "fixed",
      price: service("secretsmanager.secret-month"),
      quantity: oneMonth,
    },
    usage("secret requests", "10000 requests", "secretsmanager.request.10k", "secretsmanager.request.10k"),
  ],
  "aws:secretsmanager/secretVersion:SecretVersion": [free("versions are part of the secret's price")],
  [LOG_GROUP]: [
    usage("logs taken in", "GB", "logs.ingest.gb", "logs.ingest.gb"),
    {
      what: "logs stored",
      unit: "GB-month",
      kind: "usage",
      price: service("logs.stored.gb-month"),
      quantity: (resource) => {
        const months = monthsKept(resource);
        if (months === undefined) return { unknown: "retentionInDays is not known before the deployment" };
        const { min, expected, max } = USAGE["logs.ingest.gb"];
        return times(between(min, expected, max), months);
      },
      reason: (resource) =>
        `when ${monthsKept(resource) === LOGS_KEPT_FOREVER_MONTHS ? "ten years" : "the whole retention"} of logs lie there, not compressed; taken in: ${assumed("logs.ingest.gb")}`,
    },
  ],
  "aws:ec2/flowLog:FlowLog": [
    free(
      "what it writes is priced at its log group",
      (resource, { graph }) => toLogs(resource) && writesToGroupOfGraph(resource, graph),
    ),
    {
      ...usage("flow logs taken in", "GB", "logs.ingest.gb", "logs.ingest.gb"),
      quantity: (resource, { graph }) => {
        const { min, expected, max } = USAGE["logs.ingest.gb"];
        return toLogs(resource) && !writesToGroupOfGraph(resource, graph)
          ? between(min, expected, max)
          : null;
      },
    },
    unpriced(
      "flow log delivery",
      "the catalogue has no price of delivery to this kind of destination",
      (resource) => !toLogs(resource),
    ),
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    {
      what: "alarm",
      unit: "alarm-month",
      kind: "fixed",
      price: service("cloudwatch.alarm-month"),
      quantity: () => exactly(1),
    },
  ],
  "aws:cloudwatch/eventRule:EventRule": [
    free(RULE_FREE, (resource) => ["default", undefined].includes(text(resource, "eventBusName"))),
    unpriced(
      "events on an own bus",
      "the catalogue has no price of custom events",
      (resource) => !["default", undefined].includes(text(resource, "eventBusName")),
    ),
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [free("delivery to a target in the account has no charge")],
  "aws:sqs/queue:Queue": [usage("queue requests", "1000000 requests", "sqs.request.1m", "sqs.request.1m")],
  "aws:sqs/queuePolicy:QueuePolicy": [free("policies have no charge")],
};
