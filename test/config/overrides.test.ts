import { describe, expect, it } from "vitest";
import { parseStack, type StackSpec } from "../../config/index.ts";
import { edited, errorsOf, findings, OWNED, STACK } from "./stack.ts";

function spec(...overrides: string[]): StackSpec {
  const result = parseStack(STACK, "s.yaml", overrides);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.spec;
}

describe("--config freehold:path=value", () => {
  it("sets values, also in lists, and makes the maps on the way", () => {
    expect(spec("freehold:models[0].context=8192").models[0]!.context).toBe(8192);
    expect(spec("freehold:models[0].load.requestsPerHour=60").models[0]!.load?.requestsPerHour).toBe(60);
    expect(spec('freehold:tags["cost centre"]=R&D').tags).toEqual({ "cost centre": "R&D" });
    expect(spec("freehold:profiles[0]=gdpr", "freehold:residency.allowedRegions=eea").profiles).toEqual([
      "gdpr",
    ]);
    expect(spec("freehold:schedule={start: '09:00'}").schedule?.start).toBe("09:00");
    expect(spec('freehold:aws.accountId="444455556666"').aws?.accountId).toBe("444455556666");
  });

  it("adds the next entry of a list", () => {
    const { models } = spec(
      "freehold:models[1]={name: b, model: m, context: 128}",
      "freehold:models[1].context=256",
    );
    expect(models.map(({ name, context }) => [name, context])).toEqual([
      ["chat", 16384],
      ["b", 256],
    ]);
  });

  it("of two for one key the last counts", () => {
    expect(spec("freehold:models[0].context=256", "freehold:models[0].context=512").models[0]!.context).toBe(
      512,
    );
  });

  it("what is no YAML is a text", () => {
    expect(spec("freehold:engine.image=@x: [").engine.image).toBe("@x: [");
  });

  it("mends a value that the file has wrong", () => {
    expect(findings(edited("context: 16384", "context: 0"), ["freehold:models[0].context=128"])).toEqual([]);
    expect(
      findings(edited("region: eu-west-1", "region: *x"), ["freehold:aws.region=eu-west-1"]),
    ).toHaveLength(1);
  });

  it("leaves the file's own data alone, and reaches the program", () => {
    const result = parseStack(STACK, "s.yaml", ["freehold:models[0].context=256"]);
    expect(result.ok && JSON.parse(result.configMap["freehold:models"]!)).toMatchObject([{ context: 256 }]);
  });

  it.each([
    ["freehold:models[0].context", "--config freehold:models[0].context is not an override"],
    ["models[0].context=1", "--config models[0].context is not an override"],
    ["freehold:=1", "--config freehold: is not an override"],
    ["=1", "--config  is not an override"],
    ["", "--config  is not an override"],
    ["freehold:models[=1", "--config freehold:models[ is not an override"],
    ["freehold:models[-1].context=1", "--config freehold:models[-1].context is not an override"],
    ["freehold:.aws=1", "--config freehold:.aws is not an override"],
    ["freehold:aws..region=1", "--config freehold:aws..region is not an override"],
    ["freehold:[0]=1", "--config freehold:[0] is not an override"],
    ["aws:region=x", "--config aws:region is not an override"],
    ["freehold:__proto__.polluted=1", "--config freehold:__proto__.polluted is not an override"],
    ["freehold:aws.__proto__.polluted=1", "--config freehold:aws.__proto__.polluted is not an override"],
    [
      'freehold:aws["__proto__"].polluted=1',
      '--config freehold:aws["__proto__"].polluted is not an override',
    ],
  ])("refuses %s", (text, message) => {
    expect(findings(STACK, [text])).toEqual([
      `--config: ${message}\n  fix: --config freehold:models[0].context=8192`,
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    ["freehold:models[9].context=1", "--config models[9].context: models has 1 entry", "freehold:models[0]"],
    [
      "freehold:models[999999999].context=1",
      "--config models[999999999].context: models has 1 entry",
      "freehold:models[0]",
    ],
    [
      "freehold:models.context=1",
      "--config models.context: models is a list of 1 entry; context is no position",
      "freehold:models[0].context",
    ],
    ["freehold:aws[0]=1", "--config aws[0]: aws is a map, not a list", "freehold:aws.key"],
    [
      "freehold:aws.region.name=1",
      "--config aws.region.name: aws.region is a single value",
      "--config freehold:aws.region=…",
    ],
    ["freehold:aws.region=&a b", "--config freehold:aws.region: anchors are not read: &a", "remove &a"],
    [
      "freehold:hardware={purchasedOn: 2026-01-01}",
      "--config freehold:hardware: a date without quotes is a time stamp to Pulumi",
      'put it in quotes: "2026-01-01"',
    ],
  ])("says why %s does not lead anywhere", (text, message, fix) => {
    const [first] = findings(STACK, [text]);
    expect(first!.replace(/^--config(:\d+:\d+)?: /, "")).toBe(`${message}\n  fix: ${fix}`);
  });

  it.each([
    ["freehold:constructor.prototype.polluted=1", "constructor"],
    ["freehold:aws.constructor.prototype.polluted=1", "aws.constructor"],
    ["freehold:tags.constructor.prototype.polluted=1", "tags.constructor"],
  ])("%s reaches no prototype", (text, path) => {
    expect(errorsOf(parseStack(STACK, "s.yaml", [text]))).toMatchObject([
      { path, file: "--config", line: null },
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("findings about an override name --config, those about the file their line, all together", () => {
    expect(
      findings(edited("via: ssm", "via: smm"), [
        "freehold:models[0].context=0",
        "nonsense",
        "freehold:aws.regoin=x",
      ]),
    ).toEqual([
      's.yaml:9:12: cluster.access.via cannot be "smm"\n  fix: via: ssm',
      "--config: --config nonsense is not an override\n  fix: --config freehold:models[0].context=8192",
      "--config: aws.regoin is not a key of a stack file\n  fix: did you mean region?",
      "--config: models[0].context must be at least 128, not 0\n  fix: context: 128",
    ]);
  });

  it("a number where a text belongs is shown as it was typed", () => {
    expect(findings(STACK, ["freehold:cluster.version=1.30"])).toEqual([
      '--config: cluster.version must be a text, not 1.3\n  fix: put it in quotes: version: "1.30"',
    ]);
  });

  it("a kubeconfig is never shown, whatever is wrong with it", () => {
    const secret = "hunter2-hunter2";
    for (const override of [
      `freehold:cluster.kubeconfig={a: ${secret}}`,
      `freehold:cluster.kubeconfig[0]=${secret}`,
      `freehold:cluster.kubeconfig.x=${secret}`,
      `freehold:cluster={kind: ${"gke"}, kubeconfig: ${secret}}`,
      `freehold:cluster=[${secret}]`.replace("[", "{kind: existing, kubeconfig: [").replace(/\]$/, "]}"),
      `freehold:cluster.kubeconfig:${secret}`,
      `freehold:cluster.kubeconfig =${secret}`,
    ]) {
      const errors = errorsOf(parseStack(OWNED, "s.yaml", [override]));
      expect(errors.length, override).toBeGreaterThan(0);
      if (!override.includes("kubeconfig:h")) expect(JSON.stringify(errors), override).not.toContain(secret);
    }
  });
});
