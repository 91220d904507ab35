import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatError, listStacks, loadStack } from "../../config/index.ts";
import { ROOT, STACK, STACKS } from "./stack.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "freehold-config-"));
  mkdirSync(join(dir, "stacks"));
  put("Pulumi.yaml", "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n");
  put("stacks/Pulumi.dev.yaml", STACK);
  put("stacks/Pulumi.prod-eu.yaml", STACK);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, text: string): void {
  writeFileSync(join(dir, path), text);
}

async function findings(stack: string, overrides: string[] = []): Promise<string[]> {
  const result = await loadStack({ dir, stack, overrides });
  return result.ok ? [] : result.errors.map(formatError);
}

describe("the file of a stack", () => {
  it("is found by the project's configuration folder", async () => {
    expect(await loadStack({ dir, stack: "dev" })).toMatchObject({
      ok: true,
      project: "shop",
      file: "stacks/Pulumi.dev.yaml",
    });
    put("Pulumi.yaml", "name: shop\nconfig: stacks\n");
    expect(await findings("dev")).toEqual([]);
    put("Pulumi.yaml", "name: shop\n");
    put("Pulumi.dev.yaml", STACK);
    expect(await loadStack({ dir, stack: "dev" })).toMatchObject({ ok: true, file: "Pulumi.dev.yaml" });
  });

  it("may come from elsewhere, which findings name", async () => {
    const elsewhere = { name: "v1.0", read: () => new TextEncoder().encode("") };
    const result = await loadStack({ dir, stack: "gone", elsewhere });
    expect(result.ok ? [] : result.errors.map(formatError)).toEqual([
      "v1.0:stacks/Pulumi.gone.yaml:1:1: the stack file is empty\n  fix: copy one of the shipped stacks, or run freehold init",
    ]);
  });

  it.each([
    ["Dev", "stacks/Pulumi.Dev.yaml: there is no stack Dev\n  fix: did you mean dev?"],
    ["prod-us", "stacks/Pulumi.prod-us.yaml: there is no stack prod-us\n  fix: did you mean prod-eu?"],
    ["staging", "stacks/Pulumi.staging.yaml: there is no stack staging\n  fix: -s dev"],
    ["", "the name of the stack is empty\n  fix: -s dev"],
    [
      "../dev",
      "\"../dev\" is not the name of a stack: letters, digits, '.', '_' and '-', at most 100\n  fix: did you mean dev?",
    ],
    [
      "a/b",
      "\"a/b\" is not the name of a stack: letters, digits, '.', '_' and '-', at most 100\n  fix: -s dev",
    ],
    [
      "-s",
      "\"-s\" is not the name of a stack: letters, digits, '.', '_' and '-', at most 100\n  fix: -s dev",
    ],
    [
      "..",
      "\"..\" is not the name of a stack: letters, digits, '.', '_' and '-', at most 100\n  fix: -s dev",
    ],
    [
      "x\0y",
      "\"x\uFFFDy\" is not the name of a stack: letters, digits, '.', '_' and '-', at most 100\n  fix: -s dev",
    ],
    [
      "__proto__",
      "\"__proto__\" is not the name of a stack: letters, digits, '.', '_' and '-', at most 100\n  fix: -s dev",
    ],
  ])("named %j that is not there", async (stack, message) => {
    const result = await loadStack({ dir, stack });
    expect(result.ok ? [] : result.errors.map(formatError)).toEqual([message]);
    expect(result).toMatchObject({ errors: [{ value: stack, allowed: ["dev", "prod-eu"] }] });
  });

  it("is suggested by `freehold init` where there is none at all", async () => {
    rmSync(join(dir, "stacks"), { recursive: true });
    expect(await findings("dev")).toEqual([
      "stacks/Pulumi.dev.yaml: there is no stack dev\n  fix: freehold init",
    ]);
  });

  it("that is a folder, a pipe, a loop or a dangling link is a finding", async () => {
    mkdirSync(join(dir, "stacks/Pulumi.folder.yaml"));
    execFileSync("mkfifo", [join(dir, "stacks/Pulumi.pipe.yaml")]);
    symlinkSync("Pulumi.loop.yaml", join(dir, "stacks/Pulumi.loop.yaml"));
    symlinkSync("/dev/zero", join(dir, "stacks/Pulumi.zero.yaml"));
    symlinkSync("nowhere", join(dir, "stacks/Pulumi.dangling.yaml"));
    const at = (name: string) => `stacks/Pulumi.${name}.yaml`;
    expect(await findings("folder")).toEqual([
      `${at("folder")}: this is a folder, not a file\n  fix: put a plain file in its place`,
    ]);
    for (const name of ["pipe", "zero"])
      expect(await findings(name)).toEqual([
        `${at(name)}: this is a device or a pipe, not a file\n  fix: put a plain file in its place`,
      ]);
    expect(await findings("loop")).toEqual([
      `${at("loop")}: the file cannot be read: a loop of symbolic links\n  fix: check the permissions and what the path leads to (ls -lL)`,
    ]);
    expect((await findings("dangling"))[0]).toMatch(/there is no stack dangling/);
    expect(listStacks(dir)).not.toContain("folder");
  });

  it("that one may not read is a finding", () => {
    chmodSync(dir, 0o755);
    chmodSync(join(dir, "stacks/Pulumi.dev.yaml"), 0);
    // Root may read everything, so that a child gives up its rights first.
    const program = `import { loadStack, formatError } from ${JSON.stringify(join(ROOT, "config/index.ts"))};
      if (process.getuid() === 0) process.setuid(65534);
      const result = await loadStack({ dir: ${JSON.stringify(dir)}, stack: "dev" });
      console.log(result.ok ? "read" : result.errors.map(formatError).join("\\n"));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
    });
    expect(stdout, stderr).toBe(
      "stacks/Pulumi.dev.yaml: the file cannot be read: permission denied\n  fix: check the permissions and what the path leads to (ls -lL)\n",
    );
  });

  it("of 10 MB is refused by its size alone", async () => {
    put("stacks/Pulumi.big.yaml", "#".repeat(10 * 1024 * 1024));
    expect(await findings("big")).toEqual([
      "stacks/Pulumi.big.yaml:1:1: a stack file is at most 1 MB; this one has 10.0 MB\n  fix: check that this is the stack file, not a dump or an image",
    ]);
  });
});

describe("the project", () => {
  it("that is not there", async () => {
    rmSync(join(dir, "Pulumi.yaml"));
    expect(await findings("dev")).toEqual([
      `Pulumi.yaml: there is no Pulumi.yaml in ${dir}\n  fix: --stack-dir FOLDER, or freehold init`,
    ]);
  });

  it.each([
    ["", "Pulumi.yaml:1:1: name is missing\n  fix: name: freehold"],
    ["- a\n", "Pulumi.yaml:1:1: name is missing\n  fix: name: freehold"],
    ["nmae: x\n", "Pulumi.yaml:1:7: name is missing\n  fix: write name instead of nmae"],
    ["name: 5\n", "Pulumi.yaml:1:7: name must be a text, not 5\n  fix: name: freehold"],
    [
      "name: a\nname: b\n",
      "Pulumi.yaml:2:1: name is given twice; first in line 1\n  fix: keep one of the two",
    ],
    [
      "name: a\nstackConfigDir: [x]\n",
      'Pulumi.yaml:2:17: stackConfigDir must be a text, not ["x"]\n  fix: stackConfigDir: stacks',
    ],
  ])("%j", async (text, message) => {
    put("Pulumi.yaml", text);
    expect(await findings("dev")).toEqual([message]);
  });

  it("that is a folder", async () => {
    rmSync(join(dir, "Pulumi.yaml"));
    mkdirSync(join(dir, "Pulumi.yaml"));
    expect(await findings("dev")).toEqual([
      "Pulumi.yaml: this is a folder, not a file\n  fix: put a plain file in its place",
    ]);
  });
});

it("the shipped stacks are listed and load from the checkout", async () => {
  expect(listStacks(ROOT)).toEqual([...STACKS].sort());
  for (const stack of STACKS) expect(await loadStack({ dir: ROOT, stack })).toMatchObject({ ok: true });
});
