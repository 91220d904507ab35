// `npm test`: installs what is missing, then format, lint, type check and the offline test suite, on Node 24.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { ensure, root } from "./ensure.mjs";

const node = ensure();
const env = {
  ...process.env,
  PATH: `${dirname(node)}:${join(root, "node_modules/.bin")}:${process.env.PATH}`,
};
const steps = [
  ["node_modules/@biomejs/biome/bin/biome", ["check", "."]],
  ["node_modules/typescript/bin/tsc", ["--noEmit", "-p", "."]],
  ["node_modules/vitest/vitest.mjs", ["run", ...process.argv.slice(2)]],
];
for (const [script, args] of steps) {
  const { status } = spawnSync(node, [join(root, script), ...args], { cwd: root, env, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
