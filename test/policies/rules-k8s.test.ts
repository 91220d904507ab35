import { expect, test } from "vitest";
import { accessCases } from "./cases/k8s-access.ts";
import { advisoryCases } from "./cases/k8s-advisory.ts";
import { networkCases } from "./cases/k8s-network.ts";
import { objectCases } from "./cases/k8s-objects.ts";
import { podCases } from "./cases/k8s-pods.ts";
import { storageCases } from "./cases/k8s-storage.ts";
import { judge, testCases } from "./graphs.ts";

testCases([...podCases, ...accessCases, ...networkCases, ...objectCases, ...advisoryCases, ...storageCases]);

test("K8S-29 warns of a rule that opens port 53 to every address, and does not fail it", () => {
  const props = { spec: { policyTypes: ["Egress"], egress: [{ ports: [{ port: 53, protocol: "UDP" }] }] } };
  const { verdict, unknowns } = judge("K8S-29", {
    resources: [{ type: "kubernetes:networking.k8s.io/v1:NetworkPolicy", name: "dns", props }],
  });
  expect(verdict).toBe("unknown");
  expect(unknowns.map(({ path, why }) => [path, /DNS tunnelling/.test(why)])).toEqual([
    ["spec.egress[0].to", true],
  ]);
});
