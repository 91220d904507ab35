import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
// @ts-expect-error a script of the system's Node, without types
import { installed } from "../../scripts/ensure.mjs";
import { folder, project, ROOT } from "./project.ts";

const BIN = join(ROOT, "bin/freehold");
const PRICE = ["price", "g6.xlarge", "--region", "eu-central-1"];
/** The search path of a user: without what the test runner put in front. */
const PATH = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((part) => !part.includes("node_modules"))
  .join(delimiter);
const has = (tool: string) => spawnSync("sh", ["-c", `command -v ${tool}`], { env: { PATH } }).status === 0;

function freehold(
  argv: readonly string[],
  more: { cwd?: string; env?: Record<string, string>; bin?: string } = {},
) {
  const { cwd = ROOT, env = {}, bin = BIN } = more;
  const { status, stdout, stderr } = spawnSync(bin, argv, {
    cwd,
    encoding: "utf8",
    env: { PATH, HOME: process.env["HOME"] ?? "/", ...env },
  });
  return { status, out: stdout, err: stderr };
}

describe("bin/freehold", () => {
  it("works from any folder and through links, absolute and relative", () => {
    const cwd = folder();
    mkdirSync(join(cwd, "bin"));
    symlinkSync(BIN, join(cwd, "bin/absolute"));
    symlinkSync("absolute", join(cwd, "bin/relative"));
    const wanted = freehold(PRICE);
    expect(wanted).toMatchObject({ status: 0, err: "" });
    expect(wanted.out).toMatch(/^g6\.xlarge in eu-central-1: \$/);
    for (const bin of ["bin/absolute", "bin/relative"])
      expect(freehold(PRICE, { cwd, bin: join(cwd, bin) })).toEqual(wanted);
    expect(freehold(PRICE, { cwd, bin: "absolute", env: { PATH: `${join(cwd, "bin")}:${PATH}` } })).toEqual(
      wanted,
    );
  });

  it("passes arguments through untouched and returns the exit code", () => {
    const result = freehold(["explain", "a 'b' \"c\" $HOME *"]);
    expect(result.status).toBe(2);
    expect(result.err).toContain("there is no control a 'b' \"c\" $HOME *");
    expect(freehold(["fit", "openai/gpt-oss-120b", "--gpu", "L4-24G"]).status).toBe(11);
  });

  it("without node_modules is 2 and names npm ci", () => {
    const bare = folder();
    mkdirSync(join(bare, "bin"));
    cpSync(BIN, join(bare, "bin/freehold"));
    const result = freehold(PRICE, { bin: join(bare, "bin/freehold") });
    expect(result).toEqual({
      status: 2,
      out: "",
      err: "error: dependencies are not installed; run: npm ci (in the folder of this checkout)\n",
    });
  });

  it.each([
    ["an old one", '#!/bin/sh\n[ "$1" = -e ] && exit 1\necho ran\n', 2],
    ["a new one", '#!/bin/sh\n[ "$1" = -e ] && exit 0\necho "ran $2"\n', 0],
  ])("without its own Node takes the system's, unless it is too old: %s", (_, script, status) => {
    const bare = folder();
    mkdirSync(join(bare, "bin"));
    mkdirSync(join(bare, "node_modules"));
    mkdirSync(join(bare, "tools"));
    cpSync(BIN, join(bare, "bin/freehold"));
    writeFileSync(join(bare, "tools/node"), script);
    chmodSync(join(bare, "tools/node"), 0o755);
    const result = freehold([], {
      bin: join(bare, "bin/freehold"),
      env: { PATH: `${join(bare, "tools")}:/usr/bin:/bin` },
    });
    expect(result.status).toBe(status);
    if (status === 0) expect(result.out).toMatch(/^ran .*cli\/bin\.ts\n$/);
    else expect(result.err).toMatch(/Node 24 is missing .* run: npm ci/);
  });

  it("uses no Node but that of node_modules", () => {
    const tools = folder();
    writeFileSync(join(tools, "node"), "#!/bin/sh\necho wrong node\nexit 99\n");
    chmodSync(join(tools, "node"), 0o755);
    expect(existsSync(join(ROOT, "node_modules/node/bin/node"))).toBe(true);
    expect(freehold(["--version"], { env: { PATH: `${tools}:${PATH}` } }).status).toBe(0);
  });
});

