/**
 * Names that AWS and Kubernetes will see. They are composed here, once, from the stack's name, the account and
 * the region, so that a policy document can name an ARN before the resource exists.
 */
export function platformName(stack: string): string {
  const clean = stack
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `freehold-${clean}`.slice(0, 40).replace(/-+$/, "");
}

/** S3 bucket names are global, so the account and the region are part of them (at most 63 characters). */
export function bucketName(platform: string, purpose: string, accountId: string, region: string): string {
  const tail = `-${purpose}-${accountId}-${region}`;
  return platform.slice(0, 63 - tail.length).replace(/-+$/, "") + tail;
}

export function arn(
  partition: string,
  service: string,
  region: string,
  accountId: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** The Kubernetes namespace of the engines. */
export const SERVING_NAMESPACE = "llm-serving";
export const MONITORING_NAMESPACE = "monitoring";
/** Port of the OpenAI-compatible API and of /metrics. */
export const ENGINE_PORT = 8000;
export const API_KEY_SECRET = "llm-api-key";
