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

/** A copy of the project with its own local state, in which the real engine runs. */
export class Workspace {
  readonly dir = mkdtempSync(join(tmpdir(), "freehold-engine-"));
  private readonly cache: string;

  constructor(cache: string) {
    this.cache = cache;
    for (const path of SOURCES) cpSync(join(ROOT, path), join(this.dir, path), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.dir, "node_modules"));
    mkdirSync(join(this.dir, "state"));
    // Providers resolve the SDK from their own folder upward, so they are copied too.
    cpSync(join(ROOT, "test/engine/providers"), join(this.dir, "providers"), { recursive: true });
    const project = readFileSync(join(this.dir, "Pulumi.yaml"), "utf8");
    writeFileSync(
      join(this.dir, "Pulumi.yaml"),
      `${project}backend:\n  url: file://./state\nplugins:\n  providers:\n    - name: aws\n      path: ./providers/aws\n    - name: kubernetes\n      path: ./providers/kubernetes\n`,
    );
  }

  private env(): NodeJS.ProcessEnv {
    // The Kubernetes SDK puts the path in KUBECONFIG into the provider; neither side shall see one.
    const { PULUMI_ACCESS_TOKEN: _token, KUBECONFIG: _kubeconfig, ...rest } = process.env;
    return {
      ...rest,
      PATH: `${this.cache}:${dirname(process.execPath)}:${process.env["PATH"]}`,
      PULUMI_CONFIG_PASSPHRASE: "engine-tests",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_HOME: join(this.dir, ".pulumi"),
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "1",
      NO_COLOR: "1",
    };
  }

  pulumi(...args: string[]): { status: number | null; out: string; err: string } {
    const result = spawnSync("pulumi", [...args, "--non-interactive"], {
      cwd: this.dir,
      env: this.env(),
      encoding: "utf8",
      maxBuffer: 1 << 28,
      timeout: 300_000,
    });
    return { status: result.status, out: result.stdout, err: result.stderr };
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

  freehold(...args: string[]): { status: number | null; out: string; err: string } {
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
