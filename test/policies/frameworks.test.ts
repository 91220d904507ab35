import { describe, expect, test } from "vitest";
import { evaluate } from "../../policies/evaluate.ts";
import { frameworks } from "../../policies/frameworks/index.ts";
import { rules } from "../../policies/rules/index.ts";
import type { ControlResult } from "../../policies/types.ts";
import { DATE, graphOf } from "./graphs.ts";

/**
 * The catalogue's levels: M mandatory in both profiles, m in hipaa, g in gdpr, a in neither. What is mandatory in one
 * profile only is advisory in the other.
 */
const LEVELS: Record<string, "M" | "m" | "g" | "a"> = {
  "RES-01": "M",
  "RES-02": "M",
  "RES-03": "M",
  "RES-04": "M",
  "RES-05": "M",
  "RES-06": "M",
  "RES-07": "M",
  "RES-08": "g",
  "RES-09": "M",
  "RES-10": "M",
  "RES-11": "M",
  "RES-12": "M",
  "RES-13": "M",
  "RES-14": "M",
  "RES-15": "a",
  "RES-16": "M",
  "RES-17": "M",
  "RES-18": "M",
  "RES-19": "g",
  "RES-20": "M",
  "RES-21": "M",
  "RES-22": "a",
  "RES-23": "M",
  "GOV-01": "m",
  "S3-01": "M",
  "S3-02": "M",
  "S3-03": "M",
  "S3-04": "m",
  "S3-06": "M",
  "S3-07": "M",
  "S3-08": "a",
  "S3-09": "a",
  "S3-10": "a",
  "STO-01": "M",
  "STO-02": "a",
  "STO-03": "M",
  "STO-04": "m",
  "STO-05": "m",
  "STO-06": "M",
  "STO-07": "a",
  "STO-08": "a",
  "STO-09": "a",
  "STO-10": "a",
  "ECR-01": "M",
  "ECR-02": "a",
  "ECR-03": "a",
  "ECR-04": "a",
  "ECR-05": "M",
  "KMS-01": "M",
  "KMS-02": "M",
  "KMS-03": "a",
  "KMS-04": "a",
  "SEC-01": "M",
  "SEC-02": "a",
  "SEC-03": "a",
  "SEC-04": "M",
  "SEC-05": "a",
  "BCK-01": "M",
  "BCK-02": "a",
  "MSG-01": "m",
  "MSG-03": "m",
  "MSG-04": "m",
  "MSG-05": "m",
  "EKS-01": "M",
  "EKS-02": "M",
  "EKS-03": "M",
  "EKS-04": "M",
  "EKS-08": "M",
  "EC2-01": "M",
  "EC2-03": "M",
  "NET-01": "M",
  "NET-05": "M",
  "NET-06": "M",
  "NET-07": "M",
  "NET-08": "M",
  "LB-01": "M",
  "LB-02": "M",
  "LB-03": "M",
  "LB-04": "a",
  "LB-05": "a",
  "LB-06": "M",
  "LB-07": "M",
  "LB-08": "g",
  "LB-09": "a",
  "LOG-01": "M",
  "LOG-02": "m",
  "LOG-03": "M",
  "IAM-01": "M",
  "IAM-02": "M",
  "IAM-03": "M",
  "IAM-04": "a",
  "IAM-05": "a",
  "IAM-06": "M",
  "IAM-07": "M",
  "IAM-08": "M",
  "K8S-01": "M",
  "K8S-02": "M",
  "K8S-03": "M",
  "K8S-04": "a",
  "K8S-05": "M",
  "K8S-06": "M",
  "K8S-07": "M",
  "K8S-08": "M",
  "K8S-09": "M",
  "K8S-10": "M",
  "K8S-11": "M",
  "K8S-12": "M",
  "K8S-13": "M",
  "K8S-14": "M",
  "K8S-15": "a",
  "K8S-16": "a",
  "K8S-17": "a",
  "K8S-18": "a",
  "K8S-19": "M",
  "K8S-20": "M",
  "K8S-21": "M",
  "K8S-22": "a",
  "K8S-23": "M",
  "K8S-24": "M",
  "K8S-25": "a",
  "K8S-26": "M",
  "K8S-27": "M",
  "K8S-28": "M",
  "K8S-29": "M",
  "K8S-30": "M",
  "K8S-31": "g",
  "K8S-32": "M",
  "K8S-33": "M",
  "K8S-34": "a",
  "K8S-36": "a",
  "K8S-38": "a",
  "LLM-01": "M",
  "LLM-02": "M",
  "LLM-03": "M",
  "LLM-04": "g",
  "LLM-05": "M",
  "LLM-06": "M",
  "LLM-07": "M",
  "LLM-08": "a",
  "LLM-09": "M",
  "LLM-10": "a",
  "LLM-11": "a",
  "LLM-12": "a",
};
const IDS = Object.keys(LEVELS);
/** What one of the texts says nothing of. */
const ONLY: Record<string, string> = { "GOV-01": "hipaa", "S3-08": "gdpr" };

