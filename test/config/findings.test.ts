import { describe, expect, it } from "vitest";
import { parseStack } from "../../config/index.ts";
import { edited, errorsOf, findings, OWNED, STACK, shipped } from "./stack.ts";

describe("a stack file that is no stack file", () => {
  it.each([
    [
      "an empty file",
      "",
      "s.yaml:1:1: the stack file is empty",
      "copy one of the shipped stacks, or run freehold init",
    ],
    [
      "only comments",
      "# one\n# two\n",
      "s.yaml:1:1: the stack file is empty",
      "copy one of the shipped stacks, or run freehold init",
    ],
    [
      "only a document mark",
      "---\n",
      "s.yaml:1:1: the stack file is empty",
      "copy one of the shipped stacks, or run freehold init",
    ],
    [
      "a list",
      "# x\n- a\n- b\n",
      's.yaml:2:1: a stack file is a map with the key config, not ["a","b"]',
      "begin with config: and indent the freehold: keys under it",
    ],
    [
      "a word",
      "hello\n",
      's.yaml:1:1: a stack file is a map with the key config, not "hello"',
      "begin with config: and indent the freehold: keys under it",
    ],
    [
      "config without a value",
      "secretsprovider: x\nconfig: null\n",
      "s.yaml:2:9: config has no value",
      "indent freehold:cluster, freehold:models and the others under config:",
    ],
    [
      "config: followed by nothing",
      "config:\n",
      "s.yaml:1:1: config has no value",
      "indent freehold:cluster, freehold:models and the others under config:",
    ],
    [
      "config as a list",
      "config:\n  - a\n",
      's.yaml:2:3: config must be a map of keys, not ["a"]',
      "indent freehold:cluster, freehold:models and the others under config:",
    ],
    [
      "no config",
      "secretsprovider: x\n",
      "s.yaml:1:1: config is missing",
      "indent freehold:cluster, freehold:models and the others under config:",
    ],
    [
      "a misspelt config",
      "confg:\n  a: 1\n",
      "s.yaml:1:1: confg is not a key of a stack file",
      "did you mean config?",
    ],
    [
      "keys that are not indented",
      "freehold:aws: {}\n",
      "s.yaml:1:1: freehold:aws is not a key of a stack file",
      "indent it under config:",
    ],
  ])("%s", (_name, text, message, fix) => {
    expect(findings(text)).toEqual([`${message}\n  fix: ${fix}`]);
  });

  it("an empty config names every key that it needs", () => {
    expect(findings("config: {}\n")).toEqual([
      "s.yaml:1:1: cluster is missing\n  fix: add freehold:cluster",
      "s.yaml:1:1: models is missing\n  fix: add freehold:models",
    ]);
  });
});

