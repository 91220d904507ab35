/** Which services of AWS are in the graph at all. */
import { hipaaService, hipaaServicesAsOf } from "../../../catalog/index.ts";
import type { Rule } from "../../types.ts";
import { rule } from "../helpers.ts";
import { moduleOf } from "../residency/regions.ts";

/** Modules that manage accounts, identities and money, and are given no data to process. */
const NO_DATA = new Set([
  "accessanalyzer",
  "account",
  "accountaccess",
  "billing",
  "budgets",
  "costexplorer",
  "costoptimizationhub",
  "cur",
  "iam",
  "invoicing",
  "pricing",
  "ram",
  "resourcegroups",
  "rolesanywhere",
  "savingsplans",
  "servicequotas",
]);

/** The catalogue holds the list with its date: eligibility is a fact of a day, and needs an agreement. */
export const eligibleServices: Rule = rule(
  "GOV-01",
  "Only HIPAA-eligible services",
  "Every AWS service in the graph is on the dated list of HIPAA-eligible services, or is one that is given no data (identities, accounts, billing).",
  (found, graph) => {
    for (const [type, resources] of graph.byType) {
      if (!type.startsWith("aws:")) continue;
      const module = moduleOf(type);
      found.concerns();
      if (NO_DATA.has(module) || hipaaService(module) !== undefined) continue;
      for (const resource of resources)
        found.violation(
          resource,
          "",
          `${module || type} is not on the list of HIPAA-eligible services of ${hipaaServicesAsOf()}`,
          type,
          "use an eligible service, or record a waiver that cites the current list",
        );
    }
  },
);
