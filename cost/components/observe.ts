import { lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import { LOGS_KEPT_FOREVER_MONTHS } from "../usage.ts";
import {
  type ComponentTable,
  type Context,
  type CostComponent,
  free,
  HOURS_PER_MONTH,
  isNotKnown,
  type NotKnown,
  service,
  times,
  unpriced,
} from "./component.ts";
import { byText, number, referred, text } from "./read.ts";
import { monthly, reasonOf, used, usedOf } from "./rows.ts";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const DAYS_PER_MONTH = 365 / 12;
/** Periods below this, in seconds, make an alarm one of high resolution. */
const HIGH_RESOLUTION_BELOW = 60;

/** Months of logs that a group holds once its retention is full. */
function monthsKept(resource: Resource): number | NotKnown {
  const days = number(resource, "retentionInDays", 0);
  if (isNotKnown(days)) return days;
  // Zero days is AWS's word for "never deleted".
  return days === 0 ? LOGS_KEPT_FOREVER_MONTHS : days / DAYS_PER_MONTH;
}

/** Whether what a flow log writes is already counted where it arrives. */
function writesToGroupOfGraph(resource: Resource, graph: ResourceGraph): boolean {
  if (referred(resource, "logDestination", graph).some(({ type }) => type === LOG_GROUP)) return true;
  const target = lookup(resource.props, "logDestination");
  if (target.state === "unknown") return graph.byType.has(LOG_GROUP);
  const name =
    /:log-group:([^:]+)/.exec(text(resource, "logDestination") ?? "")?.[1] ?? text(resource, "logGroupName");
  return byText(graph, LOG_GROUP, "name", name) !== undefined;
}

const toLogs = (resource: Resource) =>
  ["cloud-watch-logs", undefined].includes(text(resource, "logDestinationType"));

const isStandardGroup = (resource: Resource) =>
  ["STANDARD", undefined].includes(text(resource, "logGroupClass"));

const isHighResolution = (resource: Resource) => {
  const period = number(resource, "period", HIGH_RESOLUTION_BELOW);
  return typeof period === "number" && period < HIGH_RESOLUTION_BELOW;
};
const alarmed = (resource: Resource) => !manyMetrics(resource);
/** An alarm over a query or an expression is charged by each metric that it reads. */
const manyMetrics = (resource: Resource) => lookup(resource.props, "metricQueries").state !== "absent";

const MINUTES: Record<string, number> = { minute: 1, minutes: 1, hour: 60, hours: 60, day: 1440, days: 1440 };

/** Runs of a canary in a month by its schedule; undefined where that is not a rate. */
export function canaryRuns(resource: Resource): number | undefined {
  const match = /^rate\((\d+) (\w+)\)$/.exec(text(resource, "schedule.expression") ?? "");
  const minutes = match ? Number(match[1]) * (MINUTES[match[2]!] ?? Number.NaN) : Number.NaN;
  // rate(0 minutes) runs once.
  if (minutes === 0) return 1;
  return Number.isNaN(minutes) ? undefined : (HOURS_PER_MONTH * 60) / minutes;
}

const CANARY_RUNS: CostComponent = {
  ...used("canary runs", "run", "cloudwatch.canary-run", "canary.runs"),
  quantity: (resource, context) => {
    const runs = context.usage?.(resource, "canary.runs") ? undefined : canaryRuns(resource);
    return runs === undefined
      ? usedOf(resource, context, "canary.runs")
      : times({ min: 1, expected: 1, max: 1 }, runs);
  },
  reason: (resource, context) =>
    !context.usage?.(resource, "canary.runs") && canaryRuns(resource) !== undefined
      ? "by its schedule; the function that it runs, and what it stores, are charged beside it"
      : reasonOf(resource, context, "canary.runs"),
};

const GROUP: CostComponent[] = [
  used("logs taken in", "GB", "logs.ingest.gb", "logs.ingest.gb", { when: isStandardGroup }),
  {
    what: "logs stored",
    unit: "GB-month",
    kind: "usage",
    price: service("logs.stored.gb-month"),
    uses: ["logs.ingest.gb"],
    quantity: (resource: Resource, context: Context) => {
      if (!isStandardGroup(resource)) return null;
      const months = monthsKept(resource);
      if (isNotKnown(months)) return months;
      return times(usedOf(resource, context, "logs.ingest.gb"), months);
    },
    reason: (resource, context) =>
      `when ${monthsKept(resource) === LOGS_KEPT_FOREVER_MONTHS ? "ten years" : "the whole retention"} of logs lie there, not compressed; taken in: ${reasonOf(resource, context, "logs.ingest.gb")}`,
  },
  used("logs scanned by queries", "GB", "logs.insights.gb", "logs.scanned.gb"),
  unpriced(
    "logs of another class",
    "the catalogue has prices of the standard class only",
    (resource) => !isStandardGroup(resource),
  ),
];

/** Logs, metrics, alarms and dashboards. */
export const OBSERVE: ComponentTable = {
  [LOG_GROUP]: GROUP,
  "aws:ec2/flowLog:FlowLog": [
    free(
      "what it writes is priced at its log group",
      (resource, { graph }) => toLogs(resource) && writesToGroupOfGraph(resource, graph),
    ),
    used("flow logs taken in", "GB", "logs.ingest.gb", "logs.ingest.gb", {
      when: (resource, { graph }) => toLogs(resource) && !writesToGroupOfGraph(resource, graph),
    }),
    unpriced(
      "flow log delivery",
      "the catalogue has no price of delivery to this kind of destination",
      (resource) => !toLogs(resource),
    ),
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    monthly("alarm", "alarm-month", "cloudwatch.alarm-month", {
      when: (resource) => alarmed(resource) && !isHighResolution(resource),
    }),
    monthly("alarm of high resolution", "alarm-month", "cloudwatch.alarm-high-month", {
      when: (resource) => alarmed(resource) && isHighResolution(resource),
    }),
    unpriced("alarm", "charged by each metric that its query reads", manyMetrics),
  ],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": [
    monthly("composite alarm", "alarm-month", "cloudwatch.alarm-composite-month"),
  ],
  "aws:cloudwatch/dashboard:Dashboard": [
    monthly("dashboard", "dashboard-month", "cloudwatch.dashboard-month"),
  ],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [
    used("custom metrics", "metric-month", "cloudwatch.metric-month", "metrics.custom"),
  ],
  "aws:synthetics/canary:Canary": [CANARY_RUNS],
  "aws:rum/appMonitor:AppMonitor": [
    used("events of visits", "100000 events", "cloudwatch.rum.100k", "rum.events.100k"),
  ],
  "aws:grafana/workspace:Workspace": [
    used("editors", "editor-month", "grafana.editor-month", "grafana.editors"),
    used("viewers", "viewer-month", "grafana.viewer-month", "grafana.viewers"),
  ],
};
