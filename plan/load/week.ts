import type { StackSpec } from "../../config/index.ts";
import type { Window } from "./simulate.ts";

type Load = NonNullable<StackSpec["load"]>;
type Schedule = StackSpec["schedule"];

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
export const HOURS_PER_WEEK = 168;
/** 730 hours a month over 168 hours a week. */
export const WEEKS_PER_MONTH = 730 / HOURS_PER_WEEK;
/** Share of the busy-hour traffic outside business hours. */
const QUIET_SHARE = 0.1;

/**
 * The part of each hour of a week (Monday 00:00 first, in the schedule's own time zone) in which the service is up.
 * Without a schedule it is up all the time.
 */
export function windowsWeek(schedule: Schedule): Window[] {
  const always = schedule ? { from: 0, to: 0 } : { from: 0, to: 1 };
  const week = Array.from({ length: HOURS_PER_WEEK }, (): Window => always);
  if (!schedule) return week;
  const [start, end] = [minutes(schedule.start), minutes(schedule.end)];
  for (const [day, name] of DAYS.entries()) {
    if (!schedule.days.includes(name)) continue;
    for (let hour = 0; hour < 24; hour++) {
      const [from, to] = [Math.max(0, start - hour * 60), Math.min(60, end - hour * 60)];
      if (to > from) week[day * 24 + hour] = { from: from / 60, to: to / 60 };
    }
  }
  return week;
}

/** Shares of each hour of the week, from 0 to 1, in which the service is up. */
export function uptimeWeek(schedule: Schedule): number[] {
  return windowsWeek(schedule).map(({ from, to }) => to - from);
}

function minutes(clock: string): number {
  const [hours, mins] = clock.split(":").map(Number);
  return hours! * 60 + mins!;
}

/** Share of the busy hour's traffic in each hour of the week, on the clock of the load's own time zone. */
function shape(load: Load): number[] {
  return Array.from({ length: HOURS_PER_WEEK }, (_, index) => {
    const [day, hour] = [Math.floor(index / 24), index % 24];
    const isWeekday = day < 5;
    if (load.profile === "business-hours") return isWeekday && hour >= 8 && hour < 18 ? 1 : QUIET_SHARE;
    if (load.profile === "hourly") return (isWeekday ? load.weekday! : load.weekend!)[hour]!;
    return 1;
  });
}

/**
 * Share of the busy hour's traffic in each hour of the week, Monday 00:00 first on the clock of the schedule (of the
 * load where there is none). What falls outside of the schedule does not arrive.
 */
export function trafficWeek(load: Load, schedule: Schedule): number[] {
  const here = schedule?.timezone;
  const there = load.timezone;
  const shift = here && there ? offsetHours(here) - offsetHours(there) : 0;
  return rotated(shape(load), shift).map((share, hour) => {
    const { from, to } = windowsWeek(schedule)[hour]!;
    return share * (to - from);
  });
}

/** A week seen on a clock that is so many hours ahead; of a half hour each part counts by its length. */
export function rotated(week: readonly number[], ahead: number): number[] {
  const at = (index: number) => week[(((index % week.length) + week.length) % week.length) | 0]!;
  return week.map((_, hour) => {
    const source = hour - ahead;
    const whole = Math.floor(source);
    const part = source - whole;
    return at(whole) * (1 - part) + (part === 0 ? 0 : at(whole + 1) * part);
  });
}

/** Middle of a January: clocks of the northern half are on standard time. */
const REFERENCE = Date.UTC(2026, 0, 14, 12);

/** Hours by which a zone is ahead of UTC in January. */
export function offsetHours(timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(REFERENCE);
  const part = (type: string) => Number(parts.find((entry) => entry.type === type)!.value);
  return (part("day") - 14) * 24 + part("hour") - 12 + part("minute") / 60;
}

/** A part of the year with its traffic against the rest of the year. */
export interface Season {
  name: string | null;
  factor: number;
  /** Share of the year. */
  weight: number;
}

/** The seasons of a load; months that none names are one of their own, at factor 1. */
export function seasonsOf(load: Load): Season[] {
  const named = load.seasons.map(
    ({ name, months, factor }): Season => ({ name, factor, weight: months.length / 12 }),
  );
  const rest = 12 - load.seasons.reduce((sum, { months }) => sum + months.length, 0);
  return rest > 0 ? [...named, { name: null, factor: 1, weight: rest / 12 }] : named;
}

/** Traffic of each month of the horizon against the first; one step where there is no growth. */
export function growthOf(load: Load): number[] {
  if (load.growthPctPerMonth === 0) return [1];
  return Array.from({ length: load.growthMonths }, (_, month) => (1 + load.growthPctPerMonth / 100) ** month);
}
