/** IAM-01, 05, 06 and 07: what policies must not grant. IAM-02: the administrator policy is not attached. */
import { isSecret, isUnknown } from "../../../graph/index.ts";
import { elements, ofType, refersTo, rule } from "../helpers.ts";
import { asText } from "../text.ts";
import { forbid, grantsAction, onEverything } from "./documents.ts";

/** `*` and `*:*`. */
const EVERY_ACTION = /^\*+(:\*+)?$/;

export const adminRule = rule(
  "IAM-01",
  "No policy grants everything",
  "No Allow statement has Action * (or NotAction) on Resource *.",
  (found, graph) =>
    forbid(
      found,
      graph,
      (statement) =>
        (statement.notActions.length > 0 || statement.actions.some((action) => EVERY_ACTION.test(action))) &&
        onEverything(statement, "*"),
      "every action on every resource is allowed",
      "list the actions and the resources that are needed",
    ),
);

/** Which property of an attachment names AWS's or one's own policies. */
const ATTACHMENTS: [type: string, property: string][] = [
  ["iam.RolePolicyAttachment", "policyArn"],
  ["iam.UserPolicyAttachment", "policyArn"],
  ["iam.GroupPolicyAttachment", "policyArn"],
  ["iam.PolicyAttachment", "policyArn"],
  ["iam.Role", "managedPolicyArns"],
  ["iam.RolePolicyAttachmentsExclusive", "policyArns"],
  ["ssoadmin.ManagedPolicyAttachment", "managedPolicyArn"],
];

export const administratorRule = rule(
  "IAM-02",
  "Nobody has AdministratorAccess",
  "AWS's managed policy AdministratorAccess is attached to no role, user, group or permission set.",
  (found, graph) => {
    for (const [type, property] of ATTACHMENTS) {
      for (const resource of ofType(graph, type)) {
        const list = elements(resource, property);
        if (list === null || list.length > 0) found.concerns();
        // A policy of the graph is judged itself.
        const own = refersTo(resource, property, graph, "iam.Policy");
        if (list === null && !own) found.unknown(resource, property, "the policy is not known yet");
        for (const { path, value } of list ?? []) {
          const at = path.replace(/\[0\]$/, (index) =>
            Array.isArray(resource.props[property]) ? index : "",
          );
          if (isUnknown(value) || isSecret(value)) {
            if (!own) found.unknown(resource, at, "the policy is not known yet");
          } else if (/:policy\/AdministratorAccess$/.test(asText(value)))
            found.violation(
              resource,
              at,
              "AdministratorAccess allows everything",
              value,
              "attach a policy that lists what is needed",
            );
        }
      }
    }
  },
);

export const serviceWildcardRule = rule(
  "IAM-05",
  "No policy grants a whole service",
  "No Allow statement has an action such as ec2:* on every resource.",
  (found, graph) =>
    forbid(
      found,
      graph,
      (statement) =>
        statement.actions.some((action) => {
          const service = /^([a-z0-9-]+):\*+$/i.exec(action)?.[1]?.toLowerCase();
          return (
            (service !== undefined && onEverything(statement, service)) ||
            (EVERY_ACTION.test(action) && onEverything(statement, "*"))
          );
        }),
      "a whole service is allowed on every resource",
      "list the actions, or name the resources",
    ),
);

export const s3WildcardRule = rule(
  "IAM-06",
  "No policy grants all of S3",
  "No Allow statement has s3:* on every bucket.",
  (found, graph) =>
    forbid(
      found,
      graph,
      (statement) =>
        statement.notActions.length === 0 &&
        statement.actions.some((action) => EVERY_ACTION.test(action) || /^s3:\*+$/i.test(action)) &&
        onEverything(statement, "s3"),
      "every action on every bucket is allowed",
      "list the actions, and name the buckets",
    ),
);

/**
 * Actions that alone, or with others that a role often has, let their holder gain rights: those of a single step
 * in salesforce/cloudsplaining@126e052 cloudsplaining/shared/constants.py, and iam:PassRole, which starts the rest.
 */
const ESCALATION = [
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:AddUserToGroup",
  "iam:CreatePolicyVersion",
  "iam:SetDefaultPolicyVersion",
  "iam:AttachUserPolicy",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:PutUserPolicy",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:UpdateAssumeRolePolicy",
  "iam:PassRole",
  "glue:UpdateDevEndpoint",
  "lambda:UpdateFunctionCode",
];

export const escalationRule = rule(
  "IAM-07",
  "No policy lets its holder gain rights",
  "No Allow statement has an action such as iam:PassRole, iam:AttachRolePolicy or iam:CreatePolicyVersion on every resource.",
  (found, graph) =>
    forbid(
      found,
      graph,
      (statement) =>
        ESCALATION.some(
          (action) =>
            grantsAction(statement, action) && onEverything(statement, action.slice(0, action.indexOf(":"))),
        ),
      "the holder can give itself more rights",
      "name the roles, users or functions that the action is for",
    ),
);
