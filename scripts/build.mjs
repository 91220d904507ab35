// Bundles the command, the child process of the embedded preview and the policy pack into dist/ (or the sibling folder named as the
// argument): fewer files to read at start.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ensure, root } from "./ensure.mjs";

ensure();
const name = process.argv[2] ?? "dist";
const out = join(root, name);
for (const folder of ["cli", "policies", "preview"])
  rmSync(join(out, folder), { recursive: true, force: true });
/** What the SDK loads only when it is used stays outside the bundle. */
const deferred = JSON.parse(readFileSync(join(root, "preview/deferred.json"), "utf8"));
const common = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  sourcemap: false,
  logLevel: "warning",
  absWorkingDir: root,
  // Bundled CommonJS packages still call require.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};
// The child of the embedded preview and this checkout's own program, on one copy of the SDK. Measured in November 2026
// on two cores: 440 ms of processor time for a stack of 137 resources instead of 570, as 300 files become three.
await build({
  ...common,
  entryPoints: { "preview/child": "preview/child.ts", "preview/program": "index.ts" },
  outdir: name,
  splitting: true,
  chunkNames: "preview/[name]-[hash]",
  external: deferred,
});
// The policy pack, for `pulumi preview --policy-pack policies`: the SDK's runner takes JavaScript only.
await build({
  ...common,
  entryPoints: { "policies/index": "policies/index.ts" },
  outdir: name,
  external: ["@pulumi/*"],
});
// The command last: bin/freehold takes the bundle when no source is newer than the command.
await build({
  ...common,
  entryPoints: { "cli/bin": "cli/bin.ts" },
  outdir: name,
  splitting: true,
  chunkNames: "cli/[name]-[hash]",
  external: ["@pulumi/*"],
});
