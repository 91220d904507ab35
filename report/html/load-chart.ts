import { h, type JSX } from "preact";
import type { LoadPlan } from "../../plan/index.ts";
import { definitions, folded, list, section } from "./elements.ts";

/** A model with the load that its expected case was simulated from. */
export interface ModelLoad {
  name: string;
  load: LoadPlan;
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** The simulated week of each model: what arrives and which replicas stand, hour by hour, and what comes of it. */
export function loadSection(models: readonly ModelLoad[]): JSX.Element | null {
  if (models.length === 0) return null;
  return section("The load, hour by hour", models.flatMap(loadParts));
}

function loadParts({ name, load }: ModelLoad): JSX.Element[] {
  const { simulation } = load;
  const most = Math.max(...load.replicas);
  const unknown = simulation.reason ?? "unknown";
  const share = (value: number | null) => (value === null ? unknown : `${(value * 100).toFixed(1)} %`);
  return [
    h("h3", null, name),
    strip("traffic", `at most ${count(load.requestsPerHour)} requests an hour`, "part-1", load.week, 1),
    strip("replicas", `at most ${count(most)}`, "part-3", load.replicas, most),
    h(
      "div",
      { class: "days", "aria-hidden": "true" },
      DAYS.map((day) => h("span", null, day)),
    ),
    definitions([
      ["requests", `${count(load.requestsPerMonth)} a month`],
      ["replicas", `${simulation.replicas.toFixed(2)} on average, on ${simulation.nodes.toFixed(2)} nodes`],
      ["utilisation", `${share(simulation.utilisation)} of what ready replicas could answer`],
      ["idle", `${share(simulation.idleShare)} of the paid node-hours`],
      ["above capacity", `${share(simulation.hoursAboveCapacityShare)} of the hours: requests wait`],
      ["starts", `${count(simulation.startsPerMonth)} of a replica a month`],
    ]),
    folded("how it was simulated", [list(simulation.why)]),
  ];
}

/** 168 bars, Monday 00:00 first; each day is named in words for those who do not see them. */
function strip(
  what: string,
  scale: string,
  tint: string,
  hours: readonly number[],
  top: number,
): JSX.Element {
  const width = 100 / hours.length;
  const bars = hours.flatMap((value, hour) => {
    const height = top > 0 ? (value / top) * 100 : 0;
    if (height === 0) return [];
    return [
      h("rect", {
        class: tint,
        x: `${(hour * width).toFixed(3)}%`,
        width: `${(width * 0.85).toFixed(3)}%`,
        y: `${(100 - height).toFixed(2)}%`,
        height: `${height.toFixed(2)}%`,
      }),
    ];
  });
  const days = DAYS.map((day, index) => {
    const values = hours.slice(index * 24, index * 24 + 24);
    const [low, high] = [Math.min(...values), Math.max(...values)].map(count);
    return `${day} ${low} to ${high}`;
  });
  return h("div", { class: "strip" }, [
    h("div", { class: "soft small" }, `${what}, ${scale}`),
    h(
      "svg",
      { role: "img", "aria-label": `${what} by day: ${days.join(", ")}`, width: "100%", height: "64" },
      bars,
    ),
  ]);
}

const count = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 2 });

export const LOAD_SHEET = `
.strip svg { display: block; background: var(--tint); print-color-adjust: exact; }
.days { display: grid; grid-template-columns: repeat(7, 1fr); color: var(--soft); font-size: .8125rem; }
`;
