import { lookup, type Resource } from "../../graph/index.ts";
import { type ComponentTable, type CostComponent, free, unpriced } from "./component.ts";
import { text } from "./read.ts";
import { monthly, used } from "./rows.ts";

const specOf = (resource: Resource) => text(resource, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
/** Keys whose requests cost what those of a symmetric key cost. */
const PLAIN_SPECS = new Set(["SYMMETRIC_DEFAULT", "RSA_2048"]);
const isPlain = (resource: Resource) => PLAIN_SPECS.has(specOf(resource));

const KEY: CostComponent[] = [
  monthly("customer key", "key-month", "kms.key-month", {
    reason: (resource) => {
      const rotation = lookup(resource.props, "enableKeyRotation");
      return rotation.state === "known" && rotation.value === true
        ? "each of the first two yearly rotations adds a key-month"
        : null;
    },
  }),
  used("key requests", "10000 requests", "kms.request.10k", "kms.request.10k", { when: isPlain }),
  used("key requests (asymmetric)", "10000 requests", "kms.asymmetric.request.10k", "kms.request.10k", {
    when: (resource) => !isPlain(resource),
  }),
];

const tierOf = (resource: Resource) => text(resource, "tier") ?? "Standard";

/** Keys, secrets and parameters. */
export const KEYS: ComponentTable = {
  "aws:kms/key:Key": KEY,
  "aws:kms/externalKey:ExternalKey": KEY,
  "aws:kms/replicaKey:ReplicaKey": KEY,
  "aws:kms/replicaExternalKey:ReplicaExternalKey": KEY,
  "aws:secretsmanager/secret:Secret": [
    monthly("secret", "secret-month", "secretsmanager.secret-month"),
    used("secret requests", "10000 requests", "secretsmanager.request.10k", "secretsmanager.request.10k"),
  ],
  "aws:secretsmanager/secretVersion:SecretVersion": [free("versions are part of the secret's price")],
  "aws:ssm/parameter:Parameter": [
    free("standard parameters have no charge", (resource) => tierOf(resource) === "Standard"),
    monthly("advanced parameter", "parameter-month", "ssm.advanced-parameter-month", {
      when: (resource) => tierOf(resource) === "Advanced",
    }),
    used("parameter requests", "10000 requests", "ssm.advanced.request.10k", "ssm.request.10k", {
      when: (resource) => tierOf(resource) === "Advanced",
    }),
    unpriced(
      "parameter",
      "AWS chooses between the tiers when it is written",
      (resource) => !["Standard", "Advanced"].includes(tierOf(resource)),
    ),
  ],
};
