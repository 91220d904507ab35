import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { COMMENT_LIMIT } from "../../report/bill-comment.ts";
import { billComment } from "../../report/index.ts";
import { HOSTILE } from "./fixtures.ts";
import { document, type Json, run } from "./run.ts";

describe("the bill as a comment", () => {
  it("is what the command prints, the sum first", async () => {
    const { out } = await run("cost", "-s", "dev", "-o", "markdown");
    const bill = await document("cost", "-s", "dev");
    expect(out.trimEnd()).toBe(billComment(bill, "dev"));
    const month = Number(bill.totals.monthlyUsd.expected).toFixed(2);
    expect(out).toMatch(new RegExp(`^## dev: \\$${month} a month`));
    for (const warning of bill.warnings) expect(out).toContain(warning.slice(0, 60));
  });

  it("holds what a comment of GitHub holds, however many and long the lines", async () => {
    const bill: Json = await document("cost", "-s", "dev");
    const [line] = bill.lines.filter((one: Json) => one.kind === "fixed");
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 0, max: 400 }),
        fc.boolean(),
        (count, length, unknown) => {
          const lines = Array.from({ length: count }, (_, index) => ({
            ...line,
            what: `${"*".repeat(length)} ${index}`,
            ...(unknown &&
              index % 2 === 0 && { kind: "unknown", monthlyUsd: null, reason: "|".repeat(length) }),
          }));
          const text = billComment({ ...bill, lines }, HOSTILE.repeat(100));
          expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
          const known = lines.filter(({ kind }) => kind !== "unknown").length;
          if (known > 0) expect(text).toContain(`${known} kinds of line`);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("says how many lines it leaves out, and their sum", async () => {
    const bill: Json = await document("cost", "-s", "dev");
    const [line] = bill.lines.filter((one: Json) => one.kind === "fixed");
    const monthlyUsd = { min: "1.000000", expected: "1.000000", max: "1.000000" };
    const lines = Array.from({ length: 3000 }, (_, index) => ({
      ...line,
      monthlyUsd,
      what: `line ${index}`,
    }));
    const text = billComment({ ...bill, lines }, "dev");
    const shown = text.match(/^\| line \d+ /gm)!.length;
    const left = 3000 - shown;
    expect(left).toBeGreaterThan(0);
    const sum = left.toLocaleString("en-US", { minimumFractionDigits: left < 1000 ? 2 : 0 });
    expect(text).toContain(`and ${left} more kinds of line, $${sum} together`);
  });

  it("lets no name become markup", async () => {
    const bill: Json = structuredClone(await document("cost", "-s", "dev"));
    bill.lines[0].what = HOSTILE;
    bill.warnings = [HOSTILE];
    const html = marked.parse(billComment(bill, HOSTILE)) as string;
    expect(html).not.toMatch(/<img|<script|<a /);
  });
});
