/** Container image references, read as container runtimes read them. */

export interface ImageReference {
  /** e.g. "docker.io" or "123456789012.dkr.ecr.eu-central-1.amazonaws.com". */
  registry: string;
  /** e.g. "vllm/vllm-openai"; Docker Hub's official images get their "library/". */
  repository: string;
  tag: string | null;
  /** e.g. "sha256:8a69…". */
  digest: string | null;
}

const DOCKER_HUB = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/**
 * Parts of `[registry/]repository[:tag][@digest]`. The first segment is a registry when it holds a dot or a
 * colon or is "localhost" (github.com/distribution/reference, normalize.go); else the image is on Docker Hub.
 *
 * @returns null when there is no repository in it.
 */
export function parseImage(text: string): ImageReference | null {
  const [beforeDigest, ...digests] = text.trim().split("@");
  // A malformed digest is refused by the kubelet, so its length is not judged here.
  const digest = digests.length === 1 && /^sha(256|512):[0-9a-fA-F]+$/.test(digests[0]!) ? digests[0]! : null;
  const slash = beforeDigest!.lastIndexOf("/");
  const colon = beforeDigest!.indexOf(":", slash + 1);
  const tag = colon === -1 ? null : beforeDigest!.slice(colon + 1) || null;
  const { registry, path } = splitRegistry(colon === -1 ? beforeDigest! : beforeDigest!.slice(0, colon));
  if (path === "") return null;
  return { registry, repository: path, tag, digest };
}

function splitRegistry(name: string): { registry: string; path: string } {
  const first = name.split("/", 1)[0]!;
  const isHost = name.includes("/") && (/[.:]/.test(first) || first === "localhost");
  const host = isHost ? first.toLowerCase() : "docker.io";
  const registry = DOCKER_HUB.has(host) ? "docker.io" : host;
  const path = isHost ? name.slice(first.length + 1) : name;
  return {
    registry,
    path: registry === "docker.io" && path !== "" && !path.includes("/") ? `library/${path}` : path,
  };
}

/**
 * Whether an image comes from an entry of an allow-list: a registry ("ghcr.io") or a path in one
 * ("ghcr.io/team"). Whole segments are compared, so "registry.example" does not allow
 * "registry.example.evil/x", nor "ghcr.io/team" "ghcr.io/team-x/y".
 */
export function isAllowedImage(image: ImageReference, allowed: readonly string[]): boolean {
  const name = `${image.registry}/${image.repository}/`;
  return allowed.some((entry) => name.startsWith(`${normalEntry(entry)}/`));
}

function normalEntry(entry: string): string {
  const name = entry
    .trim()
    .replace(/^(https?|oci):\/\//, "")
    .replace(/(\/\*)?\/*$/, "");
  const first = name.split("/", 1)[0]!;
  const host = first.toLowerCase();
  if (DOCKER_HUB.has(host)) return `docker.io${name.slice(first.length)}`;
  if (/[.:]/.test(first) || host === "localhost") return host + name.slice(first.length);
  // Without a host it is a path on Docker Hub, as in an image.
  return `docker.io/${name}`;
}
