import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./run.ts";

/** A resource whose name is markup wherever text becomes markup. */
export const HOSTILE = `</script><img src=x onerror="alert(1)">&|*_[a](b)\``;

const bucket = (name: string, block: Record<string, unknown>) => [
  { type: "aws:s3/bucket:Bucket", name, props: { bucket: "weights" } },
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    name: `${name}-block`,
    props: { bucket: "weights", ...block },
    refs: { bucket: name },
  },
];
const BLOCKED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

const list = (resources: object[]) => ({
  schema: "freehold.resources/v1",
  config: { allowedRegions: ["eu-central-1"], providerRegion: "eu-central-1", partition: "aws" },
  resources,
});

/** Plain lists of resources: one that breaks rules, one whose facts are not known, one that holds S3-01. */
export const GRAPHS = {
  open: list(bucket(HOSTILE, { ...BLOCKED, blockPublicPolicy: false })),
  unknown: list(bucket("later", { ...BLOCKED, blockPublicPolicy: { $unknown: true } })),
  closed: list(bucket("closed", BLOCKED)),
  strange: list([{ type: "acme:index/thing:Thing", name: "thing", props: {} }]),
};

export const BATCH = [
  "model,instance,context,quantization,input-tokens,output-tokens,concurrency",
  "Qwen/Qwen2.5-7B-Instruct-AWQ,g5.xlarge,16384,,1000,200,8",
  "casperhansen/llama-3.3-70b-instruct-awq,g4dn.xlarge,8192,,,,",
  "nobody/nothing,g5.xlarge,,,,,",
  "Qwen/Qwen2.5-7B-Instruct-AWQ,g5.xlarge,many,,,,",
].join("\n");

/** Writes the files of a test into a folder of its own and removes it afterwards. */
export function files(): { path(name: string): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "freehold-report-"));
  for (const [name, graph] of Object.entries(GRAPHS))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(graph, null, 2));
  writeFileSync(join(folder, "batch.csv"), BATCH);
  writeFileSync(join(folder, "broken.json"), '{ "resources": [');
  // A project whose program ends before it has made anything.
  mkdirSync(join(folder, "crashing"));
  cpSync(join(ROOT, "stacks"), join(folder, "crashing/stacks"), { recursive: true });
  cpSync(join(ROOT, "Pulumi.yaml"), join(folder, "crashing/Pulumi.yaml"));
  writeFileSync(join(folder, "crashing/index.ts"), 'throw new Error("out of luck");\n');
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true }) };
}
