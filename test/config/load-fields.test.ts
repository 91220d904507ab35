import { describe, expect, it } from "vitest";
import { formatError, parseStack } from "../../config/index.ts";
import { STACK } from "./stack.ts";

const first = (load: string) => {
  const read = parseStack(`${STACK}  freehold:load: { ${load} }\n`, "s.yaml");
  return read.ok ? read.spec.load : read.errors.map((error) => formatError(error).split("\n")[0]);
};
const DAY = `[${new Array(24).fill(0.5).join(", ")}]`;

describe("fields of a load that depend on each other", () => {
  it("are accepted together", () => {
    expect(
      first(`requestsPerHour: 9, profile: hourly, weekday: ${DAY}, weekend: ${DAY}, timezone: Europe/Berlin`),
    ).toMatchObject({ profile: "hourly", growthPctPerMonth: 0, seasons: [] });
    expect(first("profile: file, requestsFile: ./counted.csv")).toMatchObject({ profile: "file" });
  });

  it.each([
    ["profile: flat", ["s.yaml:19:18: load needs requestsPerHour"]],
    [
      "profile: hourly, requestsPerHour: 1",
      ["s.yaml:19:29: profile hourly needs weekday", "s.yaml:19:29: profile hourly needs weekend"],
    ],
    ["profile: file", ["s.yaml:19:29: profile file needs requestsFile"]],
    [
      "profile: flat, requestsPerHour: 1, requestsFile: a.csv",
      ["s.yaml:19:69: requestsFile counts with profile file only; the profile is flat"],
    ],
    [
      "profile: file, requestsFile: a.csv, requestsPerHour: 1",
      ["s.yaml:19:73: the file says how many requests arrive"],
    ],
    [
      "requestsPerHour: 1, timezone: Europe/Dubln",
      ['s.yaml:19:50: load.timezone "Europe/Dubln" is no IANA time zone'],
    ],
    [
      "requestsPerHour: 1, seasons: [{ name: a, months: [1, 2], factor: 2 }, { name: b, months: [2], factor: 3 }]",
      ['s.yaml:19:109: month 2 belongs to "a" already'],
    ],
    [
      "requestsPerHour: 1, profile: hourly, weekday: [1], weekend: [1]",
      [expect.stringMatching(/weekday/), expect.stringMatching(/weekend/)],
    ],
  ])("%s", (load, errors) => {
    expect(first(load)).toEqual(errors);
  });
});
