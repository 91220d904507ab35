import { describe, expect, test } from "vitest";
import { residencyCases } from "./cases/residency.ts";
import { copyCases } from "./cases/residency-copies.ts";
import { judge, testCases } from "./graphs.ts";

testCases([...residencyCases, ...copyCases]);

describe("the message", () => {
  test("speaks of the configured boundary, and names what is allowed", () => {
    const [violation] = judge("RES-01", {
      config: { allowedRegions: ["eu-central-1", "eu-west-1"] },
      resources: [{ type: "pulumi:providers:aws", name: "aws", props: { region: "us-east-1" } }],
    }).violations;
    expect(violation!.message).toContain("outside the configured residency boundary");
    expect(violation!.message).toContain("eu-central-1, eu-west-1");
    expect(violation!.value).toBe("us-east-1");
  });

  test("says once that no boundary is set", () => {
    const { unknowns } = judge("RES-02", {
      resources: ["a", "b"].map((name) => ({
        type: "aws:s3/bucket:Bucket",
        name,
        props: { region: "eu-central-1" },
      })),
    });
    expect(unknowns.map(({ why }) => why)).toEqual([expect.stringContaining("allowedRegions is not set")]);
  });
});

test("RES-02 does not ask services without regions for one", () => {
  const { verdict } = judge("RES-02", {
    config: { allowedRegions: ["eu-central-1"] },
    resources: [{ type: "aws:iam/role:Role", name: "role", props: {} }],
  });
  expect(verdict).toBe("not-applicable");
});
