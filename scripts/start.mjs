// `npm start`: installs what is missing, then previews the stack `dev`, or the one named after `--`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensure, root } from "./ensure.mjs";

ensure();
const given = process.argv.slice(2);
const named = given.some((arg) => arg === "-s" || arg.startsWith("--stack"));
const args = ["preview", ...(named ? [] : ["-s", "dev"]), ...given];
process.exit(spawnSync(join(root, "bin/freehold"), args, { cwd: root, stdio: "inherit" }).status ?? 1);
