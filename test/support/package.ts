import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
/** What a clone does not hold. */
const LEFT_OUT = new Set([".git", "node_modules", "dist", "state", "coverage", ".cache"]);

export interface Manifest {
  version: string;
  bin: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

export function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** An environment without what npm hands down to its scripts, and with this Node first on PATH. */
export function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_|^PULUMI_/.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}`,
    NO_COLOR: "1",
  };
}

/**
 * `npm pack` in a copy of the checkout that holds what a fresh clone holds, beside the installed dependencies, so
 * that the checkout's own build stays as it is.
 *
 * @returns path of the tarball
 */
export function pack(): string {
  const clone = mkdtempSync(join(tmpdir(), "freehold-pack-"));
  for (const entry of readdirSync(ROOT)) {
    if (!LEFT_OUT.has(entry)) cpSync(join(ROOT, entry), join(clone, entry), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(clone, "node_modules"));
  const out = execFileSync("npm", ["pack", "--json"], {
    cwd: clone,
    env: cleanEnv(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return join(clone, (JSON.parse(out) as [{ filename: string }])[0].filename);
}

/** Names of the files in a package, without the leading folder. */
export function filesOf(tarball: string): string[] {
  const list = execFileSync("tar", ["tzf", tarball], { encoding: "utf8", maxBuffer: 1 << 24 });
  return list
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""))
    .sort();
}

/**
 * Installs a package into a folder without a network: unpacked, with exactly the dependencies that it declares
 * linked from the checkout. What it uses and does not declare is missing, as it would be for a user.
 *
 * @param also packages that the project itself brings
 */
export function installOffline(tarball: string, folder: string, also: string[] = []): string {
  const home = join(folder, "node_modules/freehold");
  mkdirSync(home, { recursive: true });
  execFileSync("tar", ["xzf", tarball, "-C", home, "--strip-components", "1"]);
  const { dependencies, peerDependencies, bin } = manifest(home);
  for (const name of [...Object.keys(dependencies), ...Object.keys(peerDependencies), ...also]) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(join(ROOT, "node_modules", name), link);
  }
  mkdirSync(join(folder, "node_modules/.bin"));
  for (const [name, path] of Object.entries(bin)) {
    symlinkSync(join("../freehold", path), join(folder, "node_modules/.bin", name));
  }
  return home;
}
