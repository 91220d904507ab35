import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRequests, requestsFile } from "../../catalog/index.ts";

/** Hours from a moment on, as the file writes them. */
function hours(count: number, from = "2026-03-02T00:00", requests = (hour: number) => hour % 24): string[] {
  const start = Date.parse(`${from}:00Z`);
  return Array.from(
    { length: count },
    (_, hour) => `${new Date(start + hour * 3_600_000).toISOString().slice(0, 16)},${requests(hour)}`,
  );
}

const csv = (...lines: string[]) => `# counted by the gateway\nhour,requests\n${lines.join("\n")}\n`;
const found = (text: string) => {
  const result = parseRequests(text);
  return "errors" in result ? result.errors.map(({ line, col, message }) => [line, col, message]) : result;
};

describe("a file of requests per hour", () => {
  it("is its hours, and the hour of the week that they start in", () => {
    // 4 March 2026 is a Wednesday.
    const file = parseRequests(csv(...hours(200, "2026-03-04T05:00")));
    expect(file).toMatchObject({ hourOfWeek: 2 * 24 + 5 });
    expect("requests" in file && file.requests.length).toBe(200);
  });

  it("has no gap, no hour twice, no hour out of order: each is located", () => {
    const all = hours(170);
    expect(found(csv(...all.slice(0, 10), ...all.slice(13)))).toEqual([
      [13, 1, "3 hours are missing before 2026-03-02T13:00"],
    ]);
    expect(found(csv(...all.slice(0, 10), ...all.slice(9)))).toEqual([
      [13, 1, "2026-03-02T09:00 is not after the hour before it"],
    ]);
  });

  it("shows everything that is wrong at once", () => {
    const lines = hours(168);
    lines[3] = "2026-03-02T03:00,-4";
    lines[5] = "2026-03-02T05:00,";
    lines[7] = "2026-02-30T07:00,1";
    lines[9] = "1,2,3";
    expect(found(csv(...lines))).toEqual([
      [6, 18, '"-4" is no number of requests'],
      [8, 18, "the number of requests is missing"],
      [10, 1, '"2026-02-30T07:00" is no full hour'],
      [12, 1, "3 cells; a line has an hour and a number"],
    ]);
  });

  it.each([
    ["less than a week", csv(...hours(167)), /167 hours; a week at least/],
    ["nothing", "", /0 hours/],
    ["another header", `time,count\n${hours(168).join("\n")}`, /name the columns/],
    ["no header", hours(168).join("\n"), /name the columns/],
    ["no request at all", csv(...hours(168, "2026-03-02T00:00", () => 0)), /no hour has a request/],
    ["two years", csv(...hours(17_000)), /a year at most/],
  ])("refuses %s", (_, text, message) => {
    expect(String(found(text))).toMatch(message);
  });

  it("that is not there, or a folder, is a finding", () => {
    expect(requestsFile("no/such.csv")).toMatchObject({
      errors: [{ message: "there is no file no/such.csv" }],
    });
    expect(requestsFile(import.meta.dirname)).toMatchObject({ errors: [{ line: null }] });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.array(fc.string(), { maxLength: 5 }), (text, cells) => {
        for (const input of [text, csv(...cells), csv(...hours(3), ...cells)])
          expect(found(input)).toSatisfy(Array.isArray);
      }),
    );
  });
});
