import { type Case, type Doc, type Entry, edit, type Json, UNKNOWN } from "../graphs.ts";

const NAMES = ["Policy", "RolePolicy", "UserPolicy", "GroupPolicy"];

/** One identity policy of a kind, with the statements as JSON text. */
export function policy(...statements: Json[]): Doc {
  return kind("Policy", JSON.stringify({ Version: "2012-10-17", Statement: statements }));
}

function kind(name: string, document: unknown): Doc {
  const type = `aws:iam/${name[0]!.toLowerCase()}${name.slice(1)}:${name}`;
  return { resources: [{ type, name: "policy", props: { policy: document } }] };
}

export function allow(Action: unknown, Resource: unknown, rest: Json = {}): Json {
  return { Effect: "Allow", Action, Resource, ...rest };
}

/** A role with the statements as its trust policy. */
export function role(...statements: Json[]): Doc {
  const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  return {
    resources: [{ type: "aws:iam/role:Role", name: "role", props: { name: "role", assumeRolePolicy } }],
  };
}

export function trust(Principal: unknown, rest: Json = {}): Json {
  return { Effect: "Allow", Principal, Action: "sts:AssumeRole", ...rest };
}

const DENY = { Effect: "Deny", Action: "*", Resource: "*" };
const BUCKET = "arn:aws:s3:::data/*";
const narrow = policy(allow(["s3:GetObject"], BUCKET));
const unread: Doc[] = [
  edit(narrow, "policy", "policy", UNKNOWN),
  policy(allow({ $unknown: true }, "*")),
  // No policy that IAM would take.
  edit(narrow, "policy", "policy", "{"),
];
const inline = (document: string): Doc => ({
  resources: [
    {
      type: "aws:iam/role:Role",
      name: "role",
      props: { assumeRolePolicy: "{}", inlinePolicies: [{ name: "own", policy: document }] },
    },
  ],
});
const text = (doc: Doc): string => doc.resources[0]!.props["policy"] as string;

/** What every control over grants has in common: the kinds of policy, and text or object. */
function grantCase(id: string, good: Doc[], bad: Doc[]): Case {
  return {
    id,
    pass: [narrow, policy(DENY), ...good],
    fail: [
      ...bad.map((doc): Case["fail"][number] => [doc, "policy", "policy"]),
      ...NAMES.map((name): Case["fail"][number] => [kind(name, text(bad[0]!)), "policy", "policy"]),
      [kind("Policy", JSON.parse(text(bad[0]!))), "policy", "policy"],
      [inline(text(bad[0]!)), "role", "inlinePolicies[0].policy"],
    ],
    unknown: unread,
    notApplicable: [
      { resources: [{ type: "aws:iam/instanceProfile:InstanceProfile", name: "p", props: {} }] },
    ],
  };
}

const attachment = (type: string, props: Json): Doc => ({
  resources: [{ type: `aws:${type}`, name: "attachment", props }],
});
const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
const attach = (policyArn: unknown) =>
  attachment("iam/rolePolicyAttachment:RolePolicyAttachment", { role: "r", policyArn });

