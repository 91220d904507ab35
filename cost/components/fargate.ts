import { lookup, type Resource } from "../../graph/index.ts";
import {
  type ComponentTable,
  type Context,
  type CostComponent,
  exactly,
  free,
  HOURS_PER_MONTH,
  isNotKnown,
  type NotKnown,
  service,
  times,
  unpriced,
} from "./component.ts";
import { byText, flag, number, referred, text } from "./read.ts";
import { usedOf } from "./rows.ts";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
/** GB of storage that the price of a task includes. */
const STORAGE_GB = 20;

type Launch = "fargate" | "spot" | "instances" | "unknown";

/** Where the tasks of a service run. */
function launchOf(resource: Resource): Launch {
  const strategies = lookup(resource.props, "capacityProviderStrategies");
  if (strategies.state === "known" && Array.isArray(strategies.value)) {
    const names = strategies.value.map((each: { capacityProvider?: unknown }) => each?.capacityProvider);
    if (names.every((name) => name === "FARGATE")) return "fargate";
    if (names.includes("FARGATE_SPOT")) return "spot";
    return "instances";
  }
  if (strategies.state !== "absent") return "unknown";
  const type = lookup(resource.props, "launchType");
  if (type.state === "absent") return "instances";
  if (type.state !== "known") return "unknown";
  return type.value === "FARGATE" ? "fargate" : "instances";
}

/** The task definition, where the graph has it. */
function taskOf(resource: Resource, { graph }: Context): Resource | undefined {
  const found = referred(resource, "taskDefinition", graph).find(({ type }) => type === TASK);
  if (found) return found;
  const family = text(resource, "taskDefinition")
    ?.replace(/^.*task-definition\//, "")
    .replace(/:\d+$/, "");
  return byText(graph, TASK, "family", family);
}

const isArm = (task: Resource | undefined) =>
  task !== undefined && text(task, "runtimePlatform.cpuArchitecture") === "ARM64";

/** Hours of tasks, times what each of them has. */
function taskHours(
  size: (task: Resource) => number | NotKnown,
  arm: boolean | null,
): CostComponent["quantity"] {
  return (resource, context) => {
    if (launchOf(resource) !== "fargate") return null;
    const task = taskOf(resource, context);
    if (arm !== null && isArm(task) !== arm) return null;
    if (!task) return { unknown: "its task definition is not in the graph" };
    const each = size(task);
    if (isNotKnown(each) || each === 0) return each === 0 ? null : (each as NotKnown);
    const desired = number(resource, "desiredCount", 1);
    const tasks = isNotKnown(desired) ? usedOf(resource, context, "fargate.tasks") : exactly(desired);
    return times(tasks, each * HOURS_PER_MONTH);
  };
}

const cpu = (task: Resource) => {
  const units = number(task, "cpu", { unknown: "cpu of the task is not given" });
  return isNotKnown(units) ? units : units / 1024;
};
const memory = (task: Resource) => {
  const mib = number(task, "memory", { unknown: "memory of the task is not given" });
  return isNotKnown(mib) ? mib : mib / 1024;
};
const storage = (task: Resource) => {
  const gb = number(task, "ephemeralStorage.sizeInGib", STORAGE_GB);
  return isNotKnown(gb) ? gb : Math.max(0, gb - STORAGE_GB);
};

const row = (
  what: string,
  unit: string,
  key: string,
  size: (task: Resource) => number | NotKnown,
  arm: boolean | null,
): CostComponent => ({
  what,
  unit,
  kind: "fixed",
  price: service(key),
  uses: ["fargate.tasks"],
  quantity: taskHours(size, arm),
  reason: "the desired count; what scales it is not read",
});

const SERVICE: CostComponent[] = [
  row("Fargate processors", "vCPU-hour", "fargate.x86.vcpu-hour", cpu, false),
  row("Fargate memory", "GB-hour", "fargate.x86.gb-hour", memory, false),
  row("Fargate processors (Arm)", "vCPU-hour", "fargate.arm.vcpu-hour", cpu, true),
  row("Fargate memory (Arm)", "GB-hour", "fargate.arm.gb-hour", memory, true),
  row(`Fargate storage above ${STORAGE_GB} GB`, "GB-hour", "fargate.storage.gb-hour", storage, null),
  {
    what: "public IPv4 addresses",
    unit: "address-hour",
    kind: "fixed",
    price: service("ipv4.hour"),
    quantity: (resource, context) =>
      flag(resource, "networkConfiguration.assignPublicIp") === true
        ? taskHours(() => 1, null)(resource, context)
        : null,
    reason: "one for each task",
  },
  free(
    "its tasks run on instances that are priced themselves",
    (resource) => launchOf(resource) === "instances",
  ),
  unpriced(
    "Fargate Spot tasks",
    "the catalogue has no price of Fargate Spot",
    (resource) => launchOf(resource) === "spot",
  ),
  unpriced(
    "tasks",
    "where they run is not known before the deployment",
    (resource) => launchOf(resource) === "unknown",
  ),
];

/** ECS: services on Fargate. */
export const FARGATE: ComponentTable = {
  "aws:ecs/service:Service": SERVICE,
};
