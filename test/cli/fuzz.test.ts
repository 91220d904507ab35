import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { asksForJson } from "../../cli/failure.ts";
import { everyCommand, program } from "../../cli/program.ts";
import { project, ROOT, run, TABLE } from "./project.ts";

const root = program(
  { out: () => undefined, err: () => undefined, color: false, cwd: ROOT, today: "" },
  () => undefined,
);
const flags = [
  ...new Set(
    everyCommand(root).flatMap(({ options }) => options.flatMap(({ long, short }) => [long, short])),
  ),
].filter((flag) => typeof flag === "string");
const names = everyCommand(root).map((command) => command.name());

/** Text without a path out of the folder of the run: some flags write files. */
const text = fc.string({ unit: "binary", maxLength: 12 }).map((value) => value.replaceAll(/[/\\]|\.\./g, ""));
const value = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "dev",
      "onprem",
      "bad",
      "empty",
      "graph.json",
      "bill.json",
      "rows.csv",
      "gone.json",
      "out.txt",
      "stacks",
      "json",
      "text",
      "markdown",
      "sarif",
      "junit",
      "html",
      "gdpr",
      "hipaa",
      "gdpr,hipaa",
      "eea",
      "eu-west-1",
      "S3-03",
      "g6.xlarge",
      "L4-24G",
      "Qwen/Qwen3-8B-AWQ",
      "openai/gpt-oss-120b",
      "awq",
      "HEAD:dev",
      "-1",
      "0",
      "1",
      "8",
      "0.9",
      "1e999",
      "NaN",
      "999999999999999999999",
      "2026-11-01",
      "2026-13-01",
      "bash",
      "stack",
      "__proto__",
      "constructor",
      "toString",
      "",
      " ",
      "\0",
      "freehold:models[0].context=4096",
      "freehold:models[0].model=openai/gpt-oss-120b",
      "freehold:__proto__.x=1",
      "freehold:models[999999999].x=1",
      "=",
      "freehold:=",
      "💶",
    ),
  },
  { weight: 1, arbitrary: text },
);
const word = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...flags) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...flags), value).map(([flag, given]) => `${flag}=${given}`),
  },
  { weight: 3, arbitrary: value },
  { weight: 1, arbitrary: fc.constantFrom("--", "-", "--help", "help", "--nope", "-x", "-ojson") },
);
const argv = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: value }),
    fc.array(word, { maxLength: 7 }),
  )
  .map(([command, words]) => [...(command === "diff" ? ["cost"] : []), command, ...words]);

describe("any command line", () => {
  let dir: string;
  beforeAll(() => {
    // Without a program: what a stack becomes is the matter of other tests and would only cost its second.
    dir = project(null);
    writeFileSync(join(dir, "stacks/Pulumi.bad.yaml"), "config:\n  freehold:models: 7\n");
    writeFileSync(join(dir, "stacks/Pulumi.empty.yaml"), "");
    writeFileSync(join(dir, "graph.json"), '{"schema":"freehold.resources/v1","resources":[]}');
    writeFileSync(join(dir, "bill.json"), '{"schema":"freehold.bill/v1"}');
    writeFileSync(join(dir, "rows.csv"), "model,gpu\nQwen/Qwen3-8B-AWQ,L4-24G\n");
  });

  it("ends with a code of the table, without a stack trace, and in JSON with one document", async () => {
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(argv, async (words) => {
        const { code, out, err } = await run(words, dir);
        seen.set(code, (seen.get(code) ?? 0) + 1);
        expect(TABLE).toContain(code);
        // Nothing here is our fault: a code of 1 would be a defect, or doctor's finding about this machine.
        if (code === 1) expect(words[0]).toBe("doctor");
        expect(err).not.toMatch(/^\s+at |node:internal|TypeError|\[object Object\]/m);
        if (code === 2) expect(err).toMatch(/^(error: |Usage: )/m);
        if (code === 2 && asksForJson(words) && !words.includes("--out"))
          expect(JSON.parse(out)).toHaveProperty(
            words[0] === "check" && out.includes('"results"') ? "results" : "errors",
          );
      }),
      { numRuns: 1500, examples: [[["fit", "\0"]]] },
    );
    // The words are close enough to sense that some lines run.
    expect([...seen.keys()]).toEqual(expect.arrayContaining([0, 2]));
  });
});
