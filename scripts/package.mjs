// Builds what the npm package ships: compiled JavaScript with declarations, the catalogue's data, the templates
// of `freehold init` and the policy pack's manifest, all under dist/package.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "dist/package");
rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: ["ignore", 2, 2],
});
for (const path of [
  "catalog/data",
  "cli/templates",
  "policies/PulumiPolicy.yaml",
  "stacks/Pulumi.dev.yaml",
]) {
  if (existsSync(join(root, path))) cpSync(join(root, path), join(out, path), { recursive: true });
}
const bin = join(out, "cli/bin.js");
if (existsSync(bin)) chmodSync(bin, 0o755);
