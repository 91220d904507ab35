/** Keys and secrets that exist in more than one region. */
import type { Rule } from "../../types.ts";
import { ofType, rule } from "../helpers.ts";
import { judgeHome, judgeList } from "./boundary.ts";

export const multiRegionKeys: Rule = rule(
  "RES-09",
  "No keys outside the boundary",
  "No multi-Region key, and no replica of a key from outside.",
  (found, graph, params) => {
    for (const key of ofType(graph, "kms.Key", "kms.ExternalKey")) {
      found.require(
        key,
        "multiRegion",
        (value) => value !== true && value !== "true",
        "a multi-Region key can be replicated outside of the boundary",
        "remove multiRegion",
        "pass",
      );
    }
    for (const replica of ofType(graph, "kms.ReplicaKey", "kms.ReplicaExternalKey"))
      judgeHome(found, replica, graph, params, "the replica key's region");
  },
);

export const secretReplicas: Rule = rule(
  "RES-10",
  "Secrets replicate inside the boundary",
  "Secret replicas are in allowed regions.",
  (found, graph, params) => {
    for (const secret of ofType(graph, "secretsmanager.Secret"))
      judgeList(found, secret, "replicas", "region", params, "a secret replica in");
  },
);
