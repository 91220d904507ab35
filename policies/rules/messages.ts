/** Queues and topics. */
import { lookup } from "../../graph/index.ts";
import type { Rule } from "../types.ts";
import { isTrue, ofType, requireKey, rule } from "./helpers.ts";
import { policyStatements } from "./policy-document.ts";

const QUEUE = "sqs.Queue";
const TOPIC = "sns.Topic";
const KEY = "kmsMasterKeyId";

export const messageRules: Rule[] = [
  rule(
    "MSG-01",
    "Queues are encrypted",
    "Each queue names a KMS key, or sqsManagedSseEnabled is true; it is stated, for only queues made since October 2022 are encrypted by default.",
    (found, graph) => {
      for (const queue of ofType(graph, QUEUE)) {
        found.concerns();
        const key = lookup(queue.props, KEY);
        if (key.state === "known" && key.value !== "") continue;
        // A key that is not known yet may turn out to be none; then the other switch decides.
        if (
          (key.state === "unknown" || key.state === "secret") &&
          !isTrue(queue.props["sqsManagedSseEnabled"])
        )
          requireKey(found, queue, KEY, graph, "kmsMasterKeyId: the ARN of your key");
        else
          found.require(
            queue,
            "sqsManagedSseEnabled",
            isTrue,
            "messages are not encrypted",
            "kmsMasterKeyId: the ARN of your key",
          );
      }
    },
  ),
  rule(
    "MSG-03",
    "Queue policies name their actions",
    "No queue policy allows every action: no Allow with Action *, sqs:* or NotAction.",
    (found, graph) => {
      for (const resource of [...ofType(graph, QUEUE), ...ofType(graph, "sqs.QueuePolicy")]) {
        found.concerns();
        const value = lookup(resource.props, "policy");
        if (value.state === "absent" || (value.state === "known" && value.value === "")) continue;
        const statements = value.state === "known" ? policyStatements(value.value) : null;
        if (statements === null) found.unknown(resource, "policy", "the policy is not known yet");
        for (const { effect, actions, index } of statements ?? []) {
          // No action at all is a NotAction: everything but what it lists.
          const every = actions.length === 0 || actions.some((action) => /^(sqs:)?\*+$/i.test(action));
          if (effect === "Allow" && every)
            found.violation(
              resource,
              `policy.Statement[${index}]`,
              "the statement allows every action",
              actions,
              "name actions such as sqs:SendMessage",
            );
        }
      }
    },
  ),
  rule("MSG-04", "Topics are encrypted", "Each topic names a KMS key.", (found, graph) => {
    for (const topic of ofType(graph, TOPIC)) {
      const { state } = lookup(topic.props, KEY);
      if (state === "unknown" || state === "secret")
        requireKey(found, topic, KEY, graph, "kmsMasterKeyId: the ARN of your key");
      else
        found.require(
          topic,
          KEY,
          (value) => value !== "",
          "messages are not encrypted",
          "kmsMasterKeyId: the ARN of your key",
        );
    }
  }),
  rule("MSG-05", "Topics have an own key", "Each topic names a customer-managed key.", (found, graph) => {
    for (const topic of ofType(graph, TOPIC))
      requireKey(found, topic, KEY, graph, "kmsMasterKeyId: the ARN of your key");
  }),
];
