import { describe, expect, test } from "vitest";
import { parseGraph } from "../../graph/index.ts";
import { evaluate, hasMandatoryFailure } from "../../policies/evaluate.ts";
import { rules } from "../../policies/rules/index.ts";
import type { PolicyParams, Waiver } from "../../policies/types.ts";
import { waiverNotes } from "../../policies/waivers.ts";
import { DATE, type Doc, graphOf, UNKNOWN } from "./graphs.ts";

/** Volumes judged by STO-01: one that fails, one that is not known, one that passes. */
const open = { type: "aws:ebs/volume:Volume", name: "open", props: { encrypted: false } };
const hidden = { type: "aws:ebs/volume:Volume", name: "hidden", props: { encrypted: UNKNOWN } };
const closed = { type: "aws:ebs/volume:Volume", name: "closed", props: { encrypted: true } };
const waiver: Waiver = {
  control: "STO-01",
  resource: "open",
  owner: "platform team",
  reason: "holds public test data only",
  ticket: "OPS-1",
  expires: DATE,
  approver: "security officer",
};

interface Run {
  profiles?: string[];
  controls?: string[];
  waivers?: Waiver[];
  params?: Partial<PolicyParams>;
}

function run(doc: Doc, { profiles = ["gdpr"], controls = ["STO-01"], waivers = [], params = {} }: Run = {}) {
  return evaluate([{ graph: graphOf(doc) }], {
    profiles,
    controls,
    waivers,
    params: { date: DATE, ...params },
    catalogAsOf: DATE,
  });
}
function only(document: ReturnType<typeof run>) {
  const [result] = document.results;
  if (!result || !("controls" in result)) throw new Error("the graph was not judged");
  return result.controls[0]!;
}

describe("precedence", () => {
  const waived = { waivers: [waiver] };
  test.each([
    ["fail", [open, hidden, closed], {}],
    ["fail", [open, { ...open, name: "other" }], waived],
    ["unknown", [hidden, closed], {}],
    ["unknown", [open, hidden, closed], waived],
    ["waived", [open, closed], waived],
    ["pass", [closed], waived],
    ["not-applicable", [], waived],
  ] as const)("%s", (verdict, resources, options) => {
    const document = run(
      { resources: [...resources] },
      { ...options, waivers: [...("waivers" in options ? options.waivers : [])] },
    );
    expect(only(document).verdict).toBe(verdict);
    const key = verdict === "not-applicable" ? "notApplicable" : verdict;
    expect(document.summary).toEqual({ fail: 0, unknown: 0, waived: 0, pass: 0, notApplicable: 0, [key]: 1 });
  });
});

describe("a run fails", () => {
  const replica = (region: unknown): Doc => ({
    config: { allowedRegions: ["eu-central-1"] },
    resources: [
      {
        type: "aws:secretsmanager/secret:Secret",
        name: "secret",
        props: { replicas: [{ region }] },
      },
    ],
  });
  const distribution: Doc = {
    resources: [{ type: "aws:cloudfront/distribution:Distribution", name: "edge", props: {} }],
  };

  test.each([
    ["by a mandatory failure", { resources: [open] }, ["gdpr"], ["STO-01"], true],
    ["not by an unknown that is a warning", { resources: [hidden] }, ["gdpr"], ["STO-01"], false],
    ["by an unknown of residency", replica(UNKNOWN), ["gdpr"], ["RES-10"], true],
    ["by an unknown of residency under hipaa", replica(UNKNOWN), ["hipaa"], ["RES-10"], true],
    ["by a control asked for without a profile", replica(UNKNOWN), [], ["RES-10"], true],
    ["not by a pass", replica("eu-central-1"), ["gdpr"], ["RES-10"], false],
    ["by what the profile makes mandatory", distribution, ["gdpr"], ["RES-19"], true],
    ["not by what is advisory there", distribution, ["hipaa"], ["RES-19"], false],
  ])("%s", (_, doc, profiles, controls, fails) => {
    expect(hasMandatoryFailure(run(doc, { profiles, controls }))).toBe(fails);
  });
});

test("a rule that throws is unknown, also on a graph without resources", () => {
  const rule = rules.find(({ id }) => id === "STO-01")!;
  const check = rule.check;
  try {
    rule.check = () => {
      throw new Error("no such luck");
    };
    for (const resources of [[closed], []]) {
      const { verdict, unknowns } = only(run({ resources }));
      expect([verdict, unknowns.length]).toEqual(["unknown", 1]);
      expect(unknowns[0]!.why).toContain("no such luck");
    }
  } finally {
    rule.check = check;
  }
});

test("a graph that could not be read stands among those that could", () => {
  const error = { code: "not-json", message: "not JSON", line: 1, col: 1 };
  const { results, summary } = evaluate(
    [{ graph: { name: "broken.json", error } }, { graph: graphOf({ resources: [closed] }, "good.json") }],
    { profiles: ["gdpr"], controls: ["STO-01"], params: { date: DATE }, catalogAsOf: DATE },
  );
  expect(results.map((result) => result.graph)).toEqual(["broken.json", "good.json"]);
  expect(results[0]).toEqual({ graph: "broken.json", error });
  expect(summary.pass).toBe(1);
});