function controlsOf(profiles: string[], controls?: string[]): ControlResult[] {
  const [result] = evaluate([{ graph: graphOf({ resources: [] }) }], {
    profiles,
    ...(controls && { controls }),
    params: { date: DATE },
    catalogAsOf: DATE,
  }).results;
  if (!result || !("controls" in result)) throw new Error("the graph was not judged");
  return result.controls;
}
const levels = (controls: ControlResult[]) =>
  Object.fromEntries(controls.map(({ id, level }) => [id, level]));

test("every control exists exactly once, in catalogue order", () => {
  expect(rules.map(({ id }) => id)).toEqual(IDS);
});

test("every control says what it asks for", () => {
  for (const { id, title, description } of rules) {
    expect(title, id).toMatch(/^[A-Z].+[^.]$/);
    expect(description, id).toMatch(/.{20,}\.$/);
  }
});

describe("the profiles", () => {
  test.each([
    ["gdpr", "m"],
    ["hipaa", "g"],
  ])("%s has every control at its level", (profile, advisory) => {
    const expected = IDS.filter((id) => (ONLY[id] ?? profile) === profile).map((id) => [
      id,
      LEVELS[id] === advisory || LEVELS[id] === "a" ? "advisory" : "mandatory",
    ]);
    expect(levels(controlsOf([profile]))).toEqual(Object.fromEntries(expected));
  });

  test("together are their union at the stricter level", () => {
    const both = controlsOf(["gdpr", "hipaa"]);
    expect(both.map(({ id }) => id)).toEqual(IDS);
    expect(levels(both)).toEqual(
      Object.fromEntries(IDS.map((id) => [id, LEVELS[id] === "a" ? "advisory" : "mandatory"])),
    );
  });

  test("count unknown as an error for residency, and for nothing else", () => {
    for (const { name, controls } of Object.values(frameworks)) {
      for (const [id, row] of Object.entries(controls))
        expect([name, id, row.onUnknown]).toEqual([name, id, id.startsWith("RES-") ? "error" : "warn"]);
    }
  });

  test("give an article and a reason for every control", () => {
    const form = {
      // Articles 1 to 99 with paragraph and point.
      gdpr: /^GDPR [1-9]\d?(-[1-9]\d?)?(\(\d\))?(\([a-h]\))?$/,
      // Sections of 45 CFR 164.
      hipaa: /^HIPAA 164\.(308|310|312|314|316|502)(\([a-z]\))(\(\d\))?(\([ivx]+\))?(\([A-D]\))?$/,
    };
    for (const { name, controls, source } of Object.values(frameworks)) {
      expect(source).not.toBe("");
      for (const [id, row] of Object.entries(controls)) {
        expect(row.references, `${name} ${id}`).not.toEqual([]);
        for (const reference of row.references)
          expect(reference, `${name} ${id}`).toMatch(form[name as keyof typeof form]);
        expect(row.why, `${name} ${id}`).toMatch(/\w{3}/);
      }
    }
  });
});

describe("--controls", () => {
  test("judges just those, whatever the profile, in catalogue order", () => {
    expect(controlsOf(["hipaa"], ["LLM-04", "S3-01"]).map(({ id }) => id)).toEqual(["S3-01", "LLM-04"]);
  });

  test("takes the level of the profiles, and the strictest where no profile is given", () => {
    expect(levels(controlsOf(["hipaa"], ["RES-19"]))).toEqual({ "RES-19": "advisory" });
    expect(levels(controlsOf(["hipaa", "gdpr"], ["RES-19"]))).toEqual({ "RES-19": "mandatory" });
    expect(levels(controlsOf([], ["RES-19"]))).toEqual({ "RES-19": "mandatory" });
  });
});
