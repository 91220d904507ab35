import { describe, expect, it } from "vitest";
import { choiceErrors } from "../../cli/choice-errors.ts";
import { formatError, parseStack } from "../../config/index.ts";
import { planStack, wrongChoices } from "../../plan/index.ts";
import { edited, OWNED, STACK, STACKS, shipped } from "../config/stack.ts";

function judged(text: string, overrides: string[] = []) {
  const read = parseStack(text, "s.yaml", overrides);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const choices = wrongChoices(read.spec);
  return {
    choices,
    errors: choiceErrors(choices, read.locate).map(formatError),
    plan: planStack(read.spec, { stack: "s" }),
  };
}

describe("names that a stack chooses", () => {
  it.each(STACKS)("are all known in %s", (name) => {
    expect(judged(shipped(name)).choices).toEqual([]);
  });

  it("are all judged at once, each where it stands, and nothing is planned", () => {
    const text = edited("region: eu-west-1", "region: eu-wset-1")
      .replace("Qwen/Qwen2.5-7B-Instruct-AWQ", "Qwen/Qwen2.5-7B-Instruct-AWK")
      .replace("      context: 16384", "      context: 16384\n      instance: g6.xlarg\n      gpu: L4O-48G")
      .replace("  freehold:budget:", "  freehold:engine: { version: 0.0.1 }\n  freehold:budget:");
    const { errors, plan } = judged(text);
    expect(errors.map((error) => error.split("\n")[0])).toEqual([
      "s.yaml:3:13: aws.region: eu-wset-1 is not in the catalogue",
      "s.yaml:12:14: Qwen/Qwen2.5-7B-Instruct-AWK is not in the catalogue; give a folder that holds its config.json (model: ./path/to/folder)",
      "s.yaml:14:17: instance g6.xlarg is not in the catalogue",
      "s.yaml:15:12: gpu L4O-48G is not in the catalogue",
      "s.yaml:19:31: vLLM 0.0.1 is not in the catalogue",
    ]);
    expect(errors[0]).toMatch(/fix: did you mean eu-west-1\?$/);
    expect(errors[1]).toMatch(/fix: did you mean Qwen\/Qwen2\.5-7B-Instruct-AWQ\?$/);
    expect(errors[2]).toMatch(/fix: did you mean g6\.xlarge\?$/);
    expect(plan).toMatchObject({ verdict: "does-not-fit", models: [], infrastructure: null });
    expect(plan.refusals.map(({ code }) => code)).toEqual([
      "region-unknown",
      "engine-unknown",
      "model-unknown",
      "gpu-unknown",
      "instance-unknown",
    ]);
  });

  it("a region outside the allowed ones, and a set that is none", () => {
    const outside = judged(`${STACK}  freehold:residency: { allowedRegions: us }\n`);
    expect(outside.errors[0]).toMatch(
      /^s\.yaml:3:13: aws\.region: eu-west-1 is outside residency\.allowedRegions\n/,
    );
    expect(outside.choices[0]!.allowed).toContain("us-east-1");
    expect(judged(`${STACK}  freehold:residency: { allowedRegions: eea }\n`).errors).toEqual([]);
    expect(judged(`${STACK}  freehold:residency: { allowedRegions: [eae] }\n`).errors).toEqual([
      "s.yaml:19:41: residency.allowedRegions: eae is neither a region nor a set\n  fix: did you mean eea?",
    ]);
  });

  it("an instance that the region does not offer, has no GPU, or stands in an override", () => {
    const [other] = judged(STACK, ["freehold:models[0].instance=p5.48xlarge"]).choices;
    expect(other).toMatchObject({ code: "instance-not-offered", path: ["models", 0, "instance"] });
    expect(other!.allowed).toContain("us-east-1");
    expect(other!.allowed).not.toContain("eu-west-1");
    expect(judged(STACK, ["freehold:models[0].instance=m7i.large"]).errors).toEqual([
      "--config: instance m7i.large has no NVIDIA GPU",
    ]);
  });

  it("the GPU of owned nodes and a folder without config.json", () => {
    expect(judged(OWNED).errors).toEqual([]);
    expect(judged(edited("gpu: A100-80G", "gpu: Z9-1G", OWNED)).errors[0]).toMatch(
      /^s\.yaml:8:12: cluster\.nodes\.gpu: Z9-1G is not in the catalogue/,
    );
    expect(judged(edited("Qwen/Qwen2.5-7B-Instruct-AWQ", "./nowhere")).errors).toEqual([
      "s.yaml:12:14: ./nowhere holds no config.json",
    ]);
  });
});
