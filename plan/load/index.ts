import type { RequestsFile } from "../../catalog/index.ts";
import type { ModelSpec, StackSpec } from "../../config/index.ts";
import type { Estimate, LoadPlan, LoadSimulation, LoadWeek } from "../types.ts";
import type { Interruption } from "./interruption.ts";
import { CONSOLIDATE_AFTER_MINUTES, NODE_START_SECONDS, SCALER, type ScalerRule } from "./rule.ts";
import { type LoadHour, type Served, type SimulatedHour, simulate } from "./simulate.ts";
import { growthOf, HOURS_PER_WEEK, seasonsOf, trafficWeek, uptimeWeek, windowsWeek } from "./week.ts";

export { uptimeWeek, WEEKS_PER_MONTH } from "./week.ts";

export const HOURS_PER_MONTH = 730;

/** What of a planned model the simulation reads. */
export interface LoadSubject {
  outputTokensPerSecond: Estimate | null;
  /** Waiting requests a replica above which the scaler adds one. */
  waitingPerReplica: number;
  replicasPerNode: number;
  /** Nodes that are there whatever the scaler asks for. */
  floorNodes: number;
  /** Seconds from the start of a container to ready. */
  startupSeconds: number;
  /** Nodes that are there already start in no time and are never given back. */
  owned: boolean;
  /** How often its nodes are reclaimed; null = they are not spot nodes. */
  interruption: Interruption | null;
}

/** How the scaler decides about a model. */
export function scalerRule(model: ModelSpec, spec: StackSpec, waitingPerReplica: number): ScalerRule {
  const { min, max } = model.replicas;
  return {
    replicas: { min, max },
    openReplicas: spec.schedule ? Math.max(1, min) : min,
    waitingPerReplica,
  };
}

function servedOf(model: ModelSpec, spec: StackSpec, subject: LoadSubject, outputTokens: number): Served {
  const { outputTokensPerSecond: output, owned, interruption } = subject;
  return {
    rule: scalerRule(model, spec, subject.waitingPerReplica),
    perReplica: output ? (output.expected * 3600) / outputTokens : null,
    replicasPerNode: subject.replicasPerNode,
    floorNodes: subject.floorNodes,
    nodeStart: owned ? 0 : NODE_START_SECONDS / 3600,
    replicaStart: subject.startupSeconds / 3600,
    nodeHold: owned ? 0 : CONSOLIDATE_AFTER_MINUTES / 60,
    interruptions: (interruption?.perMonth ?? 0) / HOURS_PER_MONTH,
  };
}

/** Requests of each hour before season and growth, and the hour of the week that the first one is. */
interface Series {
  requests: number[];
  start: number;
}

/**
 * Hourly means of the nodes that a model has in the three cases. Least and most follow from the bounds of its
 * replicas, held all the time that the service is up; the expected case from its load. Without a load that is the
 * lower bound: nothing is known that would ask for more.
 */
export function nodeBounds(model: ModelSpec, spec: StackSpec, subject: LoadSubject) {
  const held = (count: number) => {
    const served = { ...servedOf(model, spec, subject, 1), perReplica: null };
    const rule = { ...served.rule, replicas: { min: count, max: count }, openReplicas: count };
    const hours = windowsWeek(spec.schedule).map((window) => ({ requests: 0, window }));
    return mean(measured(hours, { ...served, rule }).map(({ nodes }) => nodes));
  };
  return { min: held(model.replicas.min), max: held(model.replicas.max) };
}

/**
 * The load of one model, simulated hour by hour: one week of 168 hours for each season and month of growth (or the
 * hours of a file), each after a week of warm-up that does not count. Figures of a month are hourly means × 730.
 *
 * @param file hours of `load.requestsFile`; null where the load has none
 */
export function planLoad(
  model: ModelSpec,
  spec: StackSpec,
  subject: LoadSubject,
  file: RequestsFile | null,
): LoadPlan | null {
  const load = model.load ?? spec.load;
  if (!load) return null;
  const { inputTokens, outputTokens } = load;
  const shares = trafficWeek(load, spec.schedule);
  const base: Series = file
    ? seriesOf(file, spec)
    : { requests: shares.map((share) => share * load.requestsPerHour!), start: 0 };
  const busiest = file ? Math.max(...file.requests) : load.requestsPerHour!;
  const served = servedOf(model, spec, subject, outputTokens);
  const growth = growthOf(load);
  const weeks = seasonsOf(load).flatMap((season) =>
    growth.map((factor) => {
      const hours = hoursOf(base, season.factor * factor, spec);
      return { season, factor, weight: season.weight / growth.length, hours: measured(hours, served) };
    }),
  );
  const average = (of: (hour: SimulatedHour) => number) =>
    weeks.reduce((sum, { weight, hours }) => sum + weight * mean(hours.map(of)), 0);
  const byHour = (of: (hour: SimulatedHour) => number) =>
    Array.from({ length: HOURS_PER_WEEK }, (_, hour) =>
      weeks.reduce((sum, { weight, hours }) => {
        const same = hours.filter((_, i) => (base.start + i) % HOURS_PER_WEEK === hour);
        return sum + weight * mean(same.map(of));
      }, 0),
    );
  const requests = average((hour) => hour.requests);
  return {
    requestsPerHour: busiest,
    inputTokens,
    outputTokens,
    week: file ? byHour((hour) => hour.requests).map((value) => (busiest > 0 ? value / busiest : 0)) : shares,
    replicas: byHour(({ replicas }) => replicas),
    requestsPerMonth: Math.round(requests * HOURS_PER_MONTH),
    simulation: summary(weeks, average, served, subject),
  };
}

