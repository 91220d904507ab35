import type { ModelSpec, StackSpec } from "../config/index.ts";
import type { Estimate, LoadPlan } from "./types.ts";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const HOURS_PER_WEEK = 168;
/** 730 hours a month over 168 hours a week. */
export const WEEKS_PER_MONTH = 730 / HOURS_PER_WEEK;
/** Share of the busy-hour traffic outside business hours. */
const QUIET_SHARE = 0.1;

/**
 * Hours of a week (Monday 00:00 first, in the schedule's own time zone) in which the service is up, as shares
 * from 0 to 1 of each hour. Without a schedule every hour is 1.
 */
export function uptimeWeek(schedule: StackSpec["schedule"]): number[] {
  const week = new Array<number>(HOURS_PER_WEEK).fill(schedule ? 0 : 1);
  if (!schedule) return week;
  const [from, to] = [minutes(schedule.start), minutes(schedule.end)];
  for (const [day, name] of DAYS.entries()) {
    if (!schedule.days.includes(name)) continue;
    for (let hour = 0; hour < 24; hour++) {
      const overlap = Math.min(to, (hour + 1) * 60) - Math.max(from, hour * 60);
      week[day * 24 + hour] = Math.max(0, Math.min(60, overlap)) / 60;
    }
  }
  return week;
}

function minutes(clock: string): number {
  const [hours, mins] = clock.split(":").map(Number);
  return hours! * 60 + mins!;
}

/** Share of the busy-hour traffic in each hour of the week. */
function trafficWeek(profile: "flat" | "business-hours" | "schedule", uptime: number[]): number[] {
  return uptime.map((up, index) => {
    if (profile !== "business-hours") return up;
    const [day, hour] = [Math.floor(index / 24), index % 24];
    const busy = day < 5 && hour >= 8 && hour < 18;
    return up * (busy ? 1 : QUIET_SHARE);
  });
}

/**
 * The load of one model hour by hour over a week, and the replicas that the scaler's own rule asks for:
 * enough to decode that hour's answers at the expected throughput, within the bounds.
 *
 * @param outputTokensPerSecond expected output rate of one replica; null keeps replicas at the lower bound.
 */
export function planLoad(
  model: ModelSpec,
  spec: StackSpec,
  outputTokensPerSecond: Estimate | null,
): LoadPlan | null {
  const load = model.load ?? spec.load;
  if (!load) return null;
  const uptime = uptimeWeek(spec.schedule);
  const week = trafficWeek(load.profile, uptime);
  const perReplicaHour = outputTokensPerSecond
    ? (outputTokensPerSecond.expected * 3600) / load.outputTokens
    : null;
  const replicas = week.map((share, hour) => {
    const needed =
      perReplicaHour === null ? 0 : Math.ceil((load.requestsPerHour * share) / perReplicaHour - 1e-9);
    return Math.min(model.replicas.max, Math.max(model.replicas.min, needed)) * uptime[hour]!;
  });
  const requestsPerWeek = week.reduce((sum, share) => sum + share * load.requestsPerHour, 0);
  return {
    requestsPerHour: load.requestsPerHour,
    inputTokens: load.inputTokens,
    outputTokens: load.outputTokens,
    week,
    replicas,
    requestsPerMonth: Math.round(requestsPerWeek * WEEKS_PER_MONTH),
  };
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
