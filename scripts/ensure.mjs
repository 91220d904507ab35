// Installs what is missing. Runs on the system's Node, from version 20 on, before any dependency exists.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Whether node_modules holds exactly what the lock file names (packages of other platforms may be left out). */
export function installed(folder = root) {
  const marker = join(folder, "node_modules/.package-lock.json");
  const wanted = packages(join(folder, "package-lock.json"));
  // An install that was cut off leaves no list, or half of one.
  const present = existsSync(marker) ? packages(marker) : null;
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = present[path];
    return found
      ? found.version === entry.version && found.integrity === entry.integrity
      : entry.optional === true;
  });
}

function packages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? null;
  } catch {
    return null;
  }
}

/** Whether a Node of this version runs the sources (type stripping without a flag). */
export function runsSources(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** `npm ci` where needed; its output goes to standard error. */
export function ensure() {
  if (!installed()) {
    process.stderr.write("installing dependencies (npm ci) …\n");
    const npm = process.env.npm_execpath;
    const [command, args] = npm?.endsWith(".js") ? [process.execPath, [npm, "ci"]] : ["npm", ["ci"]];
    const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
    if (status !== 0) {
      const why = error ? error.message : `npm ci ended with ${status}`;
      process.stderr.write(
        `error: the dependencies could not be installed (${why}); run npm ci and see why\n`,
      );
      process.exit(2);
    }
  }
  const own = join(root, "node_modules/node/bin/node");
  if (existsSync(own)) return own;
  if (runsSources(process.versions.node)) return process.execPath;
  process.stderr.write(
    "error: the npm package `node` did not install; allow its install script and run npm ci again\n",
  );
  process.exit(2);
}
