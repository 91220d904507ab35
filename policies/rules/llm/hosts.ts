/** Hosts that a text names. */

/**
 * Providers of hosted models, and everything below them (such as `eu.` or a resource's own name). Amazon Bedrock has
 * a host per region and is told apart by that.
 */
const HOSTED = [
  "api.openai.com",
  "openai.azure.com",
  "api.anthropic.com",
  "generativelanguage.googleapis.com",
  "api.mistral.ai",
  "api.cohere.com",
  "openrouter.ai",
  "api.together.xyz",
  "api.groq.com",
  "api.fireworks.ai",
  "api.deepseek.com",
  "api.x.ai",
];

export interface HostedApi {
  host: string;
  /** Region of a Bedrock endpoint; null for the others, which are no region of an account. */
  region: string | null;
}

/** The hosted model APIs that a text names, each once. */
export function hostedApis(text: string): HostedApi[] {
  const found = new Map<string, HostedApi>();
  for (const [word] of text.matchAll(/[A-Za-z0-9.-]+/g)) {
    const host = word.toLowerCase().replace(/^\.+|\.+$/g, "");
    const bedrock = /(?:^|\.)bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws|api)\./.exec(`${host}.`);
    if (bedrock) found.set(host, { host, region: bedrock[1]! });
    else if (HOSTED.some((api) => host === api || host.endsWith(`.${api}`)))
      found.set(host, { host, region: null });
  }
  return [...found.values()];
}
