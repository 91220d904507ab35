import { kubernetesVersion } from "../../catalog/index.ts";
import { lookup, type Resource } from "../../graph/index.ts";
import {
  allMonth,
  type ComponentTable,
  type Context,
  type CostComponent,
  free,
  type NotKnown,
  service,
  servicePriced,
  unpriced,
} from "./component.ts";
import { flag, text } from "./read.ts";
import { hourly, used } from "./rows.ts";

/** Add-ons that AWS itself publishes; one of the Marketplace may be charged for by its seller. */
const AWS_ADDONS = new Set([
  "vpc-cni",
  "kube-proxy",
  "coredns",
  "eks-pod-identity-agent",
  "eks-node-monitoring-agent",
  "aws-ebs-csi-driver",
  "aws-efs-csi-driver",
  "aws-fsx-csi-driver",
  "aws-mountpoint-s3-csi-driver",
  "snapshot-controller",
  "metrics-server",
]);

const ACCESS = "access entries and pod identities have no charge";

/** How the support of a cluster's version stands on the day of the bill, and why. */
function support(resource: Resource, { date }: Context): { extended: boolean; why: string } | NotKnown {
  const version = text(resource, "version");
  if (lookup(resource.props, "version").state === "absent")
    return { extended: false, why: "no version is given: AWS takes its newest, in standard support" };
  const found = version === undefined ? undefined : kubernetesVersion(version);
  if (!found)
    return {
      unknown: `whether version ${version ?? "(not known before the deployment)"} is in extended support: its dates are not in the catalogue`,
    };
  const { standardSupportEnds, extendedSupportEnds } = found;
  if (date <= standardSupportEnds)
    return { extended: false, why: `standard support of ${version} ends on ${standardSupportEnds}` };
  if (text(resource, "upgradePolicy.supportType") === "STANDARD")
    return {
      extended: false,
      why: `AWS upgrades it at the end of standard support (${standardSupportEnds})`,
    };
  if (date > extendedSupportEnds)
    return {
      extended: false,
      why: `extended support of ${version} ended on ${extendedSupportEnds}: AWS upgrades the cluster`,
    };
  return {
    extended: true,
    why: `standard support of ${version} ended on ${standardSupportEnds}; extended support ends on ${extendedSupportEnds}`,
  };
}

const EXTENDED: CostComponent = {
  what: "extended support",
  unit: "cluster-hour",
  kind: "fixed",
  price: service("eks.extended-support.hour"),
  quantity: (resource, context) => {
    const found = support(resource, context);
    if ("unknown" in found) return found;
    return found.extended ? allMonth() : null;
  },
  reason: (resource, context) => {
    const found = support(resource, context);
    return "unknown" in found ? null : found.why;
  },
};

/** Tiers of a provisioned control plane, as the provider writes them, and their price keys. */
const TIERS: Record<string, string> = {
  "tier-xl": "eks.control-plane.xl.hour",
  "tier-2xl": "eks.control-plane.2xl.hour",
  "tier-4xl": "eks.control-plane.4xl.hour",
  "tier-8xl": "eks.control-plane.8xl.hour",
};

const PROVISIONED: CostComponent = {
  what: "provisioned control plane",
  unit: "hour",
  kind: "fixed",
  price: Object.assign(
    (resource: Resource, context: Context) => {
      const tier = text(resource, "controlPlaneScalingConfig.tier");
      const key = tier !== undefined && Object.hasOwn(TIERS, tier) ? TIERS[tier] : undefined;
      return key
        ? servicePriced(key, context)
        : { unknown: `no price of the tier ${tier ?? "(not known before the deployment)"} in the catalogue` };
    },
    { keys: Object.values(TIERS) },
  ),
  gaps: ["eu-central-1"],
  quantity: (resource) => {
    const tier = lookup(resource.props, "controlPlaneScalingConfig.tier");
    const standard = tier.state === "absent" || (tier.state === "known" && tier.value === "standard");
    return standard ? null : allMonth();
  },
};

/** EKS and ECR. */
export const CONTAINERS: ComponentTable = {
  "aws:eks/cluster:Cluster": [
    hourly("EKS control plane", "cluster-hour", "eks.cluster.hour", {
      reason: (resource, context) => {
        const extra =
          context.region === null
            ? null
            : context.prices.servicePrice("eks.extended-support.hour", context.region);
        const surcharge = extra
          ? `${extra.unitPriceUsd} USD an hour`
          : "a surcharge that is not in the catalogue";
        const found = support(resource, context);
        const now = "unknown" in found || found.extended ? "" : `${found.why}; `;
        return `${now}extended support adds ${surcharge}`;
      },
    }),
    EXTENDED,
    PROVISIONED,
    unpriced(
      "EKS Auto Mode nodes and their fee",
      "how many nodes it starts, and of which type, is decided in the cluster; the fee goes by the type",
      (resource) => flag(resource, "computeConfig.enabled") !== false,
    ),
  ],
  "aws:eks/addon:Addon": [
    free("AWS's own add-ons have no charge; their pods run on the nodes that are priced", (resource) =>
      AWS_ADDONS.has(text(resource, "addonName") ?? ""),
    ),
    unpriced(
      "add-on",
      "not one of AWS's own free add-ons: its seller or the services that it uses may charge",
      (resource) => !AWS_ADDONS.has(text(resource, "addonName") ?? ""),
    ),
  ],
  "aws:eks/accessEntry:AccessEntry": [free(ACCESS)],
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": [free(ACCESS)],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": [free(ACCESS)],
  "aws:eks/identityProviderConfig:IdentityProviderConfig": [free(ACCESS)],
  "aws:ecr/repository:Repository": [used("stored images", "GB-month", "ecr.gb-month", "ecr.gb")],
};
