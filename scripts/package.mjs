// Builds what the npm package ships: compiled JavaScript with declarations, the catalogue's data, the templates
// of `freehold init` and the policy pack's manifests, all under dist/package.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensure, root } from "./ensure.mjs";

// A bare clone has no compiler yet; dependencies that are there are left as they are.
const compiler = join(root, "node_modules/typescript/bin/tsc");
const node = existsSync(compiler) ? process.execPath : ensure();
const out = join(root, "dist/package");
rmSync(out, { recursive: true, force: true });
execFileSync(node, [compiler, "-p", "tsconfig.build.json"], {
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
// In a checkout the pack's program is the bundle; in the package it stands beside the manifests.
for (const manifest of ["policies/PulumiPolicy.yaml", "policies/package.json"]) {
  const text = readFileSync(join(out, manifest), "utf8");
  writeFileSync(join(out, manifest), text.replace("../dist/policies/index.js", "index.js"));
}
chmodSync(join(out, "cli/bin.js"), 0o755);
