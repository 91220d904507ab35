// Bundles the command and the child process of the embedded preview into dist/: fewer files to read at start.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ensure, root } from "./ensure.mjs";

ensure();
const out = join(root, "dist");
for (const folder of ["cli", "preview", "chunks"])
  rmSync(join(out, folder), { recursive: true, force: true });
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
await build({
  ...common,
  entryPoints: { "cli/bin": "cli/bin.ts" },
  outdir: "dist",
  splitting: true,
  chunkNames: "cli/[name]-[hash]",
  external: ["@pulumi/*"],
});
