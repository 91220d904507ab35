/** Backups, snapshots and replicas of stores: each copy is judged where it lands. */
import { lookup, type Resource } from "../../../graph/index.ts";
import type { PolicyParams, Rule } from "../../types.ts";
import { elements, type Found, ofType, rule, siblingsOf } from "../helpers.ts";
import { asText } from "../text.ts";
import { judge, judgeHome, judgeList, judgeName, judgeTarget } from "./boundary.ts";
import { isRegionName, regionOfZone } from "./regions.ts";

export const backupCopies: Rule = rule(
  "RES-11",
  "Backups are copied inside the boundary",
  "Every copy action of a backup plan goes to a vault that is provably in an allowed region.",
  (found, graph, params) => {
    for (const plan of ofType(graph, "backup.Plan")) {
      found.concerns();
      for (const { path } of known(found, plan, "rules"))
        for (const action of known(found, plan, `${path}.copyActions`)) {
          const at = `${action.path}.destinationVaultArn`;
          if (lookup(plan.props, at).state === "absent") found.unknown(plan, at, "no vault is named");
          else
            judgeTarget(
              found,
              plan,
              at,
              graph,
              params,
              "the vault's region",
              "backup.Vault",
              "backup.LogicallyAirGappedVault",
            );
        }
    }
  },
);

export const imageCopies: Rule = rule(
  "RES-12",
  "Snapshots and images are copied inside the boundary",
  "A copy of a snapshot or of a machine image comes from an allowed region and lands in one.",
  (found, graph, params) => {
    const copies = [
      ...ofType(graph, "ebs.SnapshotCopy").map((resource) => [resource, "sourceRegion"] as const),
      ...ofType(graph, "ec2.AmiCopy").map((resource) => [resource, "sourceAmiRegion"] as const),
    ];
    for (const [copy, path] of copies) {
      if (!judgeName(found, copy, path, params, "the source's region"))
        found.unknown(copy, path, "the source's region is not named");
      judgeHome(found, copy, graph, params, "the copy's region");
    }
  },
);

export const lifecycleCopies: Rule = rule(
  "RES-13",
  "Snapshot schedules copy inside the boundary",
  "Every cross-region copy of a lifecycle policy, scheduled or on an event, goes to an allowed region.",
  (found, graph, params) => {
    for (const policy of ofType(graph, "dlm.LifecyclePolicy")) {
      found.concerns();
      const lists = [
        ...known(found, policy, "policyDetails.schedules").map(({ path }) => `${path}.crossRegionCopyRules`),
        "policyDetails.action.crossRegionCopies",
      ];
      for (const list of lists)
        for (const { path } of known(found, policy, list)) {
          const named = judgeName(found, policy, `${path}.targetRegion`, params, "a copy in");
          if (!judgeRegionOrArn(found, policy, `${path}.target`, params, "a copy in") && !named)
            found.unknown(policy, `${path}.target`, "the copy's region is not named");
        }
    }
  },
);

export const fileReplicas: Rule = rule(
  "RES-16",
  "File systems replicate inside the boundary",
  "The destination of a file system's replication is an allowed region, by its name or by that of its zone.",
  (found, graph, params) => {
    for (const replication of ofType(graph, "efs.ReplicationConfiguration")) {
      found.concerns();
      const named = judgeName(found, replication, "destination.region", params, "a replica in");
      const at = "destination.availabilityZoneName";
      const zone = lookup(replication.props, at);
      const region = zone.state === "known" ? regionOfZone(asText(zone.value)) : null;
      if (region !== null) judge(found, replication, at, region, params, "a replica in");
      else if (zone.state !== "absent")
        found.unknown(replication, at, "the region of the zone cannot be told");
      else if (!named) found.unknown(replication, "destination.region", "the replica's region is not named");
    }
  },
);

export const tableReplicas: Rule = rule(
  "RES-17",
  "Tables replicate inside the boundary",
  "The replicas and the witness of every global table are in allowed regions.",
  (found, graph, params) => {
    for (const table of ofType(graph, "dynamodb.Table")) {
      found.concerns();
      judgeList(found, table, "replicas", "regionName", params, "a table replica in");
      const witness = lookup(table.props, "globalTableWitness");
      if (witness.state === "absent") continue;
      if (!judgeName(found, table, "globalTableWitness.regionName", params, "a table witness in"))
        found.unknown(table, "globalTableWitness.regionName", "the witness's region is not named");
    }
    for (const global of ofType(graph, "dynamodb.GlobalTable")) {
      found.concerns();
      judgeList(found, global, "replicas", "regionName", params, "a table replica in");
    }
    for (const replica of ofType(graph, "dynamodb.TableReplica")) {
      judgeHome(found, replica, graph, params, "a table replica in");
      judgeTarget(found, replica, "globalTableArn", graph, params, "a replicated table in", "dynamodb.Table");
    }
  },
);

/** A replicated backup lives where its resource does, and comes from where its ARN says. */
export const databaseCopies: Rule = rule(
  "RES-18",
  "Databases replicate inside the boundary",
  "Replicated automated backups and the members of global clusters are in allowed regions.",
  (found, graph, params) => {
    for (const copy of ofType(graph, "rds.InstanceAutomatedBackupsReplication")) {
      judgeHome(found, copy, graph, params, "the backup's region");
      judgeTarget(found, copy, "sourceDbInstanceArn", graph, params, "the source's region", "rds.Instance");
    }
    for (const global of ofType(graph, "rds.GlobalCluster")) {
      judgeHome(found, global, graph, params, "the global cluster's region");
      judgeTarget(
        found,
        global,
        "sourceDbClusterIdentifier",
        graph,
        params,
        "the source's region",
        "rds.Cluster",
      );
      const members = siblingsOf(
        graph,
        global,
        "rds.Cluster",
        "globalClusterIdentifier",
        "globalClusterIdentifier",
      );
      for (const member of members)
        judgeHome(found, member, graph, params, "a member of the global cluster in");
    }
  },
);

/** Elements of a list; none, and a note, where the list is not known. */
function known(found: Found, resource: Resource, path: string): { path: string }[] {
  const list = elements(resource, path);
  if (list === null) found.unknown(resource, path, `${path} is not known yet`);
  return list ?? [];
}

/** A property that holds a region name, or an ARN of a place in one. Answers whether there was one. */
function judgeRegionOrArn(
  found: Found,
  resource: Resource,
  path: string,
  params: PolicyParams,
  what: string,
): boolean {
  const value = lookup(resource.props, path);
  if (value.state === "absent") return false;
  const text = value.state === "known" ? asText(value.value) : "";
  const region = isRegionName(text) ? text : text.split(":").find(isRegionName);
  if (region !== undefined) judge(found, resource, path, region, params, what);
  else found.unknown(resource, path, "the copy's region cannot be told");
  return true;
}
