import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, run } from "../report/run.ts";

/** Kept for a look: what the page is like in light and dark. */
const SHOTS = join(ROOT, ".cache/screenshots");

/**
 * What a reader does, run inside the page after its own script: each column's button takes the focus and is
 * pressed twice. The answer is written into the document, which the browser then prints.
 */
const READER = `
const table = document.querySelector("table[data-sortable]");
const heads = [...table.tHead.rows[0].cells];
const column = (index) => [...table.tBodies[0].rows].map((row) => row.cells[index].dataset.by);
const report = { before: column(6), columns: [] };
heads.forEach((head, index) => {
  const button = head.querySelector("button");
  button.focus();
  const focused = document.activeElement === button;
  button.click();
  const first = { sort: head.getAttribute("aria-sort"), values: column(index) };
  button.click();
  const second = { sort: head.getAttribute("aria-sort"), values: column(index) };
  const others = heads.filter((other) => other !== head && other.hasAttribute("aria-sort")).length;
  report.columns.push({ number: head.classList.contains("right"), focused, first, second, others });
});
report.wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
report.resources = performance.getEntriesByType("resource").map((entry) => entry.name);
const answer = document.createElement("pre");
answer.id = "answer";
answer.textContent = JSON.stringify(report);
document.body.append(answer);
`;

interface Ordered {
  sort: string;
  values: string[];
}
interface Report {
  before: string[];
  columns: { number: boolean; focused: boolean; first: Ordered; second: Ordered; others: number }[];
  wide: boolean;
  resources: string[];
}

describe("the page of a bill in a browser", () => {
  let folder: string;
  let html: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "freehold-page-"));
    html = (await run("cost", "-s", "eu-gdpr", "-o", "html")).out;
    writeFileSync(join(folder, "bill.html"), html);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function chromium(...flags: string[]): string {
    const { status, stdout, stderr, error } = spawnSync(
      "chromium",
      // Containers run as root without user namespaces; the page is our own file.
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        `--user-data-dir=${folder}/profile`,
        ...flags,
      ],
      { encoding: "utf8", timeout: 120_000, maxBuffer: 1 << 26 },
    );
    expect(status, `${error ?? ""}${stderr}`).toBe(0);
    return stdout;
  }
  const address = (name: string) => pathToFileURL(join(folder, name)).href;

  /** The page with a reader added; the policy lets the reader's script run beside the page's own. */
  function readBy(script: string, ...flags: string[]): Report {
    const page = html
      .replace(/script-src '[^']+'/, "script-src 'unsafe-inline'")
      .replace("</body>", () => `<script>${script}</script></body>`);
    writeFileSync(join(folder, "read.html"), page);
    const dom = chromium(...flags, "--dump-dom", address("read.html"));
    const text = /<pre id="answer">(.*?)<\/pre>/s.exec(dom)![1]!;
    return JSON.parse(
      text.replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">"),
    ) as Report;
  }

  it("orders its lines by any column, both ways, from the keyboard", () => {
    const { before, columns } = readBy(READER);
    expect(before.length).toBeGreaterThan(20);
    expect(columns).toHaveLength(9);
    for (const { number, focused, first, second, others } of columns) {
      expect(focused).toBe(true);
      expect(others).toBe(0);
      expect([first.sort, second.sort]).toEqual(
        number ? ["descending", "ascending"] : ["ascending", "descending"],
      );
      const up = number ? second.values : first.values;
      const order = (a: string, b: string) => (number ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0);
      expect(up).toEqual([...up].sort(order));
      const down = number ? first.values : second.values;
      expect(down.map(String).sort()).toEqual(up.map(String).sort());
      expect(down).toEqual([...down].sort((a, b) => order(b, a)));
    }
  });

  it("loads nothing, and stays within a narrow screen", () => {
    const { resources, wide } = readBy(READER, "--window-size=500,900");
    expect(resources).toEqual([]);
    expect(wide).toBe(false);
  });

  it("runs its script under its own policy", () => {
    const dom = chromium("--dump-dom", address("bill.html"));
    expect(dom.match(/<th scope="col"[^>]*><button type="button">/g)).toHaveLength(9);
  });

  it("is drawn in light, in dark and on paper", () => {
    mkdirSync(SHOTS, { recursive: true });
    const size = "--window-size=1300,2200";
    const shot = (name: string, ...flags: string[]) => {
      const file = join(SHOTS, `bill-${name}.png`);
      chromium(size, ...flags, `--screenshot=${file}`, address("bill.html"));
      return readFileSync(file);
    };
    const light = shot("light");
    const dark = shot("dark", "--blink-settings=preferredColorScheme=0");
    // Bytes 16 to 24 of a PNG are its width and height.
    for (const image of [light, dark])
      expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([1300, 2200]);
    expect(light.equals(dark)).toBe(false);
    chromium(`--print-to-pdf=${join(SHOTS, "bill.pdf")}`, address("bill.html"));
    expect(statSync(join(SHOTS, "bill.pdf")).size).toBeGreaterThan(20_000);
  });
});
