/** ECR-01 and 02: images cannot be exchanged under their name, and are scanned. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { elements, type Found, isTrue, ofType, rule } from "../helpers.ts";
import { asText } from "../text.ts";

/** Default of the provider: MUTABLE. */
export const immutableTagsRule = rule(
  "ECR-01",
  "Tags are immutable",
  "imageTagMutability is IMMUTABLE, or IMMUTABLE_WITH_EXCLUSION with filters of which none takes in every tag.",
  (found, graph) => {
    for (const repository of ofType(graph, "ecr.Repository")) {
      found.require(
        repository,
        "imageTagMutability",
        (value) => value === "IMMUTABLE" || value === "IMMUTABLE_WITH_EXCLUSION",
        "a tag can be moved to another image",
        "imageTagMutability: IMMUTABLE",
      );
      if (repository.props["imageTagMutability"] === "IMMUTABLE_WITH_EXCLUSION")
        exclusions(found, repository);
    }
  },
);

function exclusions(found: Found, repository: Resource): void {
  const list = "imageTagMutabilityExclusionFilters";
  const filters = elements(repository, list);
  if (filters === null) found.unknown(repository, list, "the excluded tags are not known yet");
  else if (filters.length === 0)
    found.violation(repository, list, "no excluded tags are named", null, "imageTagMutability: IMMUTABLE");
  for (const { path } of filters ?? [])
    found.require(
      repository,
      `${path}.filter`,
      (value) => /[^*]/.test(asText(value)),
      "every tag is excluded, so every tag can be moved",
      "exclude single tags, or set imageTagMutability: IMMUTABLE",
    );
}

/** How a registry's scan rules treat repositories. */
interface Scans {
  /** Filters of rules that scan on push or continuously, as expressions. */
  filters: RegExp[];
  /** Something of the registry's configuration is not known yet. */
  hidden: { resource: Resource; path: string } | null;
}

function registryScans(graph: ResourceGraph): Scans {
  const scans: Scans = { filters: [], hidden: null };
  for (const resource of ofType(graph, "ecr.RegistryScanningConfiguration")) {
    const rules = elements(resource, "rules");
    if (rules === null) scans.hidden = { resource, path: "rules" };
    for (const { path } of rules ?? []) {
      const frequency = lookup(resource.props, `${path}.scanFrequency`);
      if (frequency.state === "unknown" || frequency.state === "secret")
        scans.hidden = { resource, path: `${path}.scanFrequency` };
      if (frequency.state !== "known" || !/^(SCAN_ON_PUSH|CONTINUOUS_SCAN)$/.test(asText(frequency.value)))
        continue;
      const filters = elements(resource, `${path}.repositoryFilters`);
      if (filters === null) scans.hidden = { resource, path: `${path}.repositoryFilters` };
      for (const entry of filters ?? []) {
        const filter = lookup(resource.props, `${entry.path}.filter`);
        if (filter.state === "known") scans.filters.push(wildcard(asText(filter.value)));
        else if (filter.state !== "absent") scans.hidden = { resource, path: `${entry.path}.filter` };
      }
    }
  }
  return scans;
}

/** A filter with a wildcard is matched whole; one without takes in every name that contains it, as ECR does. */
function wildcard(filter: string): RegExp {
  const escaped = filter.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return filter.includes("*") ? new RegExp(`^${escaped.replace(/\*+/g, ".*")}$`) : new RegExp(escaped);
}

/** Source of filters: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html */
export const scanRule = rule(
  "ECR-02",
  "Images are scanned when they arrive",
  "scanOnPush is true, or a scan rule of the registry takes the repository in.",
  (found, graph) => {
    const scans = registryScans(graph);
    for (const repository of ofType(graph, "ecr.Repository")) {
      found.concerns();
      const own = lookup(repository.props, "imageScanningConfiguration.scanOnPush");
      if (own.state === "known" && isTrue(own.value)) continue;
      const name = lookup(repository.props, "name");
      // A name that is not known yet is taken in by a filter that takes in everything.
      const text = name.state === "known" ? asText(name.value) : "";
      if (scans.filters.some((filter) => filter.test(text))) continue;
      const path = "imageScanningConfiguration.scanOnPush";
      if (own.state === "unknown" || own.state === "secret")
        found.unknown(repository, path, "whether images are scanned is not known yet");
      else if (scans.hidden)
        found.unknown(
          scans.hidden.resource,
          scans.hidden.path,
          "the registry's scan rules are not known yet",
        );
      else if (name.state !== "known" && scans.filters.length > 0)
        found.unknown(repository, "name", "whether a scan rule takes the repository in is not known yet");
      else
        found.violation(
          repository,
          path,
          "images are not scanned when they arrive",
          own.state === "known" ? own.value : null,
          "imageScanningConfiguration: { scanOnPush: true }",
        );
    }
  },
);