describe("findings", () => {
  it("come all at once, in the order of the file, whichever check they are from", () => {
    const text = STACK.replace("region: eu-west-1", "region: Ireland")
      .replace('"111122223333"', "111122223333")
      .replace("kind: eks", "kind: eks\n    kind: eks")
      .replace("via: ssm", "via: smm")
      .replace("context: 16384", "context: 0\n      contxt: 1")
      .replace("min: 1", "min: -1")
      .replace("monthlyUsd", "montlyUsd")
      .concat("    - extra\n".replace("    - extra", "  freehold:budgets: {}"));
    expect(
      errorsOf(parseStack(text, "s.yaml")).map(({ line, col, code }) => `${line}:${col} ${code}`),
    ).toEqual([
      "3:13 invalid-value",
      "4:16 wrong-type",
      "7:5 duplicate-key",
      "10:12 invalid-value",
      "14:16 out-of-range",
      "15:7 unknown-key",
      "17:14 out-of-range",
      "20:5 unknown-key",
      "21:3 unknown-key",
    ]);
  });

  it("across fields are not hidden by those within a field, nor made up from values that were refused", () => {
    const second = "    - name: chat\n      model: m\n      context: 128\n      contxt: 1\n";
    const text = edited("  freehold:budget:", `${second}  freehold:budget:`)
      .replace("min: 1", "min: 3")
      .replace("monthlyUsd: 650", 'monthlyUsd: "650"');
    expect(findings(text)).toEqual([
      "s.yaml:16:14: models[0].replicas.max 2 is below replicas.min 3\n  fix: max: 3",
      's.yaml:17:13: models[0] is named "chat" too\n  fix: name: chat-2',
      "s.yaml:20:7: models[1].contxt is not a key of a stack file\n  fix: did you mean context?",
      's.yaml:22:17: budget.monthlyUsd must be a number, not "650"\n  fix: remove the quotes: monthlyUsd: 650',
    ]);
    // max is refused, so that nothing can be said about max and min.
    expect(findings(edited("max: 2", "max: x").replace("min: 1", "min: 3"))).toEqual([
      's.yaml:16:14: models[0].replicas.max must be a number, not "x"',
    ]);
    // aws is refused, which is not the same as missing.
    expect(findings(edited("region: eu-west-1", "region: 1"))).toEqual([
      's.yaml:3:13: aws.region must be a text, not 1\n  fix: put it in quotes: region: "1"',
    ]);
  });

  it("carry value, path, allowed values and the smallest change", () => {
    expect(errorsOf(parseStack(edited("via: ssm", "via: bastion"), "stacks/x.yaml"))).toEqual([
      {
        code: "invalid-value",
        message: 'cluster.access.via cannot be "bastion"',
        file: "stacks/x.yaml",
        line: 9,
        col: 12,
        path: "cluster.access.via",
        value: "bastion",
        allowed: ["in-vpc", "ssm", "staged"],
        fix: "via: in-vpc",
      },
    ]);
    expect(errorsOf(parseStack(edited("monthlyUsd: 650", "montlyUsd: 650"), "s.yaml"))).toEqual([
      {
        code: "unknown-key",
        message: "budget.montlyUsd is not a key of a stack file",
        file: "s.yaml",
        line: 18,
        col: 5,
        path: "budget.montlyUsd",
        value: "montlyUsd",
        allowed: ["monthlyUsd", "perMillionTokensUsd", "basis"],
        fix: "did you mean monthlyUsd?",
      },
    ]);
  });

  it("offer the keys of the kind of cluster that was chosen", () => {
    const [error] = errorsOf(parseStack(edited("    version:", "    acces: {}\n    version:"), "s.yaml"));
    expect(error).toMatchObject({
      allowed: ["kind", "version", "access", "admins", "systemNodes"],
      fix: "did you mean access?",
    });
  });

  it("are cut where there are very many", () => {
    const keys = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join(", ");
    const found = errorsOf(
      parseStack(`${STACK}  freehold:load: { requestsPerHour: 1, ${keys} }\n`, "s.yaml"),
    );
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toMatchObject({
      code: "too-many",
      message: "29900 more findings are not shown",
      line: null,
    });
  });

  it("cut long values and make control characters visible", () => {
    const [error] = errorsOf(parseStack(edited("name: chat", `name: "${"x".repeat(100_000)}"`), "s.yaml"));
    expect(error!.message.length).toBeLessThan(300);
    expect(JSON.stringify(error!.value).length).toBeLessThan(500);
    const shown = findings(edited("region: eu-west-1", 'region: eu-west-1\n    "\\e[2J": 1'));
    expect(shown).toEqual(['s.yaml:4:5: aws["\\u001b[2J"] is not a key of a stack file\n  fix: remove it']);
  });
});

