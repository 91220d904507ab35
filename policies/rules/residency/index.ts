import type { Rule } from "../../types.ts";
import { arnRegionRule, partitionRule } from "./arns.ts";
import { inferenceProfiles } from "./bedrock.ts";
import { bucketReplication, multiRegionAccessPoint, transferAcceleration } from "./buckets.ts";
import {
  backupCopies,
  databaseCopies,
  fileReplicas,
  imageCopies,
  lifecycleCopies,
  tableReplicas,
} from "./copies.ts";
import { edgeServices, fixedRegionServices } from "./global.ts";
import { multiRegionKeys, secretReplicas } from "./keys.ts";
import { endpointServices, peerings } from "./network.ts";
import { providerRegion, resourceRegion, zoneRegion } from "./places.ts";
import { pullThrough, registryReplicas } from "./registries.ts";

/** RES-01 to RES-24. */
export const residencyRules: Rule[] = [
  providerRegion,
  resourceRegion,
  partitionRule,
  arnRegionRule,
  zoneRegion,
  bucketReplication,
  multiRegionAccessPoint,
  transferAcceleration,
  multiRegionKeys,
  secretReplicas,
  backupCopies,
  imageCopies,
  lifecycleCopies,
  registryReplicas,
  pullThrough,
  fileReplicas,
  tableReplicas,
  databaseCopies,
  edgeServices,
  peerings,
  endpointServices,
  fixedRegionServices,
  inferenceProfiles,
];
