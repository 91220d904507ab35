import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../../..");
export const STACKS = ["dev", "eu-gdpr", "us-hipaa", "onprem"];
const SOURCES = [
  "bin",
  "catalog",
  "cli",
  "components",
  "config",
  "cost",
  "graph",
  "plan",
  "policies",
  "preview",
  "report",
  "schemas",
  "stacks",
  "deploy.ts",
  "money-output.ts",
  "index.ts",
  "freehold.ts",
  "package.json",
  "Pulumi.yaml",
];

/** Folder of the engine binaries; builds them when they are missing. */
export function engineCache(): string {
  return execFileSync(join(ROOT, "test/engine/build.sh"), {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }).trim();
}

/** How a program ended, and what it printed. */
export interface Ended {
  status: number | null;
  out: string;
  err: string;
}

/** Gives a project a local state and the stand-in providers. */
export function addStandIns(dir: string): void {
  mkdirSync(join(dir, "state"));
  // Providers resolve the SDK from their own folder upward, so they are copied too.
  cpSync(join(ROOT, "test/engine/providers"), join(dir, "providers"), { recursive: true });
  const project = readFileSync(join(dir, "Pulumi.yaml"), "utf8");
  writeFileSync(
    join(dir, "Pulumi.yaml"),
    `${project}backend:\n  url: file://./state\nplugins:\n  providers:\n    - name: aws\n      path: ./providers/aws\n    - name: kubernetes\n      path: ./providers/kubernetes\n`,
  );
}

/** The environment of the engine: its own binaries and this Node first on PATH, no account of anyone. */
export function engineEnv(cache: string, dir: string): NodeJS.ProcessEnv {
  // The Kubernetes SDK puts the path in KUBECONFIG into the provider; neither side shall see one.
  const { PULUMI_ACCESS_TOKEN: _token, KUBECONFIG: _kubeconfig, ...rest } = process.env;
  return {
    ...rest,
    PATH: `${cache}:${dirname(process.execPath)}:${process.env["PATH"]}`,
    PULUMI_CONFIG_PASSPHRASE: "engine-tests",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_HOME: join(dir, ".pulumi"),
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "1",
    NO_COLOR: "1",
  };
}

/** Runs the real CLI in a project. */
export function pulumi(cache: string, dir: string, args: string[]): Ended {
  const result = spawnSync("pulumi", [...args, "--non-interactive"], {
    cwd: dir,
    env: engineEnv(cache, dir),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 300_000,
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

/** A copy of the project with its own local state, in which the real engine runs. */
export class Workspace {
  readonly dir = mkdtempSync(join(tmpdir(), "freehold-engine-"));
  private readonly cache: string;

  constructor(cache: string) {
    this.cache = cache;
    for (const path of SOURCES) cpSync(join(ROOT, path), join(this.dir, path), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.dir, "node_modules"));
    addStandIns(this.dir);
  }

  private env(): NodeJS.ProcessEnv {
    return engineEnv(this.cache, this.dir);
  }

  pulumi(...args: string[]): Ended {
    return pulumi(this.cache, this.dir, args);
  }

  /** Runs a command that must succeed. */
  run(...args: string[]): string {
    const { status, out, err } = this.pulumi(...args);
    if (status !== 0)
      throw new Error(
        `pulumi ${args.join(" ")} ended with ${status}:\n${out.slice(-3000)}\n${err.slice(-3000)}`,
      );
    return out;
  }

  freehold(...args: string[]): Ended {
    const result = spawnSync(process.execPath, [join(this.dir, "cli/bin.ts"), ...args], {
      cwd: this.dir,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: this.env(),
    });
    return { status: result.status, out: result.stdout, err: result.stderr };
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