describe("values that make no sense", () => {
  it.each([
    ["min: 1", "min: -1", "15:14: models[0].replicas.min must be at least 0, not -1\n  fix: min: 0"],
    ["max: 2", "max: 0", "16:14: models[0].replicas.max must be at least 1, not 0\n  fix: max: 1"],
    ["min: 1", "min: 1.5", "15:14: models[0].replicas.min must be a whole number, not 1.5"],
    ["min: 1", "min: 3", "16:14: models[0].replicas.max 2 is below replicas.min 3\n  fix: max: 3"],
    ["        max: 2\n", "", null],
    [
      "context: 16384",
      "context: 0",
      "13:16: models[0].context must be at least 128, not 0\n  fix: context: 128",
    ],
    ["context: 16384", "context: .inf", "13:16: models[0].context must be a number, not Infinity"],
    ["context: 16384", "context: .nan", "13:16: models[0].context must be a number, not NaN"],
    ["context: 16384", "context: 1e300", "13:16: models[0].context must be a smaller number than 1e+300"],
    ["context: 16384", "context: 16k", '13:16: models[0].context must be a number, not "16k"'],
    [
      "context: 16384",
      'context: "16384"',
      '13:16: models[0].context must be a number, not "16384"\n  fix: remove the quotes: context: 16384',
    ],
    [
      "context: 16384",
      "context:",
      "13:7: models[0].context has no value\n  fix: give context a value, or remove the line",
    ],
    ["      context: 16384\n", "", "11:7: models[0].context is missing\n  fix: add context"],
    [
      "monthlyUsd: 650",
      "monthlyUsd: -1",
      "18:17: budget.monthlyUsd must be at least 0, not -1\n  fix: monthlyUsd: 0",
    ],
    ["monthlyUsd: 650", "monthlyUsd: 0", null],
    [
      "  freehold:budget:\n    monthlyUsd: 650",
      "  freehold:budget:",
      "17:3: budget has no value\n  fix: give freehold:budget a value, or remove the line",
    ],
    ["kind: eks", "kind: gke", '6:11: cluster.kind cannot be "gke"\n  fix: kind: eks'],
    ["    kind: eks\n", "", "5:3: cluster.kind is missing\n  fix: kind: eks"],
    [
      'version: "1.35"',
      "version: 1.30",
      '7:14: cluster.version must be a text, not 1.3\n  fix: put it in quotes: version: "1.30"',
    ],
    [
      'version: "1.35"',
      'version: "v1.35"',
      '7:14: cluster.version must be a Kubernetes minor version in quotes, e.g. "1.35", not "v1.35"',
    ],
    ['"111122223333"', '"1111"', '4:16: aws.accountId must be twelve digits, quoted, not "1111"'],
    [
      "region: eu-west-1",
      "region: Ireland",
      '3:13: aws.region must be an AWS region such as eu-central-1, not "Ireland"',
    ],
    [
      "name: chat",
      "name: vllm",
      "11:13: models[0].name not 'vllm': Kubernetes would inject VLLM_PORT, which the engine parses, not \"vllm\"",
    ],
    [
      "name: chat",
      "name: Chat Bot",
      "11:13: models[0].name must be a DNS label: lower-case letters, digits, '-', at most 40 characters, not \"Chat Bot\"",
    ],
    [
      "budget:",
      "profiles: gdpr\n  freehold:budget:",
      '17:22: profiles must be a list, not "gdpr"\n  fix: freehold:profiles: [gdpr]',
    ],
    ["budget:", "profiles: [gdrp]\n  freehold:budget:", '17:23: profiles[0] cannot be "gdrp"\n  fix: - gdpr'],
    [
      "budget:",
      "layers: [kubernetes, kubernetes]\n  freehold:budget:",
      '17:20: layers must be a list without an entry twice, not ["kubernetes","kubernetes"]',
    ],
    ["budget:", "layers: []\n  freehold:budget:", "17:20: layers must have at least 1 entry"],
    [
      "budget:",
      "layers: [kubernetes]\n  freehold:budget:",
      "17:20: an eks stack without its infrastructure layer would remove the cluster\n  fix: freehold:layers: [infrastructure, kubernetes]",
    ],
    [
      "budget:",
      "tags: { 'a$b': c }\n  freehold:budget:",
      "17:20: tags.a$b: the key must be 1 to 128 letters, digits, spaces or any of _ . : / = + - @",
    ],
    [
      "budget:",
      "tags: { cost: 5 }\n  freehold:budget:",
      '17:26: tags.cost must be a text, not 5\n  fix: put it in quotes: cost: "5"',
    ],
    [
      "budget:",
      "residency: { allowedRegions: 5 }\n  freehold:budget:",
      "17:41: residency.allowedRegions must be a text or a list of texts, not 5",
    ],
    [
      "budget:",
      "network: { cidr: 8.8.0.0/16 }\n  freehold:budget:",
      "17:29: network.cidr 8.8.0.0/16 is not private\n  fix: cidr: 10.40.0.0/16",
    ],
    [
      "budget:",
      "network: { cidr: 10.300.0.0/16 }\n  freehold:budget:",
      "17:29: network.cidr 10.300.0.0/16 is no IPv4 address block\n  fix: cidr: 10.40.0.0/16",
    ],
    [
      "budget:",
      "network: { cidr: 172.20.0.0/16 }\n  freehold:budget:",
      "17:29: network.cidr 172.20.0.0/16 holds the cluster's service addresses (172.20.0.0/16)\n  fix: cidr: 10.40.0.0/16",
    ],
    // /18 begins at multiples of 64: 10.40.100.0 lies in 10.40.64.0/18.
    [
      "budget:",
      "network: { cidr: 10.40.100.0/18 }\n  freehold:budget:",
      "17:29: network.cidr 10.40.100.0/18 does not begin at a block of its size\n  fix: cidr: 10.40.64.0/18",
    ],
    [
      "budget:",
      "retention: { logDays: 31 }\n  freehold:budget:",
      "17:34: CloudWatch keeps logs for fixed periods; 31 days is none of them\n  fix: logDays: 60",
    ],
    [
      "budget:",
      "schedule: { start: '19:00', end: '08:00' }\n  freehold:budget:",
      '17:45: schedule.end 08:00 is not after start 19:00\n  fix: end: "23:59"',
    ],
    [
      "budget:",
      "schedule: { timezone: Europe/Dublni }\n  freehold:budget:",
      '17:34: schedule.timezone "Europe/Dublni" is no IANA time zone\n  fix: did you mean Europe/Dublin?',
    ],
    [
      "budget:",
      "schedule: { timezone: europe/dublin }\n  freehold:budget:",
      '17:34: schedule.timezone "europe/dublin" is no IANA time zone\n  fix: timezone: Europe/Dublin',
    ],
    [
      "budget:",
      "schedule: { timezone: +02:00 }\n  freehold:budget:",
      '17:34: schedule.timezone "+02:00" is no IANA time zone\n  fix: timezone: UTC',
    ],
    [
      "budget:",
      "schedule: { days: [Mon, Mon] }\n  freehold:budget:",
      '17:30: schedule.days must be a list without an entry twice, not ["Mon","Mon"]',
    ],
    [
      "budget:",
      "load: { requestsPerHour: 1, profile: schedule }\n  freehold:budget:",
      "17:49: profile schedule needs a schedule\n  fix: add freehold:schedule, or profile: business-hours",
    ],
    [
      "budget:",
      "load: { requestsPerHour: 0 }\n  freehold:budget:",
      "17:37: load.requestsPerHour must be more than 0, not 0",
    ],
    [
      "budget:",
      "profiles: [gdpr]\n  freehold:budget:",
      "1:1: profile gdpr needs residency.allowedRegions\n  fix: freehold:residency: { allowedRegions: eea }",
    ],
    [
      "budget:",
      "weights: { from: pvc }\n  freehold:budget:",
      "17:21: weights.from pvc needs weights.claim, the name of the claim\n  fix: claim: model-weights",
    ],
    ["budget:", "encryption: true\n  freehold:budget:", "17:24: encryption must be a map of keys, not true"],
  ])("%s → %s", (from, to, expected) => {
    expect(findings(edited(from, to))).toEqual(expected === null ? [] : [`s.yaml:${expected}`]);
  });

  it("keeps a replica range whose upper bound is the default, and says which it is", () => {
    expect(findings(edited("        max: 2\n", "").replace("min: 1", "min: 2"))).toEqual([
      "s.yaml:14:7: models[0].replicas.max 1 is below replicas.min 2\n  fix: max: 2",
    ]);
  });

  it("a mean request that is longer than the context", () => {
    const text = edited("context: 16384", "context: 1024").replace(
      "      replicas:",
      "      load: { requestsPerHour: 1, inputTokens: 1000, outputTokens: 25 }\n      replicas:",
    );
    expect(findings(text)).toEqual([
      "s.yaml:13:16: the mean request has 1025 tokens; the context is 1024\n  fix: context: 1025",
    ]);
  });

  it("three models of one name point at the first", () => {
    const more = "    - { name: chat, model: m, context: 128 }\n".repeat(2);
    expect(findings(edited("  freehold:budget:", `${more}  freehold:budget:`))).toEqual([
      's.yaml:17:15: models[0] is named "chat" too\n  fix: name: chat-2',
      's.yaml:18:15: models[0] is named "chat" too\n  fix: name: chat-2',
    ]);
  });

  it("both layers with staged access are what the second step builds", () => {
    const result = parseStack(edited("via: ssm", "via: staged"), "s.yaml");
    expect(result.ok && result.spec.layers).toEqual(["infrastructure", "kubernetes"]);
    const first = parseStack(
      `${edited("via: ssm", "via: staged")}  freehold:layers: [infrastructure]\n`,
      "s.yaml",
    );
    expect(first.ok && first.spec.layers).toEqual(["infrastructure"]);
  });

  it("an existing cluster has no AWS, no machines to choose and no bucket", () => {
    const text = edited("    from: hub", "    from: s3", OWNED)
      .replace("[kubernetes]", "[infrastructure]")
      .replace(
        "  freehold:cluster:",
        '  freehold:aws: { region: eu-west-1, accountId: "111122223333" }\n  freehold:cluster:',
      )
      .replace(
        "      context: 16384",
        "      context: 16384\n      instance: p4d.24xlarge\n      gpu: L4-24G",
      );
    expect(findings(text)).toEqual([
      "s.yaml:2:20: on an existing cluster only the kubernetes layer can be built\n  fix: freehold:layers: [kubernetes]",
      "s.yaml:3:17: cluster.kind existing builds nothing in AWS\n  fix: remove freehold:aws",
      "s.yaml:15:5: weights.from s3 needs the bucket that an eks stack builds\n  fix: freehold:weights: { from: pvc, claim: model-weights }",
      "s.yaml:20:17: instance chooses AWS machines; on an existing cluster cluster.nodes says what there is\n  fix: remove instance",
      "s.yaml:21:12: gpu chooses AWS machines; on an existing cluster cluster.nodes says what there is\n  fix: remove gpu",
    ]);
  });

  it("a waiver needs an owner, a reason and a real last day", () => {
    const waiver = (expires: string) =>
      findings(
        `${STACK}  freehold:policy:\n    waivers:\n      - control: S3-03\n        resource: weights\n        owner: ops\n        reason: for a test\n        ticket: T-1\n        expires: ${expires}\n        approver: cto\n`,
      );
    expect(waiver('"2026-12-31"')).toEqual([]);
    for (const bad of ['"2026-02-30"', "never", '"31.12.2026"'])
      expect(waiver(bad)).toEqual([
        `s.yaml:26:18: policy.waivers[0].expires must be a date in quotes, such as "2026-12-31", not ${bad.startsWith('"') ? bad : `"${bad}"`}`,
      ]);
  });

  it("keys of other programs pass with a warning; keys without a namespace do not", () => {
    const result = parseStack(`${STACK}  aws:region: eu-west-1\n`, "s.yaml");
    expect(result.ok && result.warnings).toEqual([
      "s.yaml: aws:region is not read; Freehold sets its own providers",
    ]);
    expect(findings(`${STACK}  model: x\n  encryptionSalt: x\n`)).toEqual([
      "s.yaml:19:3: model is not a key of a stack file\n  fix: did you mean freehold:models?",
      "s.yaml:20:3: encryptionSalt is not a key of a stack file\n  fix: did you mean freehold:encryption?",
    ]);
  });
});

it.each(["dev", "eu-gdpr", "us-hipaa", "onprem"])(
  "the shipped stack %s is valid, without warnings",
  (name) => {
    const result = parseStack(shipped(name), "s.yaml");
    expect(errorsOf(result)).toEqual([]);
    expect(result.ok && result.warnings).toEqual([]);
    expect(shipped(name)).not.toMatch(/secure:|encryptionsalt/);
  },
);
