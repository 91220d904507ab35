// `npm start`: installs what is missing, then previews the stack `dev`, or the one named after `--`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensure, root } from "./ensure.mjs";

ensure();
// The last -s counts, so that one that is given replaces this one.
const args = ["preview", "-s", "dev", ...process.argv.slice(2)];
process.exit(spawnSync(join(root, "bin/freehold"), args, { cwd: root, stdio: "inherit" }).status ?? 1);