/** The second run of the same hours: the first is the warm-up, a week or all of a shorter series. */
function measured(hours: readonly LoadHour[], served: Served): SimulatedHour[] {
  return simulate([...hours.slice(-HOURS_PER_WEEK), ...hours], served).slice(-hours.length);
}

/** Hours of a file, cut to whole weeks so that every hour of the week counts alike. */
function seriesOf(file: RequestsFile, spec: StackSpec): Series {
  const whole = file.requests.length - (file.requests.length % HOURS_PER_WEEK);
  const up = uptimeWeek(spec.schedule);
  const requests = file.requests
    .slice(0, whole)
    .map((count, i) => count * up[(file.hourOfWeek + i) % HOURS_PER_WEEK]!);
  return { requests, start: file.hourOfWeek };
}

function hoursOf({ requests, start }: Series, factor: number, spec: StackSpec): LoadHour[] {
  const windows = windowsWeek(spec.schedule);
  return requests.map((count, i) => ({
    requests: count * factor,
    window: windows[(start + i) % HOURS_PER_WEEK]!,
  }));
}

interface SimulatedWeek {
  season: { name: string | null; factor: number };
  factor: number;
  weight: number;
  hours: SimulatedHour[];
}

/** Whether more arrives in an hour than its ready replicas can answer; a millionth is rounding. */
const isAbove = ({ requests, capacity }: SimulatedHour) =>
  capacity !== null && requests > capacity * (1 + 1e-6) + 1e-9;

function summary(
  weeks: SimulatedWeek[],
  average: (of: (hour: SimulatedHour) => number) => number,
  served: Served,
  subject: LoadSubject,
): LoadSimulation {
  const { perReplica, replicasPerNode } = served;
  const known = perReplica !== null;
  const answered = known ? average((hour) => hour.answered!) : 0;
  const paid = average(({ nodes }) => nodes) * replicasPerNode * (perReplica ?? 0);
  const ready = known ? average((hour) => hour.capacity!) : 0;
  const share = (part: number, whole: number) => (whole > 0 ? round(Math.min(1, part / whole)) : null);
  const above = average((hour) => (isAbove(hour) ? 1 : 0));
  const isSpot = subject.interruption !== null;
  const spotKnown = isSpot && subject.interruption!.perMonth !== null;
  const idle = share(answered, paid);
  return {
    weeks: weeks.map(
      ({ season, factor, weight, hours }): LoadWeek => ({
        season: season.name,
        factor: round(season.factor * factor),
        weight: round(weight),
        peakRequestsPerHour: round(Math.max(...hours.map(({ requests }) => requests))),
        nodes: round(mean(hours.map(({ nodes }) => nodes))),
        hoursAboveCapacityShare: known
          ? round(hours.filter((hour) => isAbove(hour)).length / hours.length)
          : null,
      }),
    ),
    replicas: round(average(({ replicas }) => replicas)),
    nodes: average(({ nodes }) => nodes),
    utilisation: known ? share(answered, ready) : null,
    idleShare: idle === null ? null : round(1 - idle),
    hoursAboveCapacityShare: known ? round(above) : null,
    hoursAboveCapacityPerMonth: known ? round(above * HOURS_PER_MONTH) : null,
    longestQueue: known
      ? Math.round(Math.max(...weeks.flatMap(({ hours }) => hours.map(({ queue }) => queue!))))
      : null,
    startsPerMonth: round(average(({ starts }) => starts) * HOURS_PER_MONTH),
    interruptionsPerMonth:
      isSpot && !spotKnown ? null : round(average(({ interrupted }) => interrupted) * HOURS_PER_MONTH),
    reason: known
      ? null
      : "the throughput of a replica is not known, so its replicas stay at the lower bound",
    why: reasons(weeks, served, subject),
  };
}

function reasons(weeks: SimulatedWeek[], served: Served, subject: LoadSubject): string[] {
  const { perReplica, rule } = served;
  const seconds = (hours: number) => Math.round(hours * 3600);
  const list = [
    `${weeks.length} × ${weeks[0]!.hours.length} hours, each after a warm-up; expected is the hourly mean × ${HOURS_PER_MONTH}`,
  ];
  if (perReplica !== null)
    list.push(
      `a replica answers ${Math.round(perReplica)} requests an hour; one more is asked for when ${rule.waitingPerReplica} requests a replica wait, within ${rule.replicas.min} to ${rule.replicas.max}`,
    );
  list.push(
    subject.owned
      ? `a replica starts in ${seconds(served.replicaStart)} s on nodes that are there`
      : `a node starts in ${seconds(served.nodeStart)} s, a replica in ${seconds(served.replicaStart)} s, and an empty node stays for ${CONSOLIDATE_AFTER_MINUTES} minutes`,
  );
  if (weeks.some(({ hours }) => hours.some(({ replicas }) => replicas > rule.openReplicas + 1e-9)))
    list.push(
      `a queue that is empty lets a replica go after ${SCALER.down.stabilizationSeconds} s: what comes and goes within an hour counts as there for all of it`,
    );
  const { interruption } = subject;
  if (interruption)
    list.push(
      interruption.perMonth === null
        ? "how often spot nodes of the type are reclaimed here is not known; none is counted"
        : `spot nodes: ${interruption.band} are reclaimed in a month, counted as ${interruption.perMonth * 100}%`,
    );
  return list;
}

const round = (value: number) => Math.round(value * 1e6) / 1e6;

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
