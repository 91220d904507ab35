// Installs what is missing. Runs on the system's Node, from version 20 on, before any dependency exists.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Whether node_modules holds exactly what the lock file names (packages of other platforms may be left out). */
export function installed(folder = root) {
  const marker = join(folder, "node_modules/.package-lock.json");
  if (!existsSync(marker)) return false;
  const wanted = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(marker, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = present[path];
    return found
      ? found.version === entry.version && found.integrity === entry.integrity
      : entry.optional === true;
  });
}

/** `npm ci` where needed; its output goes to standard error. */
export function ensure() {
  if (!installed()) {
    process.stderr.write("installing dependencies (npm ci) …\n");
    const npm = process.env.npm_execpath;
    const [command, args] = npm?.endsWith(".js") ? [process.execPath, [npm, "ci"]] : ["npm", ["ci"]];
    execFileSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  }
  const own = join(root, "node_modules/node/bin/node");
  if (existsSync(own)) return own;
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  process.stderr.write(
    "error: the npm package `node` did not install; allow its install script and run npm ci again\n",
  );
  process.exit(2);
}
