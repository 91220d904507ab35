/** BCK-01 and 02: backups. */
import { lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { Rule } from "../types.ts";
import { elements, type Found, ofType, refsAt, requireKey, rule, siblingsOf, stray } from "./helpers.ts";
import { asNumber, asText } from "./text.ts";

const VAULT = "backup.Vault";
const LOCK = "backup.VaultLockConfiguration";
const BOUNDS = ["minRetentionDays", "maxRetentionDays"] as const;

const locksOf = (graph: ResourceGraph, vault: Resource) =>
  siblingsOf(graph, vault, LOCK, "backupVaultName", "name");

export const backupRules: Rule[] = [
  rule(
    "BCK-01",
    "Backup vaults have an own key",
    "Each backup vault names a customer-managed key.",
    (found, graph) => {
      for (const vault of ofType(graph, VAULT))
        requireKey(found, vault, "kmsKeyArn", graph, "kmsKeyArn: the ARN of your key");
    },
  ),
  rule(
    "BCK-02",
    "Backups are kept for a stated time",
    "Each vault is locked with a least and a longest retention, and each rule of a backup plan deletes after a number of days within the lock of its vault.",
    (found, graph) => {
      for (const vault of ofType(graph, VAULT)) judgeVault(found, graph, vault);
      const vaults = new Map(
        ofType(graph, VAULT).flatMap((vault) => {
          const name = lookup(vault.props, "name");
          return name.state === "known" ? [[asText(name.value), vault]] : [];
        }),
      );
      for (const plan of ofType(graph, "backup.Plan")) judgePlan(found, graph, plan, vaults);
    },
  ),
];

function judgeVault(found: Found, graph: ResourceGraph, vault: Resource): void {
  found.concerns();
  const locks = locksOf(graph, vault);
  for (const lock of locks)
    for (const bound of BOUNDS)
      found.require(
        lock,
        bound,
        (value) => asNumber(value) > 0,
        "the lock leaves the retention open",
        `${bound}: a number of days`,
      );
  if (locks.length > 0) return;
  if (stray(graph, LOCK, "backupVaultName"))
    found.unknown(vault, "", "a vault lock names a vault that is not known yet");
  else
    found.violation(
      vault,
      "",
      "backups can be deleted before their time: the vault is not locked",
      null,
      "add a VaultLockConfiguration with minRetentionDays and maxRetentionDays",
    );
}

function judgePlan(
  found: Found,
  graph: ResourceGraph,
  plan: Resource,
  vaults: ReadonlyMap<string, Resource>,
): void {
  found.concerns();
  const rules = elements(plan, "rules");
  if (rules === null) found.unknown(plan, "rules", "the rules of the plan are not known yet");
  for (const { path } of rules ?? []) {
    const name = `${path}.targetVaultName`;
    const target = lookup(plan.props, name);
    const referred = refsAt(plan, name).flatMap((urn) => graph.byUrn.get(urn) ?? []);
    // The engine records references of all rules together, so one vault is the vault of every rule.
    const single = referred.filter(({ type }) => type === "aws:backup/vault:Vault");
    const vault =
      target.state === "known"
        ? vaults.get(asText(target.value))
        : single.length === 1
          ? single[0]
          : undefined;
    const days = `${path}.lifecycle.deleteAfter`;
    const fix = "lifecycle: { deleteAfter: a number of days }";
    found.require(plan, days, (value) => asNumber(value) > 0, "backups are kept for ever", fix);
    const after = lookup(plan.props, days);
    if (after.state !== "known" || !(asNumber(after.value) > 0)) continue;
    const locks = vault ? locksOf(graph, vault) : [];
    if (!vault) found.unknown(plan, name, "the vault is not in this graph, so neither is its lock");
    for (const lock of locks) within(found, plan, days, asNumber(after.value), lock);
  }
}

function within(found: Found, plan: Resource, path: string, days: number, lock: Resource): void {
  const [least, most] = BOUNDS.map((bound) => lookup(lock.props, bound));
  const low = least!.state === "known" ? asNumber(least!.value) : 0;
  const high = most!.state === "known" ? asNumber(most!.value) : Number.POSITIVE_INFINITY;
  if (days < low || days > high)
    found.violation(
      plan,
      path,
      `the retention is outside the lock of its vault (allowed: ${low} to ${high} days)`,
      days,
      `deleteAfter: ${low} to ${high}`,
    );
}
