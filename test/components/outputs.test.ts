import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Platform } from "../../components/index.ts";
import { loadStack } from "../../config/index.ts";
import { billOf } from "../../cost/index.ts";
import { parseGraph } from "../../graph/index.ts";
import { planStack } from "../../plan/index.ts";
import { runPreview } from "../../preview/index.ts";
import { planOf, platformOf, ROOT, run, STACKS, value } from "./harness.ts";

describe("the outputs of a platform", () => {
  it("are what a user needs next", async () => {
    const { component } = await platformOf("us-hipaa");
    expect(component.endpoints).toEqual({
      reasoning: "http://reasoning.llm-serving.svc:8000/v1",
      chat: "http://chat.llm-serving.svc:8000/v1",
    });
    expect(component.dashboardPath).toBe("/d/freehold");
    expect(await value(component.weightsBucket!)).toBe("freehold-us-hipaa-weights-111122223333-us-east-1");
    expect(component.plan.stack).toBe("us-hipaa");
  });

  it("keep the kubeconfig secret, and put no credential into it", async () => {
    const { component, one } = await platformOf("us-hipaa");
    expect(await pulumi.isSecret(component.kubeconfig!)).toBe(true);
    const text = await value(component.kubeconfig!);
    expect(JSON.parse(text)).toMatchObject({
      clusters: [{ cluster: { server: "https://ABCDEF.yl4.example.eks.amazonaws.com" } }],
      users: [
        { user: { exec: { command: "aws", args: expect.arrayContaining(["get-token", "us-east-1"]) } } },
      ],
    });
    expect(text).not.toMatch(/token":|client-key|password/);
    expect(one("pulumi:providers:kubernetes").inputs["kubeconfig"]).toBe(text);
    expect(one("pulumi:providers:kubernetes").secrets).toEqual(["kubeconfig"]);
  });

  it("point the kubeconfig at the port-forward where that is the way in, and still check the server's name", async () => {
    const { component } = await platformOf("dev");
    const [{ cluster }] = JSON.parse(await value(component.kubeconfig!)).clusters;
    expect(cluster).toEqual({
      server: "https://127.0.0.1:9443",
      "tls-server-name": "abcdef.yl4.example.eks.amazonaws.com",
      "certificate-authority-data": "LS0tLS1CRUdJTg==",
    });
  });

  it("hand a kubeconfig from outside to the provider, and have none of their own", async () => {
    const plan = await planOf("onprem");
    const build = (opts: pulumi.ComponentResourceOptions) =>
      new Platform("platform", { plan, kubeconfig: "apiVersion: v1" }, opts);
    const { component, one } = await run(build, "onprem");
    expect(component.kubeconfig).toBeUndefined();
    expect(component.weightsBucket).toBeUndefined();
    expect(one("pulumi:providers:kubernetes").inputs).toMatchObject({
      kubeconfig: "apiVersion: v1",
      context: "onprem",
    });
    expect(one("pulumi:providers:kubernetes").secrets).toEqual(["kubeconfig"]);
  });

  it("draw an API key of 256 bits, secret, that later runs keep", async () => {
    const plan = await planOf("dev");
    const key = async () => {
      const { one } = await run((opts) => new Platform("platform", { plan }, opts));
      return one("kubernetes:core/v1:Secret");
    };
    const [first, second] = [await key(), await key()];
    const text = (secret: typeof first) =>
      (secret.inputs["stringData"] as Record<string, string>)["VLLM_API_KEY"]!;
    expect(Buffer.from(text(first), "base64url")).toHaveLength(32);
    expect(text(first)).not.toBe(text(second));
    expect(first.secrets).toContain("stringData");
    expect(first.opts.ignoreChanges).toEqual(expect.arrayContaining(["stringData", "data"]));
  });

  it("give pods the address of S3 inside the VPC", async () => {
    const { one } = await platformOf("eu-gdpr");
    const { spec } = one("kubernetes:apps/v1:Deployment").inputs as {
      spec: { template: { spec: { containers: { env: { name: string; value: string }[] }[] } } };
    };
    const env = spec.template.spec.containers[0]!.env;
    expect(env.find(({ name }) => name === "AWS_ENDPOINT_URL")?.value).toBe(
      "https://bucket.vpce-0123.s3.example.vpce.amazonaws.com",
    );
  });
});

describe.each(STACKS)("monthlyCostUsd of %s", (stack) => {
  it("is the total of the bill of the same resources", async () => {
    const loaded = await loadStack({ dir: ROOT, stack, overrides: [] });
    if (!loaded.ok) throw new Error(loaded.errors[0]!.message);
    const { project, configMap, secretKeys } = loaded;
    const previewed = await runPreview({ dir: ROOT, stack, project, configMap, secretKeys });
    if (!previewed.ok) throw new Error(previewed.error.message);
    const plan = planStack(loaded.spec, { stack });
    const graph = parseGraph(JSON.stringify(previewed.export), stack);
    const { totals } = billOf(graph, { plan, date: "2026-11-25", catalogAsOf: plan.catalogAsOf });
    const [root] = previewed.export.deployment.resources;
    expect(root!.outputs["monthlyCostUsd"]).toEqual(totals.monthlyUsd);
    expect(Number(totals.monthlyUsd.expected)).toBeGreaterThan(100);
  });
});
