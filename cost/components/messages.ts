import type { Resource } from "../../graph/index.ts";
import {
  type ComponentTable,
  type CostComponent,
  free,
  isNotKnown,
  service,
  times,
  unpriced,
} from "./component.ts";
import { flag, number, text } from "./read.ts";
import { hourly, reasonOf, used, usedOf } from "./rows.ts";

const BUS = "aws:cloudwatch/eventBus:EventBus";
const DAYS_PER_MONTH = 365 / 12;
/** Months that an archive keeps its events where it never deletes them: ten years. */
const KEPT_FOREVER_MONTHS = 120;

const isFifo = (resource: Resource, path: string) => flag(resource, path) !== false;
const isDefaultBus = (resource: Resource) => ["default", undefined].includes(text(resource, "eventBusName"));
const isExpress = (resource: Resource) => text(resource, "type") === "EXPRESS";
const isOnDemand = (resource: Resource) => text(resource, "streamModeDetails.streamMode") === "ON_DEMAND";

const CUSTOM_EVENTS = "custom events";

const ARCHIVED: CostComponent = {
  what: "events kept",
  unit: "GB-month",
  kind: "usage",
  price: service("events.archive-stored.gb-month"),
  uses: ["events.archive.gb"],
  quantity: (resource, context) => {
    const days = number(resource, "retentionDays", 0);
    if (isNotKnown(days)) return days;
    const months = days === 0 ? KEPT_FOREVER_MONTHS : days / DAYS_PER_MONTH;
    return times(usedOf(resource, context, "events.archive.gb"), months);
  },
  reason: (resource, context) =>
    `when the whole retention lies there; archived: ${reasonOf(resource, context, "events.archive.gb")}`,
};

/** Queues, topics, events, workflows and streams. */
export const MESSAGES: ComponentTable = {
  "aws:sqs/queue:Queue": [
    used("queue requests", "1000000 requests", "sqs.request.1m", "sqs.request.1m", {
      when: (resource) => !isFifo(resource, "fifoQueue"),
    }),
    used("queue requests (FIFO)", "1000000 requests", "sqs.fifo.request.1m", "sqs.request.1m", {
      when: (resource) => isFifo(resource, "fifoQueue"),
    }),
  ],
  "aws:sqs/queuePolicy:QueuePolicy": [free("policies have no charge")],
  "aws:sns/topic:Topic": [
    used("messages published", "1000000 requests", "sns.publish.1m", "sns.publish.1m", {
      when: (resource) => !isFifo(resource, "fifoTopic"),
    }),
    unpriced("FIFO topic", "the catalogue has no price of FIFO topics", (resource) =>
      isFifo(resource, "fifoTopic"),
    ),
  ],
  "aws:sns/topicSubscription:TopicSubscription": [
    free("deliveries to SQS and Lambda have no charge", (resource) =>
      ["sqs", "lambda"].includes(text(resource, "protocol") ?? ""),
    ),
    unpriced(
      "deliveries",
      "the catalogue has no price of deliveries by this protocol",
      (resource) => !["sqs", "lambda"].includes(text(resource, "protocol") ?? ""),
    ),
  ],
  [BUS]: [used(CUSTOM_EVENTS, "1000000 events", "events.custom.1m", "events.1m")],
  "aws:cloudwatch/eventRule:EventRule": [
    free("events of AWS services on the default bus have no charge", isDefaultBus),
    free(
      "events on an own bus are priced at the bus",
      (resource, { graph }) => !isDefaultBus(resource) && graph.byType.has(BUS),
    ),
    used(CUSTOM_EVENTS, "1000000 events", "events.custom.1m", "events.1m", {
      when: (resource, { graph }) => !isDefaultBus(resource) && !graph.byType.has(BUS),
    }),
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [free("delivery to a target in the account has no charge")],
  "aws:cloudwatch/eventArchive:EventArchive": [
    used("events archived", "GB", "events.archive.gb", "events.archive.gb"),
    ARCHIVED,
  ],
  "aws:cloudwatch/eventApiDestination:EventApiDestination": [
    used("calls", "1000000 invocations", "events.api-destination.1m", "events.1m"),
  ],
  "aws:pipes/pipe:Pipe": [used("requests", "1000000 requests", "events.pipe.1m", "events.1m")],
  "aws:scheduler/schedule:Schedule": [
    used("starts", "1000000 invocations", "events.schedule.1m", "schedule.1m"),
  ],
  "aws:sfn/stateMachine:StateMachine": [
    used("state transitions", "1000 transitions", "states.transition.1k", "states.transition.1k", {
      when: (resource) => !isExpress(resource),
    }),
    used("starts", "1000000 requests", "states.express.request.1m", "states.request.1m", { when: isExpress }),
    used("duration", "GB-second", "states.express.gb-second", "states.gb-second", { when: isExpress }),
  ],
  "aws:kinesis/stream:Stream": [
    hourly("shards", "shard-hour", "kinesis.shard.hour", {
      when: (resource) => !isOnDemand(resource),
      count: (resource) => number(resource, "shardCount", { unknown: "shardCount is not given" }),
    }),
    used("records put", "1000000 units", "kinesis.put.1m", "kinesis.put.1m", {
      when: (resource) => !isOnDemand(resource),
    }),
    unpriced("stream", "the catalogue has no price of streams on demand", isOnDemand),
    unpriced(
      "longer retention",
      "the catalogue has no price of more than a day",
      (resource) => Number(number(resource, "retentionPeriod", 24)) > 24,
    ),
  ],
};
