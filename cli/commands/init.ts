import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FREEHOLD_VERSION } from "../../catalog/version.ts";
import { EXIT, type Io, usageError } from "../io.ts";

/** Versions that the package is tested with; the project may move on inside the peer ranges. */
const PULUMI = {
  "@pulumi/aws": "7.48.0",
  "@pulumi/kubernetes": "4.34.2",
  "@pulumi/policy": "1.21.0",
  "@pulumi/pulumi": "3.270.0",
};

/** Looks upward from this file, so that sources, bundle and package all find it. */
function shipped(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const file = join(folder, path);
    if (existsSync(file)) return readFileSync(file, "utf8");
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`${path} is missing from this installation`);
    folder = parent;
  }
}

function files(): Record<string, string> {
  const manifest = {
    name: "my-llm-platform",
    private: true,
    type: "module",
    engines: { node: ">=22.18" },
    scripts: { preview: "freehold preview -s dev" },
    dependencies: { freehold: FREEHOLD_VERSION, ...PULUMI },
  };
  return {
    "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
    "Pulumi.yaml": shipped("cli/templates/Pulumi.yaml.txt"),
    "index.ts": shipped("cli/templates/index.ts.txt"),
    ".gitignore": shipped("cli/templates/gitignore.txt"),
    "stacks/Pulumi.dev.yaml": shipped("stacks/Pulumi.dev.yaml").replace(
      "$schema=../schemas/stack.schema.json",
      "$schema=../node_modules/freehold/schemas/stack.schema.json",
    ),
  };
}

/** `freehold init`: all files or none; what exists is never overwritten. */
export function init(flags: { dir?: string }, io: Io): number {
  const folder = resolve(io.cwd, flags.dir ?? ".");
  const wanted = files();
  const present = Object.keys(wanted).filter((file) => existsSync(join(folder, file)));
  if (present.length > 0) {
    throw usageError(
      "would-overwrite",
      `${relative(io.cwd, folder) || "this folder"} already holds ${present.join(", ")}; nothing was written`,
      {
        value: present.join(", "),
        fix: "freehold init --dir NEW_FOLDER",
      },
    );
  }
  const written: string[] = [];
  try {
    for (const [file, text] of Object.entries(wanted)) {
      const target = join(folder, file);
      mkdirSync(dirname(target), { recursive: true });
      // Refuses what appeared since the check above, a dangling link included.
      writeFileSync(target, text, { flag: "wx" });
      written.push(target);
    }
  } catch (cause) {
    for (const file of written) rmSync(file, { force: true });
    throw usageError("cannot-write", `cannot write to ${folder}: ${(cause as Error).message}`, {
      path: "--dir",
      value: flags.dir ?? ".",
      fix: "freehold init --dir NEW_FOLDER",
    });
  }
  io.out(
    `Wrote ${Object.keys(wanted).join(", ")}.\nNext: npm install, change aws.accountId in stacks/Pulumi.dev.yaml, then npx freehold preview -s dev\n`,
  );
  return EXIT.ok;
}
