import { lookup } from "../../graph/index.ts";
import { allMonth, type ComponentTable, free, service, unpriced } from "./component.ts";
import { text, usage } from "./read.ts";

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

/** EKS and ECR. */
export const CONTAINERS: ComponentTable = {
  "aws:eks/cluster:Cluster": [
    {
      what: "EKS control plane",
      unit: "cluster-hour",
      kind: "fixed",
      price: service("eks.cluster.hour"),
      quantity: allMonth,
      reason: (resource, { prices, region }) => {
        const extra = region === null ? null : prices.servicePrice("eks.extended-support.hour", region);
        const version = text(resource, "version");
        const surcharge = extra
          ? `${extra.unitPriceUsd} USD an hour`
          : "a surcharge that is not in the catalogue";
        return `standard support; once version ${version ?? "(not given)"} is out of it, extended support adds ${surcharge}`;
      },
    },
    unpriced(
      "EKS Auto Mode fee",
      "charged by instance type; the catalogue has no such prices",
      (resource) => {
        const auto = lookup(resource.props, "computeConfig.enabled");
        return auto.state === "unknown" || (auto.state === "known" && auto.value === true);
      },
    ),
    unpriced("provisioned control plane", "the catalogue has no price of its tiers", (resource) => {
      const tier = lookup(resource.props, "controlPlaneScalingConfig.tier");
      return tier.state === "unknown" || (tier.state === "known" && tier.value !== "standard");
    }),
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
  "aws:ecr/repository:Repository": [usage("stored images", "GB-month", "ecr.gb-month", "ecr.gb")],
};
