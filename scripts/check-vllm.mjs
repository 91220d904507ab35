import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { factsOf } from "../catalog/build/vllm-source.ts";

/**
 * Reads the flags, defaults, metrics and kernel rules of vLLM releases out of their published wheels and compares
 * them with catalog/sources/vllm-facts.json, against which `npm test` holds the code. Nothing of a wheel is run.
 *
 * `npm run check:vllm` checks the recorded releases, `… -- 0.31.0` others; `--record` writes what was found.
 * Needs python3 with pip, and the network; about 300 MB for each release, deleted again.
 */
const RECORD = new URL("../catalog/sources/vllm-facts.json", import.meta.url);
/** The images are built for x86_64; releases differ in the C library that they name. */
const PLATFORMS = ["2_28", "2_31", "2_34", "2_35", "2_39"].map((glibc) => `manylinux_${glibc}_x86_64`);
const UNPACK = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in wheel.namelist():
        if name.startswith("vllm/") and name.endswith(".py") or name.endswith(".dist-info/METADATA"):
            wheel.extract(name, sys.argv[2])
`;

function facts(version) {
  const folder = mkdtempSync(join(tmpdir(), "freehold-vllm-"));
  try {
    const pip = ["-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"];
    const platform = PLATFORMS.flatMap((name) => ["--platform", name]).concat("--python-version", "3.12");
    execFileSync("python3", [...pip, ...platform, "--dest", folder, `vllm==${version}`], {
      stdio: "inherit",
    });
    const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
    execFileSync("python3", ["-c", UNPACK, join(folder, wheel), folder]);
    const read = (path) => {
      try {
        return readFileSync(join(folder, "vllm", path), "utf8");
      } catch {
        return undefined;
      }
    };
    const metadata = readFileSync(join(folder, `vllm-${version}.dist-info`, "METADATA"), "utf8");
    return {
      version,
      wheel,
      sha256: createHash("sha256")
        .update(readFileSync(join(folder, wheel)))
        .digest("hex"),
      read: new Date().toISOString().slice(0, 10),
      torch: /^Requires-Dist: torch==(\S+)/m.exec(metadata)?.[1] ?? "",
      ...factsOf(read),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One value a line, so that a changed list shows as one changed line. */
function text(rows) {
  const line = ([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  const row = (entry) => `  {\n${Object.entries(entry).map(line).join(",\n")}\n  }`;
  return `[\n${rows.map(row).join(",\n")}\n]\n`;
}

const recorded = JSON.parse(readFileSync(RECORD, "utf8"));
const wanted = process.argv.slice(2).filter((name) => !name.startsWith("--"));
const versions = wanted.length > 0 ? wanted : recorded.map((row) => row.version);
let found = [];
try {
  found = versions.map(facts);
} catch (cause) {
  // pip has said what it misses; a changed source names its file.
  console.error(cause.stderr === undefined ? cause.message : "the wheel cannot be fetched");
  process.exit(2);
}
for (const row of found) {
  const known = recorded.find(({ version }) => version === row.version);
  const differing = Object.entries(row)
    .filter(([key]) => key !== "read")
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(known?.[key]))
    .map(([key]) => key);
  console.log(
    `vLLM ${row.version}: ${differing.length === 0 ? "as recorded" : `differs in ${differing.join(", ")}`}`,
  );
  if (differing.length > 0 && !process.argv.includes("--record")) process.exitCode = 1;
}
if (process.argv.includes("--record")) {
  const others = recorded.filter((row) => !versions.includes(row.version));
  const order = (a, b) => b.version.localeCompare(a.version, "en", { numeric: true });
  writeFileSync(RECORD, text([...found, ...others].sort(order)));
}
