import type { Rule } from "../types.ts";
import { ofType, requireKey, rule } from "./helpers.ts";
import { asNumber } from "./text.ts";

/** The common reading of "long enough": a year. */
const YEAR = 365;

export const logRules: Rule[] = [
  rule(
    "LOG-01",
    "Retention is explicit",
    "retentionInDays is set and is not 0 (for ever).",
    (found, graph) => {
      for (const group of ofType(graph, "cloudwatch.LogGroup")) {
        found.require(
          group,
          "retentionInDays",
          (value) => asNumber(value) > 0,
          "the log group keeps events for ever",
          "retentionInDays: 365",
        );
      }
    },
  ),
  rule(
    "LOG-02",
    "Logs are kept long enough",
    "retentionInDays is at least minLogDays (365 unless set); no number and 0, which mean for ever, are refused.",
    (found, graph, params) => {
      const least = params.minLogDays ?? YEAR;
      for (const group of ofType(graph, "cloudwatch.LogGroup")) {
        found.require(
          group,
          "retentionInDays",
          (value) => asNumber(value) >= least,
          `events are to be kept for a stated time of at least ${least} days`,
          `retentionInDays: ${least}`,
        );
      }
    },
  ),
  rule("LOG-03", "Logs have an own key", "kmsKeyId names a customer-managed key.", (found, graph) => {
    for (const group of ofType(graph, "cloudwatch.LogGroup")) {
      requireKey(found, group, "kmsKeyId", graph, "kmsKeyId: the ARN of your key");
    }
  }),
];
