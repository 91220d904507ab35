// `npm start`: installs what is missing, then previews the stack `dev`, or the one named after `--`.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { ensure, root } from "./ensure.mjs";

const node = ensure();
const age = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
// After an install the bundle is built once, so that every command reads fewer files at its start. Without it,
// and after an edit of the sources, bin/freehold runs the sources.
if (age("dist/cli/bin.js") <= age("node_modules/.package-lock.json"))
  spawnSync(node, [join(root, "scripts/build.mjs")], { cwd: root, stdio: ["ignore", 2, 2] });
// The last -s counts, so that one that is given replaces this one.
const args = ["preview", "-s", "dev", ...process.argv.slice(2)];
process.exit(spawnSync(join(root, "bin/freehold"), args, { cwd: root, stdio: "inherit" }).status ?? 1);
