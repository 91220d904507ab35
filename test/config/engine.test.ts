import { describe, expect, it } from "vitest";
import { ConfigErrors, formatError, parseStack, specFromConfig } from "../../config/index.ts";
import { OWNED, STACK, STACKS, shipped } from "./stack.ts";

const plain = () => false;

/** What the engine hands a program for a stack file: objects and lists as JSON, texts as they are. */
function configOf(text: string): Record<string, string> {
  const result = parseStack(text, "s.yaml");
  if (!result.ok) throw new ConfigErrors(result.errors);
  return result.configMap;
}

describe("configuration from the engine", () => {
  it.each(STACKS)("gives the same stack as the file of %s", (name) => {
    const file = parseStack(shipped(name), "s.yaml");
    expect(specFromConfig(configOf(shipped(name)), plain)).toEqual({ ok: true, spec: file.ok && file.spec });
  });

  it("has the values as JSON text, of every type", () => {
    expect(configOf(shipped("us-hipaa"))["freehold:residency"]).toBe(
      '{"allowedRegions":["us-east-1","us-east-2"]}',
    );
    expect(configOf(shipped("onprem"))["freehold:layers"]).toBe('["kubernetes"]');
  });

  it("counts overrides that pulumi config set --path has written", () => {
    const config = configOf(STACK);
    config["freehold:budget"] = '{"monthlyUsd":1,"basis":"max"}';
    const read = specFromConfig(config, plain);
    expect(read.ok && read.spec.budget).toEqual({ monthlyUsd: 1, basis: "max" });
  });

  it("finds the same as in a file, all at once, without positions", () => {
    const config = {
      ...configOf(STACK),
      "freehold:aws": '{"region":"Ireland","accountId":"111122223333"}',
      "freehold:budgte": "{}",
      "freehold:models": '[{"name":"chat","model":"m","context":0}]',
      "freehold:layers": "not json",
      "aws:region": "eu-west-1",
    };
    const read = specFromConfig(config, plain);
    expect(read.ok ? [] : read.errors.map(formatError)).toEqual([
      "freehold:budgte is not a key of a stack file\n  fix: did you mean freehold:budget?",
      'layers must be a list, not "not json"\n  fix: freehold:layers: ["not json"]',
      'aws.region must be an AWS region such as eu-central-1, not "Ireland"',
      "models[0].context must be at least 128, not 0\n  fix: context: 128",
    ]);
  });

  it("never shows a kubeconfig, nor anything of a key that holds a secret", () => {
    const kubeconfig = "apiVersion: v1\nusers: [{user: {token: hunter2hunter2}}]";
    for (const cluster of [
      { kind: "gke", kubeconfig },
      { kind: "existing", kubeconfig },
      { kind: "existing", kubeconfig: [kubeconfig], nodes: 5 },
      { kind: "existing", kubeconfig: { a: kubeconfig } },
      [kubeconfig],
      kubeconfig,
    ])
      for (const isSecret of [(key: string) => key === "freehold:cluster"]) {
        const config = { ...configOf(OWNED), "freehold:cluster": JSON.stringify(cluster) };
        const read = specFromConfig(config, isSecret);
        expect(read.ok).toBe(false);
        if (read.ok) continue;
        expect(JSON.stringify(read.errors)).not.toContain("hunter2");
        expect(new ConfigErrors(read.errors).message).not.toContain("hunter2");
      }
    const open = specFromConfig(
      { ...configOf(OWNED), "freehold:cluster": JSON.stringify({ kind: "gke", kubeconfig }) },
      plain,
    );
    expect(JSON.stringify(open)).not.toContain("hunter2");
  });

  it("hands a kubeconfig on as it is", () => {
    const cluster = JSON.parse(configOf(OWNED)["freehold:cluster"]!) as object;
    const config = {
      ...configOf(OWNED),
      "freehold:cluster": JSON.stringify({ ...cluster, kubeconfig: "plain" }),
    };
    const read = specFromConfig(config, (key) => key === "freehold:cluster");
    expect(read.ok && read.spec.cluster).toMatchObject({ kubeconfig: "plain" });
  });

  it("refuses secrets in other keys without showing them", () => {
    const read = specFromConfig(
      { ...configOf(STACK), "freehold:tags": '{"owner":"hunter2"}' },
      (key) => key === "freehold:tags",
    );
    expect(read.ok ? [] : read.errors.map(formatError)).toEqual([
      "tags cannot be a secret; only cluster.kubeconfig can\n  fix: write the value without secure:",
    ]);
    expect(JSON.stringify(read)).not.toContain("hunter2");
  });

  it("is not fooled by keys named like parts of JavaScript", () => {
    const config = {
      ...configOf(STACK),
      "freehold:tags": '{"__proto__":{"polluted":1},"constructor":"a"}',
      "freehold:toString": "1",
    };
    const read = specFromConfig(config, plain);
    expect(read.ok).toBe(false);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
