/** IAM-03, 04 and 08: who may assume a role. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { type Found, ofType, refsAt, rule, siblingsOf } from "../helpers.ts";
import { forEveryone, type Statement } from "../policy-document.ts";
import { asText } from "../text.ts";
import { documentAt, grantsAction } from "./documents.ts";

const TRUST = "assumeRolePolicy";

/** Calls `judge` with what allows to assume each role. */
function eachTrust(
  found: Found,
  graph: ResourceGraph,
  judge: (role: Resource, allows: Statement[]) => void,
): void {
  for (const role of ofType(graph, "iam.Role")) {
    const { statements } = documentAt(role, TRUST);
    if (statements === null) found.unknown(role, TRUST, "the trust policy is not known yet");
    else
      judge(
        role,
        statements.filter(({ effect }) => effect === "Allow"),
      );
  }
}

export const publicTrustRule = rule(
  "IAM-03",
  "No role trusts everyone",
  'No Allow statement of a trust policy has the principal "*", in any form, or NotPrincipal.',
  (found, graph) =>
    eachTrust(found, graph, (role, allows) => {
      found.concerns();
      for (const statement of allows)
        if (forEveryone(statement))
          found.violation(
            role,
            TRUST,
            `statement ${statement.index}: every AWS account may assume the role`,
            { statement: statement.index, principals: statement.principals },
            "name the service, the role or the identity provider",
          );
    }),
);

export const accountTrustRule = rule(
  "IAM-04",
  "No role trusts a whole account",
  "No Allow statement of a trust policy names an account or its root.",
  (found, graph) =>
    eachTrust(found, graph, (role, allows) => {
      found.concerns();
      for (const { principals, index } of allows) {
        const account = principals.find((principal) =>
          /^AWS:(\d{12}|arn:[^:]*:iam::\d{12}:root)$/.test(principal),
        );
        if (account)
          found.violation(
            role,
            TRUST,
            `statement ${index}: everyone in an account may assume the role`,
            account,
            "name the role or the user",
          );
      }
    }),
);

const PODS = "Service:pods.eks.amazonaws.com";
/** Services whose data a node must not read with its own role; every pod of the node could. */
const DATA = ["s3:GetObject", "s3:PutObject", "dynamodb:GetItem", "secretsmanager:GetSecretValue"];
const DATA_POLICY =
  /:policy\/(AmazonS3(FullAccess|ReadOnlyAccess)|AmazonDynamoDB(FullAccess|ReadOnlyAccess)\w*|SecretsManagerReadWrite)$/;

export const workloadRule = rule(
  "IAM-08",
  "Workloads have roles of their own",
  "A role for a cluster's identity provider names one :sub and the :aud with StringEquals; a pod identity association's role trusts pods.eks.amazonaws.com; the role of nodes reads no data.",
  (found, graph) => {
    const associated = new Set(
      ofType(graph, "eks.PodIdentityAssociation").flatMap((entry) => refsAt(entry, "roleArn")),
    );
    const nodes = new Set(ofType(graph, "eks.NodeGroup").flatMap((entry) => refsAt(entry, "nodeRoleArn")));
    eachTrust(found, graph, (role, allows) => {
      for (const statement of allows) {
        if (statement.principals.includes(PODS)) found.concerns();
        if (statement.principals.some((principal) => /^Federated:.*:oidc-provider\//.test(principal)))
          federated(found, role, statement);
      }
      if (associated.has(role.urn) && !allows.some(({ principals }) => principals.includes(PODS)))
        found.violation(
          role,
          TRUST,
          "a pod identity association uses the role, which does not trust pods.eks.amazonaws.com",
          null,
          "Principal: { Service: pods.eks.amazonaws.com }",
        );
      if (allows.some(({ principals }) => principals.includes("Service:ec2.amazonaws.com")))
        nodeRole(found, graph, role, nodes.has(role.urn));
    });
  },
);

/** A token of the cluster is taken for one service account only, and only if it was made for AWS. */
function federated(found: Found, role: Resource, statement: Statement): void {
  found.concerns();
  for (const [suffix, what] of [
    [":sub", "any service account"],
    [":aud", "a token made for any audience"],
  ] as const) {
    const exact = statement.conditions.some(
      ({ operator, key, values }) =>
        key.endsWith(suffix) &&
        ["stringequals", "stringlike"].includes(operator) &&
        values.length > 0 &&
        values.every((value) => !/[*?]/.test(value)),
    );
    if (!exact)
      found.violation(
        role,
        TRUST,
        `statement ${statement.index}: ${what} of the identity provider may assume the role`,
        { statement: statement.index },
        `StringEquals on the provider's ${suffix} with one value`,
      );
  }
}

function nodeRole(found: Found, graph: ResourceGraph, role: Resource, joined: boolean): void {
  const attached = siblingsOf(graph, role, "iam.RolePolicyAttachment", "role", "name");
  const arn = (resource: Resource) => {
    const value = lookup(resource.props, "policyArn");
    return value.state === "known" ? asText(value.value) : "";
  };
  if (!joined && !attached.some((entry) => arn(entry).endsWith(":policy/AmazonEKSWorkerNodePolicy"))) return;
  found.concerns();
  const fix = "give the data's policy to a role of the workload, with a pod identity association";
  for (const entry of attached) {
    if (arn(entry) === "" && refsAttached(graph, [entry]).length === 0)
      found.unknown(entry, "policyArn", "the policy of a node's role is not known yet");
    if (DATA_POLICY.test(arn(entry)))
      found.violation(entry, "policyArn", "every pod of a node can read this data", arn(entry), fix);
  }
  const own = refsAttached(graph, attached);
  for (const policy of [...siblingsOf(graph, role, "iam.RolePolicy", "role", "name"), ...own]) {
    const { statements } = documentAt(policy, "policy");
    if (statements === null) found.unknown(policy, "policy", "the policy of a node's role is not known yet");
    for (const statement of statements ?? []) {
      if (statement.effect !== "Allow" || !DATA.some((action) => grantsAction(statement, action))) continue;
      found.violation(
        policy,
        "policy",
        `statement ${statement.index}: every pod of a node can read this data`,
        { statement: statement.index, actions: statement.actions },
        fix,
      );
    }
  }
}

/** Policies of the graph that attachments name. */
function refsAttached(graph: ResourceGraph, attached: Resource[]): Resource[] {
  return attached.flatMap((entry) =>
    refsAt(entry, "policyArn").flatMap((urn) => {
      const policy = graph.byUrn.get(urn);
      return policy?.type === "aws:iam/policy:Policy" ? [policy] : [];
    }),
  );
}
