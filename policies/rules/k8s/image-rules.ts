/** Which code runs: image tags, digests and registries. */
import type { ResourceGraph } from "../../../graph/index.ts";
import type { PolicyParams, Rule } from "../../types.ts";
import type { Found } from "../helpers.ts";
import { asText } from "../text.ts";
import { containerRule } from "./container-rule.ts";
import { type ImageReference, isAllowedImage, parseImage } from "./images.ts";
import { whyUnknown } from "./objects.ts";
import { type Container, read } from "./workloads.ts";

type Judge = (image: ImageReference, fail: (message: string, fix: string) => void, path: string) => void;

/** Reads the image; what cannot be read is reported. */
function withImage(container: Container, out: Found, judge: Judge): void {
  const { pod, label } = container;
  const path = `${container.path}.image`;
  const found = read(pod, path);
  if (found.state === "absent") {
    // A patch that keeps the image says nothing about it; a whole container without one cannot be created.
    out.unknown(pod.resource, path, "the object in the graph does not state the image");
    return;
  }
  if (found.state !== "known") {
    out.unknown(pod.resource, path, whyUnknown(found.state, "the image"));
    return;
  }
  const text = asText(found.value);
  const fail = (message: string, fix: string) =>
    out.fail(pod.resource, path, text, `${label}: ${message}`, fix);
  const image = parseImage(text);
  if (image) judge(image, fail, path);
  else
    fail(
      `"${text}" is not an image reference; allowed: [registry/]repository:tag@sha256:digest`,
      `correct ${path}`,
    );
}

export const fixedTag: Rule = containerRule(
  {
    id: "K8S-19",
    title: "Images have a fixed tag",
    description:
      "Every image has a tag other than latest, or a digest, which fixes the image whatever its tag.",
  },
  (container, out) =>
    withImage(container, out, (image, fail, path) => {
      if (image.digest !== null || (image.tag !== null && image.tag !== "latest")) return;
      const what = image.tag === null ? "the image has no tag, which means latest" : "the tag latest moves";
      fail(`${what}; allowed: a version tag or a digest`, `name a version in ${path}`);
    }),
);

export const digest: Rule = containerRule(
  {
    id: "K8S-20",
    title: "Images are pinned by digest",
    description: "Every image is given with @sha256:…, so that what runs is what was judged.",
  },
  (container, out) =>
    withImage(container, out, (image, fail, path) => {
      if (image.digest?.startsWith("sha256:")) return;
      fail(
        "the image is not pinned by digest, so its tag may be moved; allowed: @sha256:…",
        `append the digest to ${path}`,
      );
    }),
);

export const allowedRegistry: Rule = {
  id: "K8S-21",
  title: "Images come from allowed registries",
  description:
    "Every image's registry, or its path in one, is in allowedRegistries. Whole path segments are compared; an image without a registry is on docker.io.",
  check(graph: ResourceGraph, params: PolicyParams) {
    const allowed = params.allowedRegistries;
    return containerRule(this, (container, out) => {
      if (allowed === undefined) {
        out.unknown(container.pod.resource, `${container.path}.image`, "allowedRegistries is not given");
        return;
      }
      withImage(container, out, (image, fail, path) => {
        if (isAllowedImage(image, allowed)) return;
        const list = allowed.length > 0 ? allowed.join(", ") : "none";
        fail(
          `the image comes from ${image.registry}/${image.repository}; allowed: ${list}`,
          `mirror the image to an allowed registry and name that in ${path}`,
        );
      });
    }).check(graph, params);
  },
};
