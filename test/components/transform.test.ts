import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Component, Platform, type Transform, WeightsBucket } from "../../components/index.ts";
import { planOf, platformOf, run } from "./harness.ts";

const storage = { bucket: "weights", policy: {}, noncurrentDays: 30, abortMultipartDays: 7 };

describe("transform", () => {
  it("changes the inputs of any resource below, and leaves the others as planned", async () => {
    const plan = await planOf("dev");
    const transform: Transform = ({ type, name, inputs }) =>
      type === "aws:ec2/vpc:Vpc" && name.endsWith("-vpc")
        ? { ...inputs, tags: { ...inputs["tags"], team: "search" } }
        : inputs;
    const plain = await platformOf("dev");
    const changed = await run((opts) => new Platform("platform", { plan, transform }, opts));
    expect(changed.one("aws:ec2/vpc:Vpc").inputs).toEqual({
      ...plain.one("aws:ec2/vpc:Vpc").inputs,
      tags: { Name: "freehold-dev", team: "search" },
    });
    const others = (result: typeof plain) =>
      result.seen
        .filter(({ type }) => !/:(Vpc|Secret)$/.test(type))
        .map(({ name, inputs }) => [name, inputs]);
    expect(others(changed)).toEqual(others(plain));
  });

  it("sees every resource once, providers included, and no component", async () => {
    const plan = await planOf("eu-gdpr");
    const names: string[] = [];
    const transform: Transform = ({ name, inputs }) => {
      names.push(name);
      return inputs;
    };
    const { seen } = await run((opts) => new Platform("platform", { plan, transform }, opts));
    expect(names).toEqual(seen.filter(({ type }) => !type.startsWith("freehold:")).map(({ name }) => name));
  });

  it("runs beside the caller's own transformations", async () => {
    const own: pulumi.ResourceTransformation = ({ type, props, opts }) =>
      type === "aws:s3/bucket:Bucket" ? { props: { ...props, tags: { own: "yes" } }, opts } : undefined;
    const transform: Transform = ({ type, inputs }) =>
      type === "aws:s3/bucket:Bucket" ? { ...inputs, forceDestroy: true } : inputs;
    const { one } = await run(
      (opts) =>
        new WeightsBucket(
          "w",
          { plan: storage, transform },
          { transformations: [...opts.transformations!, own] },
        ),
    );
    expect(one("aws:s3/bucket:Bucket").inputs).toEqual({
      bucket: "weights",
      tags: { own: "yes" },
      forceDestroy: true,
    });
  });

  it.each([
    ["nothing", undefined, "returned undefined for aws:s3/bucket:Bucket w-bucket"],
    ["null", null, "returned null for"],
    ["a text", "x", "returned string for"],
  ])("refuses a callback that returns %s", async (_, answer, words) => {
    const transform = (() => answer) as unknown as Transform;
    await expect(run((opts) => new WeightsBucket("w", { plan: storage, transform }, opts))).rejects.toThrow(
      words,
    );
  });

  it("cannot change the object it is given", async () => {
    const transform: Transform = ({ inputs }) => {
      (inputs as Record<string, unknown>)["bucket"] = "other";
      return inputs;
    };
    await expect(run((opts) => new WeightsBucket("w", { plan: storage, transform }, opts))).rejects.toThrow(
      TypeError,
    );
  });
});

describe("nodes", () => {
  it("are the raw children of every component", async () => {
    const { component } = await platformOf("dev");
    expect(Object.keys(component.nodes).sort()).toEqual([
      "infrastructure",
      "model-chat",
      "monitoring",
      "namespace",
      "operators",
      "scaling",
    ]);
    const parts = component.nodes["infrastructure"] as Component;
    expect(Object.keys(parts.nodes).sort()).toEqual([
      "access",
      "autoscaler",
      "cluster",
      "governance",
      "network",
      "weights",
    ]);
    for (const part of [...Object.values(component.nodes), ...Object.values(parts.nodes)]) {
      expect(part).toBeInstanceOf(Component);
      const children = Object.values((part as Component).nodes).flat();
      expect(children.length).toBeGreaterThan(0);
      for (const child of children) expect(pulumi.Resource.isInstance(child)).toBe(true);
    }
  });
});
