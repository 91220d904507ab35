/** ECR-03 to 05: encryption of images, and who may pull them. */
import { lookup, type Resource } from "../../../graph/index.ts";
import { elements, type Found, ofType, requireKey, rule } from "../helpers.ts";
import { judgePublic } from "../public-policy.ts";
import { asText } from "../text.ts";

const LIST = "encryptionConfigurations";

/** Paths of the encryption configurations; null, with a finding, where there are none or they are not known. */
function configurations(found: Found, repository: Resource, message: string, fix: string): string[] | null {
  found.concerns();
  const list = elements(repository, LIST);
  if (list === null) found.unknown(repository, LIST, "the encryption is not known yet");
  else if (list.length > 0) return list.map(({ path }) => path);
  else found.violation(repository, LIST, message, null, fix);
  return null;
}

const byKms = (value: unknown) => /^KMS(_DSSE)?$/.test(asText(value));

/** Default of the provider: AES256. */
export const kmsRule = rule(
  "ECR-03",
  "Images are encrypted with KMS",
  "The encryption type of each repository is KMS or KMS_DSSE.",
  (found, graph) => {
    const message = "images are encrypted without KMS; allowed: KMS, KMS_DSSE";
    const fix = "encryptionConfigurations: [{ encryptionType: KMS, kmsKey: the ARN of your key }]";
    for (const repository of ofType(graph, "ecr.Repository"))
      for (const path of configurations(found, repository, message, fix) ?? [])
        found.require(repository, `${path}.encryptionType`, byKms, message, fix);
  },
);

export const ownKeyRule = rule(
  "ECR-04",
  "Images are encrypted with an own key",
  "The encryption type of each repository is KMS or KMS_DSSE, with a customer-managed key.",
  (found, graph) => {
    const message = "no customer-managed key is named";
    const fix = "encryptionConfigurations: [{ encryptionType: KMS, kmsKey: the ARN of your key }]";
    for (const repository of ofType(graph, "ecr.Repository"))
      for (const path of configurations(found, repository, message, fix) ?? []) {
        found.require(repository, `${path}.encryptionType`, byKms, message, fix);
        requireKey(found, repository, `${path}.kmsKey`, graph, fix);
      }
  },
);

export const privateRule = rule(
  "ECR-05",
  "No repository is public",
  "No repository policy allows everyone without a condition that narrows the circle, and there are no repositories in the public registry.",
  (found, graph) => {
    for (const resource of graph.resources) {
      if (!resource.type.startsWith("aws:ecrpublic/")) continue;
      found.violation(resource, "", "the public registry serves everyone", null, "use ecr.Repository");
    }
    if (ofType(graph, "ecr.Repository").length > 0) found.concerns();
    for (const resource of ofType(graph, "ecr.RepositoryPolicy")) {
      found.concerns();
      const value = lookup(resource.props, "policy");
      // Without a policy the account alone has access.
      if (value.state === "absent" || (value.state === "known" && value.value === "")) continue;
      judgePublic(found, resource, value);
    }
  },
);
