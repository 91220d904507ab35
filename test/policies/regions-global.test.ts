import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isGlobal, regionOfHost } from "../../policies/rules/residency/regions.ts";

const PROVIDER = join(import.meta.dirname, "../../node_modules/@pulumi/aws");

/** Every resource type of the provider, with whether its declared arguments take a region. */
function* declaredTypes(): Generator<[token: string, regional: boolean]> {
  for (const module of readdirSync(PROVIDER)) {
    const folder = join(PROVIDER, module);
    if (!statSync(folder).isDirectory()) continue;
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".d.ts"))) {
      const text = readFileSync(join(folder, file), "utf8");
      if (!text.includes("extends pulumi.CustomResource")) continue;
      const source = readFileSync(join(folder, file.replace(/\.d\.ts$/, ".js")), "utf8");
      const token = /__pulumiType = '([^']+)'/.exec(source)?.[1];
      const args = text.slice(text.search(/export interface \w+Args \{/));
      if (token) yield [token, /^ {4}region\??:/m.test(args)];
    }
  }
}

test("a type has no region exactly where the provider declares none", () => {
  const types = [...declaredTypes()];
  expect(types.length).toBeGreaterThan(1500);
  const wrong = types.filter(([token, regional]) => isGlobal(token) === regional).map(([token]) => token);
  expect(wrong).toEqual([]);
});

test.each([
  ["s3.eu-central-1.amazonaws.com", "eu-central-1"],
  ["111122223333.dkr.ecr.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ["111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  ["bedrock-runtime.EU-WEST-1.amazonaws.com.", "eu-west-1"],
  ["s3.amazonaws.com", null],
  ["s3.eu-central-1.amazonaws.com.example.org", null],
  ["eu-central-1.example.org", null],
])("the region of host %s is %s", (host, region) => expect(regionOfHost(host)).toBe(region));
