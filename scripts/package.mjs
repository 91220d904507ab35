// Builds what the npm package ships: compiled JavaScript with declarations, the catalogue's data, the templates
// of `freehold init` and the policy pack's manifests, all under dist/package.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensure, root } from "./ensure.mjs";

const node = ensure();
const out = join(root, "dist/package");
rmSync(out, { recursive: true, force: true });
execFileSync(node, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: ["ignore", 2, 2],
});
for (const path of [
  "catalog/data",
  "cli/templates",
  "policies/PulumiPolicy.yaml",
  // The engine reads the pack's version from its own package.json.
  "policies/package.json",
  "policies/freehold-policy-pack",
  "stacks/Pulumi.dev.yaml",
]) {
  cpSync(join(root, path), join(out, path), { recursive: true });
}
chmodSync(join(out, "cli/bin.js"), 0o755);
