import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { document, project, ROOT } from "./project.ts";

const START = Date.parse("2026-03-02T00:00:00Z");
const hours = Array.from(
  { length: 168 },
  (_, hour) => `${new Date(START + hour * 3_600_000).toISOString().slice(0, 16)},300`,
);

function counted(lines: readonly string[]): string {
  const path = project();
  const stack = readFileSync(join(ROOT, "stacks/Pulumi.onprem.yaml"), "utf8");
  const load = "profile: file\n        requestsFile: ./counted.csv";
  writeFileSync(join(path, "stacks/Pulumi.counted.yaml"), stack.replace(/requestsPerHour: \d+/, load));
  writeFileSync(join(path, "counted.csv"), ["hour,requests", ...lines, ""].join("\n"));
  return path;
}

describe("a stack whose load is a file of counted hours", () => {
  it("is planned and previewed from another folder", async () => {
    const { code, json } = await document(["preview", "-s", "counted", "--stack-dir", counted(hours)]);
    expect(code).toBe(0);
    expect(json.plan.models[0].load).toMatchObject({ requestsPerHour: 300, requestsPerMonth: 219_000 });
  });

  it("is refused where an hour is missing, at the line of the file", async () => {
    const dir = counted(hours.toSpliced(30, 1));
    const { code, json } = await document(["plan", "-s", "counted", "--stack-dir", dir]);
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([
      {
        code: "requests-file",
        file: expect.stringMatching(/counted\.csv$/),
        line: 32,
        col: 1,
        path: "models[0].load.requestsFile",
        message: "1 hour is missing before 2026-03-03T07:00",
      },
    ]);
  });

  it("is refused at the stack file where there is no such file", async () => {
    const dir = counted(hours);
    const { code, json } = await document([
      ...["plan", "-s", "counted", "--stack-dir", dir],
      ...["--config", "freehold:models[0].load.requestsFile=none.csv"],
    ]);
    expect(code).toBe(2);
    expect(json.errors[0].message).toMatch(/there is no file .*none\.csv/);
  });
});
