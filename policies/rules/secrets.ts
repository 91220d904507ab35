/** SEC-01 to 05: secrets and parameters. */
import { isSecret, isUnknown, lookup } from "../../graph/index.ts";
import type { Rule } from "../types.ts";
import { ofType, requireKey, rule, siblingsOf, stray } from "./helpers.ts";
import { daysBetweenRuns } from "./schedule.ts";
import { asNumber, asText } from "./text.ts";

/** Longest time between two rotations. */
const MOST_DAYS = 90;

export const secretRules: Rule[] = [
  rule(
    "SEC-01",
    "Secrets have an own key",
    "Each secret of Secrets Manager names a customer-managed key.",
    (found, graph) => {
      for (const secret of ofType(graph, "secretsmanager.Secret"))
        requireKey(found, secret, "kmsKeyId", graph, "kmsKeyId: the ARN of your key");
    },
  ),
  rule(
    "SEC-02",
    "Secrets are rotated",
    "A rotation is configured for each secret. Tokens of other services often cannot be rotated by a function; a waiver says so.",
    (found, graph) => {
      for (const secret of ofType(graph, "secretsmanager.Secret")) {
        found.concerns();
        if (siblingsOf(graph, secret, "secretsmanager.SecretRotation", "secretId", "name").length > 0)
          continue;
        if (stray(graph, "secretsmanager.SecretRotation", "secretId"))
          found.unknown(secret, "", "a rotation names a secret that is not known yet");
        else
          found.violation(
            secret,
            "",
            "the secret is never rotated",
            null,
            "add a SecretRotation with secretId of this secret",
          );
      }
    },
  ),
  rule(
    "SEC-03",
    "Secrets are rotated every 90 days",
    "Each rotation runs every 90 days or more often, by automaticallyAfterDays or scheduleExpression.",
    (found, graph) => {
      for (const rotation of ofType(graph, "secretsmanager.SecretRotation")) {
        const schedule = "rotationRules.scheduleExpression";
        const message = `the secret is not rotated within ${MOST_DAYS} days`;
        const fix = `rotationRules: { automaticallyAfterDays: ${MOST_DAYS} }`;
        if (lookup(rotation.props, schedule).state === "absent")
          found.require(
            rotation,
            "rotationRules.automaticallyAfterDays",
            (value) => asNumber(value) > 0 && asNumber(value) <= MOST_DAYS,
            message,
            fix,
          );
        else
          found.require(
            rotation,
            schedule,
            (value) => (daysBetweenRuns(asText(value)) ?? Number.POSITIVE_INFINITY) <= MOST_DAYS,
            message,
            fix,
          );
      }
    },
  ),
  rule(
    "SEC-04",
    "Parameters with secrets are SecureString",
    "A parameter with a value is a SecureString, unless it is given as insecureValue, which says that it is no secret.",
    (found, graph) => {
      for (const parameter of ofType(graph, "ssm.Parameter")) {
        found.concerns();
        const holds = ["value", "valueWo"].some((property) => {
          const value = parameter.props[property];
          return isSecret(value) || isUnknown(value) || (value !== undefined && value !== null);
        });
        if (holds)
          found.require(
            parameter,
            "type",
            (value) => value === "SecureString",
            "the value is stored in plain text",
            "type: SecureString; or insecureValue, where it is no secret",
          );
      }
    },
  ),
  rule(
    "SEC-05",
    "SecureStrings have an own key",
    "Each SecureString names a customer-managed key.",
    (found, graph) => {
      for (const parameter of ofType(graph, "ssm.Parameter")) {
        const type = lookup(parameter.props, "type");
        if (type.state === "known" && type.value === "SecureString")
          requireKey(found, parameter, "keyId", graph, "keyId: the ARN of your key");
        else if (type.state === "unknown" || type.state === "secret")
          found.unknown(parameter, "type", "whether the parameter is a SecureString is not known yet");
      }
    },
  ),
];