const PROVIDER = "oidc.eks.eu-central-1.amazonaws.com/id/1";
const federated = (conditions: Json): Json => ({
  Effect: "Allow",
  Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${PROVIDER}` },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: conditions,
});
const AUD = { [`${PROVIDER}:aud`]: "sts.amazonaws.com" };
const SUB = { [`${PROVIDER}:sub`]: "system:serviceaccount:llm:chat" };
const PODS = trust({ Service: "pods.eks.amazonaws.com" }, { Action: ["sts:AssumeRole", "sts:TagSession"] });
const EC2 = trust({ Service: "ec2.amazonaws.com" });

const withAssociation = (doc: Doc): Doc => ({
  resources: [
    ...doc.resources,
    {
      type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      name: "association",
      props: { roleArn: UNKNOWN },
      refs: { roleArn: "role" },
    },
  ],
});
const node = (...more: Entry[]): Doc => ({
  resources: [
    ...role(EC2).resources,
    {
      type: "aws:eks/nodeGroup:NodeGroup",
      name: "group",
      props: { nodeRoleArn: UNKNOWN },
      refs: { nodeRoleArn: "role" },
    },
    ...more,
  ],
});
const own = (...statements: Json[]): Entry => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "own",
  props: { role: "role", policy: JSON.stringify({ Statement: statements }) },
});
const attached = (arn: string): Entry => ({
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  name: "attached",
  props: { role: "role", policyArn: arn },
});

export const iamCases: Case[] = [
  grantCase(
    "IAM-01",
    [policy(allow("*", BUCKET)), policy(allow("s3:*", "*"))],
    [
      policy(allow("*", "*")),
      policy(allow(["s3:GetObject"], BUCKET), allow(["*"], ["*"])),
      policy(allow("*:*", "arn:aws:*:*:*:*")),
      policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
      policy({ Effect: "Allow", Action: "*", NotResource: BUCKET }),
      // A condition does not list actions.
      policy(allow("*", "*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } })),
    ],
  ),
  {
    id: "IAM-02",
    pass: [
      attach("arn:aws:iam::aws:policy/ReadOnlyAccess"),
      attach("arn:aws:iam::aws:policy/AdministratorAccess-Amplify"),
      {
        resources: [
          { type: "aws:iam/policy:Policy", name: "own", props: { policy: "{}" } },
          { ...attach(UNKNOWN).resources[0]!, refs: { policyArn: "own" } },
        ],
      },
    ],
    fail: [
      [attach(ADMIN), "attachment", "policyArn"],
      [attach("arn:aws-eusc:iam::aws:policy/AdministratorAccess"), "attachment", "policyArn"],
      [
        attachment("iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: ADMIN }),
        "attachment",
        "policyArn",
      ],
      [
        attachment("iam/groupPolicyAttachment:GroupPolicyAttachment", { policyArn: ADMIN }),
        "attachment",
        "policyArn",
      ],
      [attachment("iam/policyAttachment:PolicyAttachment", { policyArn: ADMIN }), "attachment", "policyArn"],
      [
        attachment("iam/role:Role", { managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess", ADMIN] }),
        "attachment",
        "managedPolicyArns[1]",
      ],
      [
        attachment("ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", { managedPolicyArn: ADMIN }),
        "attachment",
        "managedPolicyArn",
      ],
    ],
    unknown: [attach(UNKNOWN), attachment("iam/role:Role", { managedPolicyArns: [UNKNOWN] })],
    notApplicable: [attachment("iam/role:Role", {})],
  },
  {
    id: "IAM-03",
    pass: [role(EC2), role(trust("*", { Effect: "Deny" }), EC2), role(trust({ AWS: "111122223333" }))],
    fail: [
      [role(trust("*")), "role", "assumeRolePolicy"],
      [role(trust({ AWS: "*" })), "role", "assumeRolePolicy"],
      [role(EC2, trust({ AWS: ["arn:aws:iam::111122223333:role/a", "*"] })), "role", "assumeRolePolicy"],
      [
        role({
          Effect: "Allow",
          NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" },
          Action: "sts:AssumeRole",
        }),
        "role",
        "assumeRolePolicy",
      ],
    ],
    unknown: [edit(role(EC2), "role", "assumeRolePolicy", UNKNOWN)],
    notApplicable: [narrow],
  },
  {
    id: "IAM-04",
    pass: [role(EC2), role(trust({ AWS: "arn:aws:iam::111122223333:role/deploy" }))],
    fail: [
      [role(trust({ AWS: "111122223333" })), "role", "assumeRolePolicy"],
      [role(trust({ AWS: ["arn:aws:iam::111122223333:root"] })), "role", "assumeRolePolicy"],
      [role(trust({ AWS: "arn:aws-us-gov:iam::111122223333:root" })), "role", "assumeRolePolicy"],
    ],
    unknown: [edit(role(EC2), "role", "assumeRolePolicy", UNKNOWN)],
    notApplicable: [narrow],
  },
  grantCase(
    "IAM-05",
    [policy(allow("ec2:Describe*", "*")), policy(allow("s3:*", BUCKET))],
    [
      policy(allow("ec2:*", "*")),
      policy(allow(["logs:PutLogEvents", "SQS:*"], "*")),
      policy(allow("s3:*", "arn:aws:s3:::*")),
      policy(allow("*", "*")),
    ],
  ),
  grantCase(
    "IAM-06",
    [policy(allow("s3:*", BUCKET)), policy(allow("s3:Get*", "*")), policy(allow("ec2:*", "*"))],
    [
      policy(allow("s3:*", "*")),
      policy(allow(["S3:*"], ["arn:aws:s3:::*"])),
      policy({ Effect: "Allow", Action: "s3:*", NotResource: BUCKET }),
      policy(allow("*", "*")),
    ],
  ),
  grantCase(
    "IAM-07",
    [
      policy(allow("iam:PassRole", "arn:aws:iam::111122223333:role/node")),
      policy(allow(["iam:Get*", "iam:List*"], "*")),
      policy({ Effect: "Allow", NotAction: ["iam:*", "lambda:*", "glue:*"], Resource: "*" }),
    ],
    [
      policy(allow("iam:PassRole", "*")),
      policy(allow("iam:Attach*Policy", "*")),
      policy(allow("IAM:createpolicyversion", "arn:aws:iam::*")),
      policy(allow("iam:*", "*")),
      policy({ Effect: "Allow", NotAction: "s3:*", Resource: "*" }),
    ],
  ),
  {
    id: "IAM-08",
    pass: [
      role(federated({ StringEquals: { ...AUD, ...SUB } })),
      role(federated({ StringEquals: AUD, StringLike: SUB })),
      withAssociation(role(PODS)),
      node(attached("arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"), own(allow("ec2:Describe*", "*"))),
    ],
    fail: [
      [role(federated({ StringEquals: AUD })), "role", "assumeRolePolicy"],
      [role(federated({ StringEquals: SUB })), "role", "assumeRolePolicy"],
      [
        role(
          federated({
            StringEquals: AUD,
            StringLike: { [`${PROVIDER}:sub`]: "system:serviceaccount:*:*" },
          }),
        ),
        "role",
        "assumeRolePolicy",
      ],
      [role(federated({ StringEqualsIfExists: { ...AUD, ...SUB } })), "role", "assumeRolePolicy"],
      [withAssociation(role(trust({ Service: "lambda.amazonaws.com" }))), "role", "assumeRolePolicy"],
      [node(own(allow("s3:*", BUCKET))), "own", "policy"],
      [node(own(allow("secretsmanager:Get*", "*"))), "own", "policy"],
      [node(attached("arn:aws:iam::aws:policy/AmazonS3FullAccess")), "attached", "policyArn"],
    ],
    unknown: [
      edit(role(PODS), "role", "assumeRolePolicy", UNKNOWN),
      node({ ...own(), props: { role: "role", policy: UNKNOWN } }),
    ],
    notApplicable: [role(EC2), narrow],
  },
];
