// `npm run test:engine`: the stacks through the real Pulumi engine and a real Kubernetes API server, pages in a
// real browser. Without Go, etcd, promtool or chromium it says what is missing and skips; with CI set a skipped check is a failed check.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { ensure, root } from "./ensure.mjs";

const node = ensure();
const missing = ["go", "etcd", "promtool", "chromium"].filter(
  (tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0,
);
if (missing.length > 0) {
  console.error(
    `skipped: ${missing.join(", ")} not on PATH (Go, Debian packages etcd-server, prometheus and chromium)`,
  );
  process.exit(process.env.CI ? 1 : 0);
}
const { status } = spawnSync(
  node,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "-c",
    "vitest.engine.config.ts",
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` } },
);
process.exit(status ?? 1);
