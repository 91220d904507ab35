import { z } from "zod";
import type { InfrastructurePlan } from "../../plan/index.ts";
import { count, exactly, names, text } from "./common.ts";

/** Policy documents and add-on settings are of AWS's shape, not ours. */
const foreign = z.record(text, z.unknown());
const subnets = z.array(z.strictObject({ name: text, cidr: text, availabilityZone: text }));
const texts = z.record(text, text);

const nodeGroup = z.strictObject({
  name: text,
  role: z.enum(["system", "gpu"]),
  instance: text,
  amiType: text,
  capacityType: z.enum(["ON_DEMAND", "SPOT"]),
  min: count,
  max: count,
  desired: count,
  volumeGib: count,
  volumeIops: count,
  volumeThroughputMibps: count,
  labels: texts,
  taints: z.array(z.strictObject({ key: text, value: text, effect: text })),
  why: text,
});

/** The AWS layer of a plan. */
export const infrastructure = exactly<InfrastructurePlan>()(
  z
    .strictObject({
      name: text,
      partition: text,
      region: text,
      accountId: text,
      tags: texts,
      network: z.strictObject({
        cidr: text,
        privateSubnets: subnets,
        publicSubnets: subnets,
        natGateways: count,
        gatewayEndpoints: names,
        interfaceEndpoints: names,
        interfaceEndpointZones: count,
        flowLogs: z.strictObject({ logGroup: text, retentionDays: count }),
      }),
      cluster: z.strictObject({
        name: text,
        version: text,
        logTypes: names,
        logGroup: text,
        retentionDays: count,
        admins: names,
        addons: z.array(
          z.strictObject({
            name: text,
            configuration: foreign.nullable().describe("null: the add-on's defaults."),
            version: text.nullable().describe("null: the default of the cluster's version."),
            why: text,
          }),
        ),
        serviceCidr: text,
      }),
      nodeGroups: z.array(nodeGroup),
      karpenter: z
        .strictObject({ queueName: text, controllerPolicy: foreign, nodeRole: text })
        .nullable()
        .describe("null: no nodes on demand."),
      storage: z
        .strictObject({ bucket: text, policy: foreign, noncurrentDays: count, abortMultipartDays: count })
        .nullable()
        .describe("null: the weights are not in a bucket."),
      keys: z.array(
        z.strictObject({ role: z.enum(["data", "secrets", "logs"]), description: text, policy: foreign }),
      ),
      podRoles: z.array(
        z.strictObject({ name: text, namespace: text, serviceAccount: text, policy: foreign, why: text }),
      ),
      access: z.strictObject({ via: z.enum(["in-vpc", "ssm", "staged"]), why: text }),
    })
    .meta({ id: "infrastructure" }),
);
