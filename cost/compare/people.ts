import type { GuideFigure } from "../../catalog/index.ts";
import { exact, multiply } from "../decimal.ts";
import { divideHalfEven, formatMicro, toMicro } from "../money.ts";

const MONTHS = 12n;
/** Working days of a week, and of a year of 52 weeks. */
const WEEK = 5;
const YEAR = 260n;

type Figures = (key: string) => GuideFigure;

/** Micro-dollars a month of so many engineers, at the guide's salary. */
export function peopleMonth(engineers: string, figure: Figures): bigint {
  const year = multiply(exact(engineers), exact(figure("people.engineer").value));
  return divideHalfEven(toMicro(year), MONTHS);
}

export interface Integration {
  minDays: number;
  maxDays: number;
  onceUsd: { min: string; max: string };
}

/** Working days until an API or a service of one's own runs, and what an engineer costs in them. */
export function integrationOf(way: "api" | "self-host", figure: Figures): Integration {
  const days = (bound: "min" | "max") => {
    const { value, unit } = figure(`people.integration.${way}.${bound}`);
    return Number(value) * (unit === "week" ? WEEK : 1);
  };
  const salary = toMicro(exact(figure("people.engineer").value));
  const once = (count: number) => formatMicro(divideHalfEven(salary * BigInt(count), YEAR));
  const [minDays, maxDays] = [days("min"), days("max")];
  return { minDays, maxDays, onceUsd: { min: once(minDays), max: once(maxDays) } };
}
