import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { generated } from "../../config/build-docs.ts";
import { stackJsonSchema, stackSchema } from "../../config/index.ts";
import { stackFields } from "../../config/json-schema.ts";
import { edited, findings, OWNED, ROOT, STACK, STACKS, shipped } from "./stack.ts";

describe("what is generated from the schema", () => {
  it("is what stands in docs/ and schemas/", () => {
    const files = generated();
    expect(Object.keys(files)).toEqual(["schemas/stack.schema.json", "docs/stack.md"]);
    for (const [path, text] of Object.entries(files))
      expect(readFileSync(join(ROOT, path), "utf8"), path).toBe(text);
  });

  it("has a row with type and meaning for every field", () => {
    for (const field of stackFields()) {
      expect(field.type, field.path).not.toBe("");
      expect(field.description.replace(/^\(\w+\) /, ""), field.path).toMatch(/\w{2}.*[.)]$/);
    }
  });

  it("names every key of the shipped stacks", () => {
    const known = new Set(stackFields().map(({ path }) => path));
    for (const name of STACKS) {
      const { config } = parse(shipped(name)) as { config: Record<string, unknown> };
      for (const path of keys(config, "")) expect(known, path).toContain(path);
    }
  });
});

/** Paths of all keys, as the reference writes them; what lies below a map of free keys is left out. */
function keys(value: unknown, prefix: string): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => keys(entry, `${prefix}[]`));
  if (typeof value !== "object" || value === null || prefix.endsWith(".selector")) return [];
  return Object.entries(value).flatMap(([key, entry]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return [path, ...keys(entry, path)];
  });
}

it("every field of the schema has a description", () => {
  const missing: string[] = [];
  const walk = (schema: Record<string, unknown>, path: string) => {
    for (const [key, value] of Object.entries(
      (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>,
    )) {
      if (typeof value["description"] !== "string" || value["description"].length < 5)
        missing.push(`${path}.${key}`);
      walk(value, `${path}.${key}`);
    }
    for (const branch of [
      ...((schema["oneOf"] ?? schema["anyOf"] ?? []) as Record<string, unknown>[]),
      schema["items"],
    ])
      if (typeof branch === "object" && branch !== null) walk(branch as Record<string, unknown>, path);
  };
  walk(z.toJSONSchema(stackSchema, { io: "input" }) as Record<string, unknown>, "");
  expect(missing).toEqual([]);
});

describe("the JSON Schema for editors", () => {
  const validate = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
    stackJsonSchema(),
  );
  const accepts = (text: string) => validate(parse(text)) as boolean;

  it.each(STACKS)("accepts %s", (name) => {
    expect(accepts(shipped(name)), JSON.stringify(validate.errors)).toBe(true);
    expect(shipped(name)).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/stack\.schema\.json\n/);
  });

  it("accepts a kubeconfig as a secret, and other programs' keys", () => {
    expect(accepts(OWNED), JSON.stringify(validate.errors)).toBe(true);
    expect(accepts(`${STACK}  aws:region: x\n`)).toBe(true);
  });

  it.each([
    ["a top-level key", `${STACK}confg: 1\n`],
    ["a freehold: key", `${STACK}  freehold:budgte: {}\n`],
    ["a nested key", edited("monthlyUsd", "montlyUsd")],
    ["a key of a model", edited("context:", "contxt: 1\n      context:")],
    ["a key of the other kind of cluster", edited("via: ssm", "via: ssm\n    operators: present")],
    ["a value", edited("via: ssm", "via: smm")],
    ["a number out of range", edited("min: 1", "min: -1")],
    ["a missing key", edited("      context: 16384\n", "")],
    ["no config", "secretsprovider: x\n"],
  ])("refuses %s, as the reader does", (_name, text) => {
    expect(accepts(text)).toBe(false);
    expect(findings(text).length).toBeGreaterThan(0);
  });
});
