import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
// @ts-expect-error a script of the system's Node, without types
import { installed, runsSources } from "../../scripts/ensure.mjs";
import { folder } from "./project.ts";

type Packages = Record<string, { version?: string; integrity?: string; optional?: boolean }>;
const LOCK: Packages = {
  "": { version: "1.0.0" },
  "node_modules/a": { version: "1.2.3", integrity: "sha512-a" },
  "node_modules/a/node_modules/b": { version: "2.0.0", integrity: "sha512-b" },
  "node_modules/only-elsewhere": { version: "1.0.0", integrity: "sha512-e", optional: true },
};
const { "": _, "node_modules/only-elsewhere": __, ...here } = LOCK;

/** A checkout whose install left this list; null = no node_modules. */
function checkout(present: Packages | string | null): string {
  const path = folder();
  writeFileSync(join(path, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages: LOCK }));
  if (present === null) return path;
  mkdirSync(join(path, "node_modules"));
  const text =
    typeof present === "string" ? present : JSON.stringify({ lockfileVersion: 3, packages: present });
  writeFileSync(join(path, "node_modules/.package-lock.json"), text);
  return path;
}

describe("whether node_modules is what the lock file names", () => {
  it.each([
    ["all that this platform takes", here, true],
    ["optional packages too", LOCK, true],
    ["a package more", { ...here, "node_modules/more": { version: "1.0.0" } }, true],
    ["a package less", { "node_modules/a": LOCK["node_modules/a"]! }, false],
    ["another version", { ...here, "node_modules/a": { version: "1.2.4", integrity: "sha512-a" } }, false],
    [
      "another build of the version",
      { ...here, "node_modules/a": { version: "1.2.3", integrity: "sha512-x" } },
      false,
    ],
    [
      "another version of an optional one",
      { ...here, "node_modules/only-elsewhere": { version: "9.0.0" } },
      false,
    ],
    ["nothing", {}, false],
    ["no list", null, false],
    ["half a list", '{"packages":{"node_mod', false],
    ["an empty list", "", false],
    ["a list of another kind", "[]", false],
  ])("%s: %s", (_, present, wanted) => {
    expect(installed(checkout(present as Packages | string | null))).toBe(wanted);
  });

  it("holds for this checkout", () => {
    expect(installed()).toBe(true);
  });
});

describe("the Node that runs the sources", () => {
  it.each([
    ["20.20.2", false],
    ["22.17.9", false],
    ["22.18.0", true],
    ["23.0.0", true],
    ["24.21.0", true],
  ])("%s: %s", (version, wanted) => {
    expect(runsSources(version)).toBe(wanted);
  });
});
