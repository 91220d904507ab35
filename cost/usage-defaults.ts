/** Least, expected and most in a month, and why. */
type Assumption = readonly [min: number, expected: number, max: number, why: string];

const NOT_SAID = "its use is not part of the program";
const IF_SAID = "counted only where a usage file says so";

/**
 * What a resource uses in a month where neither the program nor the plan nor a usage file says it. These are
 * assumptions, not facts: each line that rests on one says so and gives it. Price lists charge by use here, so
 * leaving the line out would call it zero. Keys whose assumption is zero have a line only where a usage file
 * states them.
 */
export const USAGE = {
  // Network
  "nat.gb": [0, 10, 100, "image pulls and API calls"],
  "nat.egress.gb": [0, 1, 10, "requests to the internet are small beside their answers"],
  "balancer.egress.gb": [0, 10, 100, "answers to callers outside the region"],
  "balancer.unit-hours": [0, 73, 730, "a tenth of one capacity unit in use; at most one"],
  "endpoint.gb": [0, 10, 100, "control traffic of the nodes"],
  "firewall.gb": [0, 100, 1000, "what passes the firewall is not part of the program"],
  "vpn.egress.gb": [0, 10, 100, "what leaves through the tunnel is not part of the program"],
  "instance.egress.gb": [0, 1, 10, "answers of an instance with an address of its own"],
  // Compute
  "snapshot.gb": [0, 20, 100, "the size of what is snapshotted is not known; changed blocks only"],
  "volume.io.1m": [0, 1, 10, "requests to a magnetic volume are not part of the program"],
  "fargate.tasks": [1, 1, 1, "the desired count is not known"],
  "lambda.request.1m": [0, 1, 10, NOT_SAID],
  "lambda.duration.ms": [100, 200, 1000, "how long a call takes is not part of the program"],
  // Storage
  "s3.gb": [0, 100, 1000, "its content is not part of the program"],
  "s3.put.1k": [0, 1, 10, NOT_SAID],
  "s3.get.1k": [0, 10, 100, NOT_SAID],
  "s3.ia.gb": [0, 0, 0, IF_SAID],
  "s3.ia.put.1k": [0, 0, 0, IF_SAID],
  "s3.ia.get.1k": [0, 0, 0, IF_SAID],
  "s3.intelligent.objects.1k": [0, 0, 0, IF_SAID],
  "ecr.gb": [0, 50, 200, "a few engine images"],
  "efs.gb": [0, 50, 500, "its content is not part of the program"],
  "efs.read.gb": [0, 10, 100, NOT_SAID],
  "efs.write.gb": [0, 10, 100, NOT_SAID],
  // Keys and secrets
  "kms.request.10k": [0, 1, 10, "bucket keys and volume grants call rarely"],
  "secretsmanager.request.10k": [0, 1, 10, "read when pods start"],
  "ssm.request.10k": [0, 1, 10, "read when pods start"],
  // Logs and metrics
  "logs.ingest.gb": [1, 10, 50, "a cluster of a few nodes"],
  "logs.scanned.gb": [0, 0, 0, IF_SAID],
  "metrics.custom": [1, 1, 1, "one metric by its name; each value of a dimension is one more"],
  "canary.runs": [
    720,
    8760,
    43800,
    "every five minutes where its schedule is not read; every minute at most",
  ],
  "rum.events.100k": [0, 1, 10, "visits are not part of the program"],
  "grafana.editors": [1, 2, 5, "one licence at least, whether anybody signs in or not"],
  "grafana.viewers": [0, 5, 20, "who looks is not part of the program"],
  "trail.management.100k": [0, 0, 0, "the first copy of management events is free; a second trail pays"],
  "trail.data.100k": [0, 10, 100, "reads and writes of what it watches are not part of the program"],
  "config.items": [100, 1000, 10000, "changes of resources are not part of the program"],
  "config.evaluations": [10, 100, 1000, "changes of resources are not part of the program"],
  "config.pack-rules": [1, 10, 50, "how many rules the pack holds is not read"],
  "waf.request.1m": [0, 1, 10, NOT_SAID],
  // Messages and events
  "sqs.request.1m": [0, 1, 1, "polling and a few events"],
  "sns.publish.1m": [0, 0.1, 1, "alarms and a few events"],
  "events.1m": [0, 0.1, 1, "a few events"],
  "events.archive.gb": [0, 1, 10, "a few events, kept"],
  "states.transition.1k": [0, 10, 100, NOT_SAID],
  "states.request.1m": [0, 0.1, 1, NOT_SAID],
  "states.gb-second": [0, 1000, 10000, NOT_SAID],
  "schedule.1m": [0, 0.01, 0.1, "a schedule starts rarely"],
  "kinesis.put.1m": [0, 1, 10, NOT_SAID],
  "api.request.1m": [0, 1, 10, NOT_SAID],
  "cognito.users": [0, 100, 1000, "who signs in is not part of the program"],
  "ses.email.1k": [0, 1, 10, NOT_SAID],
  // Data
  "dynamodb.write.1m": [0, 1, 10, NOT_SAID],
  "dynamodb.read.1m": [0, 1, 10, NOT_SAID],
  "dynamodb.gb": [0, 1, 10, "its content is not part of the program"],
  "aurora.gb": [0, 10, 100, "its content is not part of the program"],
  "aurora.io.1m": [0, 1, 10, NOT_SAID],
  "rds.backup.gb": [0, 0, 0, IF_SAID],
  // Edge
  "dns.query.1m": [0, 1, 10, "look-ups are not part of the program"],
  "cloudfront.gb": [0, 10, 1000, "visits are not part of the program"],
  "cloudfront.request.10k": [0, 10, 1000, "visits are not part of the program"],
} as const satisfies Record<string, Assumption>;

export type UsageKey = keyof typeof USAGE;

/** Whether a word names something of which a resource may use more or less. */
export const isUsageKey = (key: string): key is UsageKey => Object.hasOwn(USAGE, key);