describe("streams", () => {
  it("a reader that leaves early is no error", () => {
    const dir = project();
    const script = `set -o pipefail; ${BIN} graph -s onprem | head -n 1`;
    const result = spawnSync("bash", ["-c", script], {
      cwd: dir,
      encoding: "utf8",
      env: { PATH, HOME: dir },
    });
    expect(result.stdout).toBe("{\n");
    expect(result.stderr.replace(/^previewing .*\n/, "")).toBe("");
    expect(result.status).toBe(0);
    const closed = spawnSync("bash", ["-c", `${BIN} --help >&- ; echo $?`], {
      cwd: dir,
      encoding: "utf8",
      env: { PATH, HOME: dir },
    });
    expect(closed.stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s is quiet, ends with %d and takes the program along", async (signal, code) => {
    const dir = project();
    const mark = join(dir, "pid");
    writeFileSync(
      join(dir, "index.ts"),
      `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(mark)}, String(process.pid));\nawait new Promise(() => setInterval(() => undefined, 1000));\n`,
    );
    const child = spawn(BIN, ["preview", "-s", "dev"], { cwd: dir, env: { PATH, HOME: dir } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    const pid = await until(() => (existsSync(mark) ? Number(readFileSync(mark, "utf8")) : 0));
    child.kill(signal);
    const status = await new Promise((done) => child.on("close", done));
    expect({ status, out, err: err.replace(/^previewing dev …\n/, "") }).toEqual({
      status: code,
      out: "",
      err: "",
    });
    await until(() => !alive(pid));
  });

  it.skipIf(!has("script"))("colours a terminal, unless NO_COLOR or a dumb one says otherwise", () => {
    const shown = (env: Record<string, string>) => {
      const line = `${BIN} fit Qwen/Qwen3-8B-AWQ --gpu L4-24G`;
      return spawnSync("script", ["-qec", line, "/dev/null"], {
        cwd: ROOT,
        encoding: "utf8",
        env: { PATH, HOME: ROOT, TERM: "xterm", ...env },
      }).stdout;
    };
    const ESCAPE = String.fromCharCode(27);
    expect(shown({})).toContain(ESCAPE);
    expect(shown({ NO_COLOR: "1" })).not.toContain(ESCAPE);
    expect(shown({ TERM: "dumb" })).not.toContain(ESCAPE);
    expect(shown({ NO_COLOR: "" })).toContain(ESCAPE);
    expect(
      freehold(["fit", "Qwen/Qwen3-8B-AWQ", "--gpu", "L4-24G"], { env: { TERM: "xterm" } }).out,
    ).not.toContain(ESCAPE);
  });
});

describe("npm start", () => {
  // The Node of the system, if it is not the checkout's own.
  const node = PATH.split(delimiter)
    .map((part) => join(part, "node"))
    .find((file) => existsSync(file));

  it.skipIf(node === undefined)("previews dev, or the stack that is named, on the Node of the system", () => {
    const start = (...argv: string[]) =>
      spawnSync(node!, [join(ROOT, "scripts/start.mjs"), ...argv], {
        cwd: dirname(ROOT),
        encoding: "utf8",
        env: { PATH, HOME: process.env["HOME"] ?? "/" },
      });
    // Else the first start would install under the feet of the other tests.
    expect(installed()).toBe(true);
    const dev = start();
    expect(dev.status).toBe(0);
    expect(dev.stdout).toMatch(/^dev {2}OK: fits/);
    expect(start("-s", "onprem").stdout).toMatch(/^onprem {2}OK/);
    expect(start("-sonprem", "-o", "json").stdout).toMatch(/"stack": "onprem"/);
    expect(start("--stack-dir", project(), "--stack=onprem").stdout).toMatch(/^onprem {2}OK/);
    const wrong = start("-s", "onpremm");
    expect(wrong).toMatchObject({ status: 2, stdout: "" });
    expect(wrong.stderr).toContain("did you mean onprem?");
  });
});

async function until<T>(probe: () => T): Promise<T> {
  for (;;) {
    const value = probe();
    if (value) return value;
    await new Promise((done) => setTimeout(done, 20));
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
