import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { document, folder, project, run, set } from "./project.ts";

const PRICE = ["price", "g6.xlarge", "--region", "eu-west-1"];

describe("--out", () => {
  it("writes what standard output would have shown, and leaves nothing beside it", async () => {
    const cwd = folder();
    const shown = await run([...PRICE, "-o", "json"], cwd);
    const written = await run([...PRICE, "-o", "json", "--out", "deep/er/price.json"], cwd);
    expect(written).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(join(cwd, "deep/er/price.json"), "utf8")).toBe(shown.out);
    expect(readdirSync(join(cwd, "deep/er"))).toEqual(["price.json"]);
  });

  it("replaces a file by a whole new one, with the mode and through the link it had", async () => {
    const cwd = folder();
    const real = join(cwd, "real.json");
    writeFileSync(real, "old");
    chmodSync(real, 0o640);
    symlinkSync("real.json", join(cwd, "link.json"));
    const before = statSync(real).ino;
    expect((await run([...PRICE, "--out", "link.json"], cwd)).code).toBe(0);
    expect(readlinkSync(join(cwd, "link.json"))).toBe("real.json");
    expect(readFileSync(real, "utf8")).toContain("g6.xlarge in eu-west-1");
    expect(statSync(real).mode & 0o777).toBe(0o640);
    // Renamed into place, not written over.
    expect(statSync(real).ino).not.toBe(before);
  });

  it("writes to a device and leaves it a device", async () => {
    expect((await run([...PRICE, "--out", "/dev/null"])).code).toBe(0);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it.each([
    ["an existing folder", "taken", "it is a folder"],
    ["a file as a folder", "file/price.json", "a part of its path is a file"],
    [
      "a folder that cannot be written to",
      process.getuid?.() === 0 ? "/proc/price.json" : "closed/price.json",
      null,
    ],
  ])("to %s is 2 with a message", async (_, target, why) => {
    const cwd = folder();
    mkdirSync(join(cwd, "taken"));
    mkdirSync(join(cwd, "closed"), { mode: 0o555 });
    writeFileSync(join(cwd, "file"), "kept");
    const result = await document([...PRICE, "--out", target], cwd);
    expect(result.code).toBe(2);
    expect(result.json.errors).toMatchObject([{ code: "cannot-write", path: "--out", value: target }]);
    expect(result.err).toContain(`cannot write ${target}: `);
    if (why !== null) expect(result.err).toContain(why);
    expect(readdirSync(cwd).sort()).toEqual(["closed", "file", "taken"]);
    expect(readFileSync(join(cwd, "file"), "utf8")).toBe("kept");
  });

  it("leaves the old file alone when the command fails", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, "price.json"), "old");
    expect((await run(["price", "nope", "--region", "eu-west-1", "--out", "price.json"], cwd)).code).toBe(2);
    expect(readFileSync(join(cwd, "price.json"), "utf8")).toBe("old");
  });

  it("keeps the verdict's exit code", async () => {
    const cwd = folder();
    const no = await run(["fit", "openai/gpt-oss-120b", "--gpu", "L4-24G", "--out", "fit.txt"], cwd);
    expect(no).toEqual({ code: 11, out: "", err: "" });
    expect(existsSync(join(cwd, "fit.txt"))).toBe(true);
  });
});

describe("colour", () => {
  const ESCAPE = String.fromCharCode(27);
  it("is there for a terminal and never in a file or a document", async () => {
    const cwd = folder();
    const fit = ["fit", "Qwen/Qwen3-8B-AWQ", "--gpu", "L4-24G"];
    expect((await run(fit, cwd, true)).out).toContain(ESCAPE);
    expect((await run(fit, cwd, false)).out).not.toContain(ESCAPE);
    expect((await run([...fit, "-o", "json"], cwd, true)).out).not.toContain(ESCAPE);
    await run([...fit, "--out", "fit.txt"], cwd, true);
    expect(readFileSync(join(cwd, "fit.txt"), "utf8")).not.toContain(ESCAPE);
    const batch = join(cwd, "rows.csv");
    writeFileSync(batch, "model,gpu\nQwen/Qwen3-8B-AWQ,L4-24G\n");
    await run(["fit", "--batch", batch, "--out", "fits.txt"], cwd, true);
    expect(readFileSync(join(cwd, "fits.txt"), "utf8")).not.toContain(ESCAPE);
  });
});

describe("progress", () => {
  const SLOW =
    'import { setTimeout } from "node:timers/promises";\nimport "@pulumi/pulumi";\nawait setTimeout(1500);\n';

  it("says on standard error what takes longer than a second", async () => {
    const { ROOT } = await import("./project.ts");
    const dir = project(
      SLOW.replace('"@pulumi/pulumi"', JSON.stringify(`${ROOT}/node_modules/@pulumi/pulumi/index.js`)),
    );
    const result = await document(["graph", "-s", "dev"], dir);
    expect(result.code).toBe(0);
    expect(result.err).toBe("previewing dev …\n");
  });

  it("is bound to a second's timer, which a quick preview takes away", async () => {
    const dir = project();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const result = await run(["graph", "-s", "onprem"], dir);
      expect(result).toMatchObject({ code: 0, err: "" });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("-o json", () => {
  it.each([
    [["preview", "-s", "dev"], "freehold.preview/v1"],
    [["plan", "-s", "dev"], "freehold.plan/v1"],
    [["cost", "-s", "dev"], "freehold.bill/v1"],
    [["cost", "diff", "dev", "dev", ...set("models[0].replicas.max=1")], "freehold.billdiff/v1"],
    [["check", "-s", "dev", "--profile", "gdpr", "--allowed-regions", "eea"], "freehold.findings/v1"],
    [["images", "-s", "dev"], "freehold.images/v1"],
    [["explain", "S3-03"], "freehold.explain/v1"],
    [["doctor"], "freehold.doctor/v1"],
    [["fit", "Qwen/Qwen3-8B-AWQ"], "freehold.fits/v1"],
    [PRICE, "freehold.price/v1"],
  ])("%j prints one document and nothing else", async (argv, schema) => {
    const result = await document(argv, project());
    expect(result.json).toMatchObject({
      schema,
      freeholdVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
      catalogAsOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
    expect(result.out).toBe(`${JSON.stringify(result.json, null, 2)}\n`);
  });

  it("of graph and schema are foreign formats without a schema of ours", async () => {
    const dir = project();
    for (const argv of [
      ["graph", "-s", "onprem"],
      ["schema", "stack"],
    ]) {
      const { code, json } = await document(argv, dir);
      expect(code).toBe(0);
      expect(json).not.toHaveProperty("schema");
    }
  });
});
