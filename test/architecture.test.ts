import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
/** The rooms in the order in which data walks through them (docs/design.md). */
const ROOMS = [
  "config",
  "catalog",
  "plan",
  "components",
  "preview",
  "graph",
  "cost",
  "policies",
  "report",
  "cli",
];
/** Rooms that must not touch the Pulumi SDK, the environment, the clock, randomness or the file system. */
const PURE = [
  "catalog",
  "config",
  "plan",
  "graph",
  "cost",
  "report",
  "policies/rules",
  "policies/frameworks",
];
/** The files of pure rooms that read files or write generated ones. */
const READERS = new Set([
  "config/load.ts",
  "config/build-docs.ts",
  "cost/build-docs.ts",
  "report/schema/build-docs.ts",
  "catalog/load.ts",
  "catalog/model-folder.ts",
  "catalog/requests-file.ts",
  "catalog/own-prices.ts",
]);

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

function imports(file: string): { target: string; typeOnly: boolean; dynamic: boolean }[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found: { target: string; typeOnly: boolean; dynamic: boolean }[] = [];
  for (const match of text.matchAll(/^\s*(import|export)\s+(type\s+)?[^;'"]*?from\s+["']([^"']+)["']/gms)) {
    found.push({ target: match[3]!, typeOnly: match[2] !== undefined, dynamic: false });
  }
  for (const match of text.matchAll(/^\s*import\s+["']([^"']+)["']/gm)) {
    found.push({ target: match[1]!, typeOnly: false, dynamic: false });
  }
  for (const match of text.matchAll(/import\(\s*["']([^"']+)["']\s*\)/g)) {
    found.push({ target: match[1]!, typeOnly: false, dynamic: true });
  }
  return found;
}

const room = (path: string) => ROOMS.indexOf(path.split("/")[0]!);
const files = ROOMS.flatMap(sources);

describe("the house", () => {
  it("has files in every room", () => {
    for (const name of ROOMS) expect(sources(name).length, name).toBeGreaterThan(0);
  });

  it("lets no room look back", () => {
    const wrong = files.flatMap((file) =>
      imports(file)
        .filter(({ target }) => target.startsWith("."))
        .map(({ target }) => relative(ROOT, resolve(ROOT, dirname(file), target)))
        .filter((target) => room(target) > room(file))
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps components away from the rooms that judge and print", () => {
    const wrong = sources("components").flatMap((file) =>
      imports(file)
        .filter(({ target }) => /\.\.\/(cost|policies|report|cli|graph|preview)\//.test(target))
        .map(({ target }) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps the pure rooms pure", () => {
    const wrong = files
      .filter((file) => PURE.some((pure) => file.startsWith(`${pure}/`)))
      .flatMap((file) => {
        const text = readFileSync(join(ROOT, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
        const reasons = imports(file)
          .filter(({ target, typeOnly }) => !typeOnly && target.startsWith("@pulumi/"))
          .map(({ target }) => `imports ${target}`);
        if (/\bDate\.now\(|new Date\(\)/.test(text)) reasons.push("reads the clock");
        if (/Math\.random\(/.test(text)) reasons.push("draws random numbers");
        if (/process\.env/.test(text)) reasons.push("reads the environment");
        if (/["']node:fs/.test(text) && !READERS.has(file) && !file.startsWith("catalog/build/"))
          reasons.push("touches the file system");
        return reasons.map((reason) => `${file} ${reason}`);
      });
    expect(wrong).toEqual([]);
  });

  it("imports the Pulumi SDK only where resources are made or the pack is registered", () => {
    const allowed = (file: string) =>
      file.startsWith("components/") ||
      file.startsWith("preview/") ||
      file === "policies/index.ts" ||
      file.startsWith("policies/pack");
    const wrong = files
      .filter((file) => !allowed(file))
      .filter((file) =>
        imports(file).some(({ target, typeOnly }) => !typeOnly && target.startsWith("@pulumi/")),
      );
    expect(wrong).toEqual([]);
  });

  it("loads the embedded preview lazily from the command", () => {
    const wrong = sources("cli").filter((file) =>
      imports(file).some(
        ({ target, typeOnly, dynamic }) =>
          /preview\/index\.ts$/.test(target) && !typeOnly && !dynamic && file === "cli/main.ts",
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("loads little for --help: the catalogue without its data, and one package", () => {
    const reached = new Set(["cli/bin.ts"]);
    const packages = new Set<string>();
    for (const file of reached) {
      for (const { target, typeOnly, dynamic } of imports(file)) {
        if (typeOnly || dynamic || target.startsWith("node:")) continue;
        if (target.startsWith(".")) reached.add(relative(ROOT, resolve(ROOT, dirname(file), target)));
        else packages.add(target);
      }
    }
    expect([...packages]).toEqual(["commander"]);
    // Rooms that work on a stack or a graph wait for the command that needs them.
    expect(
      [...reached].filter((file) => /^(plan|components|preview|graph|cost|policies)\//.test(file)),
    ).toEqual([]);
  });

  it("has no cycle between files", () => {
    const edges = new Map(
      files.map((file) => [
        file,
        imports(file)
          .filter(({ target, typeOnly, dynamic }) => target.startsWith(".") && !typeOnly && !dynamic)
          .map(({ target }) => relative(ROOT, resolve(ROOT, dirname(file), target))),
      ]),
    );
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]) => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        cycles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
        return;
      }
      state.set(file, "open");
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it("keeps the program under 40 lines", () => {
    expect(readFileSync(join(ROOT, "index.ts"), "utf8").split("\n").length).toBeLessThan(40);
  });
});
