/** Ingresses: encryption towards clients, with plain HTTP off or redirected. */
import type { Rule } from "../../types.ts";
import type { Found } from "../helpers.ts";
import { asText } from "../text.ts";
import { annotation, isHidden, objectRule } from "./object-rule.ts";
import { at, type KubeObject, pathIn, whyUnknown } from "./objects.ts";

const ALB = "alb.ingress.kubernetes.io";
/** Annotations that turn plain HTTP off or redirect it, where the Ingress has `tls`. */
const HTTP_OFF: readonly [key: string, value: string][] = [
  ["kubernetes.io/ingress.allow-http", "false"],
  ["nginx.ingress.kubernetes.io/force-ssl-redirect", "true"],
  ["nginx.ingress.kubernetes.io/ssl-redirect", "true"],
];

export const ingressTls: Rule = objectRule(
  {
    id: "K8S-30",
    title: "Ingresses encrypt and take no plain HTTP",
    description: `Every Ingress has spec.tls and turns plain HTTP off (kubernetes.io/ingress.allow-http: "false") or redirects it (ssl-redirect of the nginx controller). On an AWS load balancer it has ${ALB}/certificate-arn, and ${ALB}/listen-ports holds HTTPS only or ${ALB}/ssl-redirect is set.`,
  },
  { Ingress: ["networking.k8s.io", "extensions"] },
  (object, out) => {
    out.concerns();
    // A patch states only what it changes; the Ingress is judged where it is made.
    if (object.partial) {
      if (isHidden(at(object, "spec.tls")))
        out.unknown(
          object.resource,
          pathIn(object, "spec.tls"),
          "the patch changes tls to something not known",
        );
      return;
    }
    for (const path of ["metadata", "metadata.annotations", "spec"]) {
      const found = at(object, path);
      if (!isHidden(found)) continue;
      out.unknown(object.resource, pathIn(object, path), whyUnknown(found.state, path));
      return;
    }
    if (isAlb(object)) judgeAlb(object, out);
    else judgeTls(object, out);
  },
);

/** Whether the AWS Load Balancer Controller serves it: by class, or by that controller's annotations. */
function isAlb(object: KubeObject): boolean {
  const named = at(object, "spec.ingressClassName");
  const older = annotation(object, "kubernetes.io/ingress.class").found;
  if (named.state === "known") return named.value === "alb";
  if (older.state === "known") return older.value === "alb";
  const all = at(object, "metadata.annotations");
  return (
    all.state === "known" &&
    typeof all.value === "object" &&
    Object.keys(all.value as object).some((key) => key.startsWith(`${ALB}/`))
  );
}

function judgeTls(object: KubeObject, out: Found): void {
  const { resource } = object;
  const tls = at(object, "spec.tls");
  const path = pathIn(object, "spec.tls");
  if (isHidden(tls)) out.unknown(resource, path, whyUnknown(tls.state, "tls"));
  else if (tls.state === "absent" || !Array.isArray(tls.value) || tls.value.length === 0)
    out.fail(
      resource,
      path,
      null,
      "the ingress has no certificate, so traffic to it is not encrypted; needed: a host and a secret in tls",
      `name the hosts and the secret of their certificate in ${path}`,
    );
  const switches = HTTP_OFF.map(([key, value]) => ({ ...annotation(object, key), value }));
  if (switches.some(({ found, value }) => found.state === "known" && asText(found.value) === value)) return;
  const open = switches.find(({ found }) => isHidden(found));
  if (open) {
    out.unknown(resource, open.path, whyUnknown(open.found.state, "what becomes of plain HTTP"));
    return;
  }
  const stated = switches.find(({ found }) => found.state === "known") ?? switches[0]!;
  const value = stated.found.state === "known" ? stated.found.value : null;
  out.fail(
    resource,
    stated.path,
    value,
    `the ingress takes plain HTTP; needed: ${HTTP_OFF.map(([key, wanted]) => `${key}: "${wanted}"`).join(" or ")}`,
    `set ${stated.path} to "${stated.value}"`,
  );
}

function judgeAlb(object: KubeObject, out: Found): void {
  const { resource } = object;
  const certificate = annotation(object, `${ALB}/certificate-arn`);
  if (
    certificate.found.state === "absent" ||
    (certificate.found.state === "known" && certificate.found.value === "")
  )
    out.fail(
      resource,
      certificate.path,
      null,
      "the ingress names no certificate, so its load balancer listens on plain HTTP; needed: the ARN of one",
      `set ${certificate.path} to the ARN of a certificate`,
    );
  const redirect = annotation(object, `${ALB}/ssl-redirect`);
  const ports = annotation(object, `${ALB}/listen-ports`);
  // A certificate without a list of ports means HTTPS on 443 alone.
  if (ports.found.state === "absent") return;
  if (isHidden(ports.found)) {
    out.unknown(resource, ports.path, whyUnknown(ports.found.state, "the list of ports"));
    return;
  }
  const text = asText(ports.found.value);
  const protocols = protocolsOf(text);
  if (protocols === null) {
    out.unknown(resource, ports.path, 'the value is not a list of ports, such as [{"HTTPS":443}]');
    return;
  }
  const encrypts = protocols.includes("HTTPS");
  if (encrypts && !protocols.includes("HTTP")) return;
  if (encrypts && isHidden(redirect.found)) {
    out.unknown(resource, redirect.path, whyUnknown(redirect.found.state, "the redirect"));
    return;
  }
  if (encrypts && redirect.found.state === "known" && asText(redirect.found.value) !== "") return;
  out.fail(
    resource,
    ports.path,
    text,
    `the load balancer takes plain HTTP; allowed: HTTPS only, or both with ${ALB}/ssl-redirect`,
    encrypts ? `set ${redirect.path} to "443"` : `set ${ports.path} to [{"HTTPS":443}]`,
  );
}

/** The protocols of `[{"HTTP": 80}, {"HTTPS": 443}]`; null where the text is no such list. */
function protocolsOf(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return null;
    const names = list.flatMap((entry) =>
      typeof entry === "object" && entry !== null ? Object.keys(entry) : [""],
    );
    return names.length > 0 && names.every((name) => name === "HTTP" || name === "HTTPS") ? names : null;
  } catch {
    return null;
  }
}
