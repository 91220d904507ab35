import { lookup, type Props, type Resource } from "../../graph/index.ts";
import { type ComponentTable, type CostComponent, free, unpriced } from "./component.ts";
import { items, text } from "./read.ts";
import { monthly, product, reasonOf, used, usedOf } from "./rows.ts";

const isThere = (resource: Resource, path: string) => lookup(resource.props, path).state !== "absent";
const watchesData = (resource: Resource) =>
  isThere(resource, "eventSelectors") || isThere(resource, "advancedEventSelectors");

const EVALUATIONS = [used("rule evaluations", "evaluation", "config.evaluation", "config.evaluations")];

const PACK: CostComponent[] = [
  {
    ...used("rule evaluations", "evaluation", "config.evaluation", "config.evaluations"),
    uses: ["config.evaluations", "config.pack-rules"],
    quantity: (resource, context) =>
      product(
        usedOf(resource, context, "config.evaluations"),
        usedOf(resource, context, "config.pack-rules"),
      ),
    reason: (resource, context) =>
      `rules of the pack, ${reasonOf(resource, context, "config.pack-rules")}; evaluations of each, ${reasonOf(resource, context, "config.evaluations")}`,
  },
];

/** Managed groups of rules that cost more than a rule. */
const DEARER = /BotControl|ATPRuleSet|ACFPRuleSet|AntiDDoS/;

/** Rules of a list that are groups sold by others, or dearer ones of AWS. */
function hasDearRules(resource: Resource): boolean {
  const rules = lookup(resource.props, "rules");
  if (rules.state !== "known" || !Array.isArray(rules.value)) return false;
  return (rules.value as Props[]).some((rule) => {
    const group = lookup(rule, "statement.managedRuleGroupStatement");
    if (group.state !== "known") return false;
    const { vendorName, name } = group.value as Props;
    return vendorName !== "AWS" || DEARER.test(String(name));
  });
}

const RULES: CostComponent = monthly("rules", "rule-month", "waf.rule-month", {
  count: (resource) => items(resource, "rules"),
  reason: "a managed group counts as a rule",
});

const ACL: CostComponent[] = [
  monthly("web ACL", "ACL-month", "waf.acl-month"),
  RULES,
  used("requests", "1000000 requests", "waf.request.1m", "waf.request.1m"),
  unpriced("managed rules", "rules of a seller, and those against bots and fraud, cost more", hasDearRules),
];

/** Trails, configuration records and firewalls of applications. */
export const AUDIT: ComponentTable = {
  "aws:cloudtrail/trail:Trail": [
    used(
      "copies of management events after the first",
      "100000 events",
      "cloudtrail.management.100k",
      "trail.management.100k",
    ),
    used("data events", "100000 events", "cloudtrail.data.100k", "trail.data.100k", { when: watchesData }),
    used("events looked at for insights", "100000 events", "cloudtrail.insights.100k", "trail.data.100k", {
      when: (resource) => isThere(resource, "insightSelectors"),
      gaps: ["eu-central-1"],
    }),
    free(
      "the first copy of management events has no charge; what it writes is priced at its bucket",
      (resource, { usage }) =>
        !watchesData(resource) &&
        !isThere(resource, "insightSelectors") &&
        !usage?.(resource, "trail.management.100k"),
    ),
  ],
  "aws:cfg/rule:Rule": EVALUATIONS,
  "aws:cfg/organizationManagedRule:OrganizationManagedRule": EVALUATIONS,
  "aws:cfg/organizationCustomRule:OrganizationCustomRule": EVALUATIONS,
  "aws:cfg/organizationCustomPolicyRule:OrganizationCustomPolicyRule": EVALUATIONS,
  "aws:cfg/conformancePack:ConformancePack": PACK,
  "aws:cfg/organizationConformancePack:OrganizationConformancePack": PACK,
  "aws:cfg/recorder:Recorder": [
    used("configuration items", "item", "config.item", "config.items", {
      when: (resource) => !isDaily(resource),
      gaps: ["eu-central-1"],
    }),
    unpriced("daily records", "the catalogue has no price of daily recording", isDaily),
  ],
  "aws:wafv2/webAcl:WebAcl": ACL,
  "aws:wafv2/webAclRule:WebAclRule": [monthly("rule", "rule-month", "waf.rule-month")],
};

function isDaily(resource: Resource): boolean {
  return text(resource, "recordingMode.recordingFrequency") === "DAILY";
}
