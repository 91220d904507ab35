import { downDelays, restReplicas, type ScalerRule, upDelays } from "./rule.ts";
import { combine, heldDown, heldUp, mapSteps, perHour, risesPerHour, type Steps } from "./steps.ts";

/** The part of an hour in which the service is up, from 0 to 1; equal ends: it is down. */
export interface Window {
  from: number;
  to: number;
}

/** One hour of load: what arrives, all of it while the service is up. */
export interface LoadHour {
  requests: number;
  window: Window;
}

/** What the simulation needs to know of a model and its nodes. Times are hours. */
export interface Served {
  rule: ScalerRule;
  /** Requests that a replica answers in an hour; null = not known. */
  perReplica: number | null;
  replicasPerNode: number;
  /** Nodes that are there whatever the scaler asks for. */
  floorNodes: number;
  nodeStart: number;
  replicaStart: number;
  /** How long a node stays after its last replica went. */
  nodeHold: number;
  /** Reclaimed spot nodes in an hour of such a node, expected value; 0 = none are. */
  interruptions: number;
}

/** One simulated hour. Counts are means over the hour. */
export interface SimulatedHour {
  requests: number;
  /** Replicas that the scaler asks for, starting ones too. */
  replicas: number;
  /** Nodes that are paid for. */
  nodes: number;
  /** Requests that ready replicas can answer; null where throughput is not known. */
  capacity: number | null;
  answered: number | null;
  /** Requests that wait at its end. */
  queue: number | null;
  /** Replica starts, those after an interruption included. */
  starts: number;
  interrupted: number;
}

/**
 * Runs a service through hours of load: replicas by the scaler's rule, each change after the delays that the rule
 * has; nodes that start when a replica finds none, and stay for a while when they are empty; replicas that answer
 * only once their node and they themselves have started. Spot interruptions count by their expected value: a node
 * that is reclaimed is paid for again at once, and its replicas are missing until they have started.
 *
 * A fluid model: requests of an hour arrive evenly. What cannot be answered waits for the next hour while the
 * service is up.
 */
export function simulate(hours: readonly LoadHour[], served: Served): SimulatedHour[] {
  const replicas = replicaSteps(hours, served);
  const nodes = mapSteps(
    heldUp(
      mapSteps(replicas, (count) => Math.ceil(count / served.replicasPerNode - 1e-9)),
      served.nodeHold,
    ),
    (count) => Math.max(served.floorNodes, count),
  );
  const started = heldDown(nodes, served.nodeStart);
  const placed = combine(replicas, started, (pods, ready) => Math.min(pods, ready * served.replicasPerNode));
  const ready = heldDown(placed, served.replicaStart);

  const [replicaHours, nodeHours, readyHours, rises] = [
    perHour(replicas, hours.length),
    perHour(nodes, hours.length),
    perHour(ready, hours.length),
    risesPerHour(replicas, hours.length),
  ];
  const missing = served.nodeStart + served.replicaStart;
  let queue = 0;
  return hours.map(({ requests, window }, hour) => {
    const interrupted = served.interruptions * Math.max(0, nodeHours[hour]! - served.floorNodes);
    const lost = Math.min(readyHours[hour]!, interrupted * served.replicasPerNode * missing);
    const capacity = served.perReplica === null ? null : (readyHours[hour]! - lost) * served.perReplica;
    const wanted = window.to > window.from ? queue + requests : 0;
    const answered = capacity === null ? null : Math.min(wanted, capacity);
    queue = answered === null ? 0 : wanted - answered;
    return {
      requests,
      replicas: replicaHours[hour]!,
      nodes: nodeHours[hour]!,
      capacity,
      answered,
      queue: answered === null ? null : queue,
      starts: rises[hour]! + interrupted * served.replicasPerNode,
      interrupted,
    };
  });
}

interface Segment {
  from: number;
  to: number;
  /** Where its first hour ends: replicas that it asks for are there by then. */
  by: number;
  target: number;
  rate: number;
}

/** What the scaler asks for, stretch by stretch. */
function segments(hours: readonly LoadHour[], served: Served): Segment[] {
  const found: Segment[] = [];
  const add = (part: Omit<Segment, "by">) => {
    const next = { ...part, by: part.to };
    const last = found.at(-1);
    if (next.to <= next.from) return;
    // Replicas that leave slower than the hour ends go on leaving where the next one asks for the same.
    if (last && last.target === next.target) last.to = next.to;
    else found.push(next);
  };
  for (const [hour, { requests, window }] of hours.entries()) {
    const rate = window.to > window.from ? requests / (window.to - window.from) : 0;
    const target = restReplicas(rate, served.perReplica, served.rule);
    const [open, close] = [hour + window.from, hour + window.to];
    if (close <= open) {
      add({ from: hour, to: hour + 1, target: 0, rate: 0 });
      continue;
    }
    add({ from: hour, to: open, target: 0, rate: 0 });
    add({ from: open, to: close, target, rate });
    add({ from: close, to: hour + 1, target: 0, rate: 0 });
  }
  return found;
}

/** Replicas over time. A change is through at the end of its stretch at the latest. */
function replicaSteps(hours: readonly LoadHour[], served: Served): Steps {
  let running = 0;
  return segments(hours, served).flatMap(({ from, to, by, target, rate }, index) => {
    const before = running;
    running = target;
    if (index === 0) return [{ at: 0, value: target }];
    const delays =
      target > before
        ? upDelays(before, target, rate, served.perReplica, served.rule)
        : downDelays(before, target);
    const [step, end] = target > before ? [1, by] : [-1, to];
    let latest = from;
    return delays.map((delay, j) => {
      // Never before the change that comes first in the rule.
      latest = Math.max(latest, Math.min(end, from + delay));
      return { at: latest, value: before + step * (j + 1) };
    });
  });
}