describe("parameters", () => {
  const provider = (config: unknown): Doc => ({
    config: config as Record<string, unknown>,
    resources: [{ type: "pulumi:providers:aws", name: "aws", props: { region: "eu-west-1" } }],
  });
  const verdict = (config: unknown, params: Partial<PolicyParams> = {}) =>
    only(run(provider(config), { controls: ["RES-01"], params })).verdict;

  test("of a file are read, sets of regions included", () => {
    expect(verdict({ allowedRegions: ["eea"] })).toBe("pass");
    expect(verdict({ allowedRegions: "eea" })).toBe("pass");
    expect(verdict({ allowedRegions: ["us"] })).toBe("fail");
    expect(verdict({ allowedRegions: "eu-west-1" })).toBe("pass");
    expect(verdict({})).toBe("unknown");
  });

  test("of the run go before those of the file", () => {
    expect(verdict({ allowedRegions: ["eea"] }, { allowedRegions: ["us-east-1"] })).toBe("fail");
  });

  test("of a wrong kind are an error that names each of them", () => {
    const [result] = run(provider({ allowedRegions: 7, minLogDays: "many", multimodal: "yes" })).results;
    expect(result).toMatchObject({ error: { code: "bad-config", line: null } });
    for (const part of ["allowedRegions is 7", 'minLogDays is "many"', 'multimodal is "yes"'])
      expect((result as { error: { message: string } }).error.message).toContain(part);
  });
});

describe("a waiver", () => {
  const verdict = (changed: Partial<Waiver>, date = DATE) =>
    only(run({ resources: [open] }, { waivers: [{ ...waiver, ...changed }], params: { date } })).verdict;

  test("holds through its last day, in UTC", () => {
    expect(verdict({ expires: "2026-01-31" }, "2026-01-31")).toBe("waived");
    expect(verdict({ expires: "2026-01-31" }, "2026-02-01")).toBe("fail");
    expect(verdict({ expires: "2026-12-01" }, "2026-02-01")).toBe("waived");
  });

  test.each(["2026-02-30", "2026-13-01", "31.12.2026", "2026-1-31", "soon", ""])(
    "does not hold until %j, which is no date",
    (expires) => expect(verdict({ expires })).toBe("fail"),
  );

  test.each(["owner", "reason", "ticket", "approver", "resource"] as const)(
    "does not hold without %s",
    (field) => {
      expect(verdict({ [field]: "" })).toBe("fail");
      expect(verdict({ [field]: undefined })).toBe("fail");
    },
  );

  test.each([
    ["open", "waived"],
    ["o*n", "waived"],
    ["*Volume::open", "waived"],
    ["*", "waived"],
    ["op", "fail"],
    ["o.en", "fail"],
    ["closed", "fail"],
  ])("names a resource by %j", (resource, expected) => expect(verdict({ resource })).toBe(expected));

  test("is for one control", () => expect(verdict({ control: "STO-02" })).toBe("fail"));

  test("stands in the result with its owner, reason and day", () => {
    const { waived } = only(run({ resources: [open] }, { waivers: [waiver] }));
    const { control: _, ...rest } = waiver;
    expect(waived).toEqual([{ ...rest, alternativeMeasure: null }]);
  });

  test("that does not hold or covers nothing is noted", () => {
    const list: Waiver[] = [
      waiver,
      { ...waiver, resource: "nothing", ticket: "OPS-2" },
      { ...waiver, expires: "2025-12-31", ticket: "OPS-3" },
      { ...waiver, expires: "soon", ticket: "OPS-4" },
      { ...waiver, owner: "", approver: "", ticket: "OPS-5" },
    ];
    const findings = run({ resources: [open] }, { waivers: list });
    expect(waiverNotes(list, findings, DATE)).toEqual([
      "waiver of STO-01 for nothing covers no finding; remove it",
      "waiver of STO-01 for open does not hold: 2025-12-31 is past",
      'waiver of STO-01 for open does not hold: expires is "soon"; allowed: YYYY-MM-DD',
      "waiver of STO-01 for open does not hold: it has no owner, no approver",
    ]);
  });
});

describe("what a report calls a resource", () => {
  test("is its name where the file has no URNs", () => {
    expect(only(run({ resources: [open] })).violations.map(({ resource }) => resource)).toEqual(["open"]);
  });

  test("is its URN where there is one", () => {
    const urn = "urn:pulumi:dev::app::aws:ebs/volume:Volume::open";
    const text = JSON.stringify({
      deployment: { resources: [{ urn, type: open.type, inputs: open.props }] },
    });
    const [result] = evaluate([{ graph: parseGraph(text, "export") }], {
      profiles: ["gdpr"],
      controls: ["STO-01"],
      params: { date: DATE },
      catalogAsOf: DATE,
    }).results;
    expect(result).toMatchObject({ controls: [{ violations: [{ resource: urn }] }] });
  });
});

test("findings are in the same order whatever the order of the resources", () => {
  const names = ["c", "a", "b"].map((name) => ({ ...open, name }));
  const of = (resources: typeof names) => only(run({ resources })).violations.map(({ resource }) => resource);
  expect(of(names)).toEqual(["a", "b", "c"]);
  expect(of(names.toReversed())).toEqual(["a", "b", "c"]);
});

test("the same graph gives the same document, byte for byte", () => {
  const doc = { resources: [open, hidden, closed] };
  const all = () =>
    evaluate([{ graph: graphOf(doc) }], {
      profiles: ["gdpr", "hipaa"],
      params: { date: DATE },
      catalogAsOf: DATE,
    });
  expect(JSON.stringify(all())).toBe(JSON.stringify(all()));
});
