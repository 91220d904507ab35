/** Host names against an allow-list. */

/**
 * Whether a host name, or every name that a wildcard covers, is allowed. An entry is a name ("huggingface.co")
 * or a wildcard for the names below one ("*.example.com", which does not allow "example.com" itself).
 */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const name = normal(host);
  return allowed.some((entry) => {
    const rule = normal(entry);
    if (rule === name) return true;
    return rule.startsWith("*.") && name.endsWith(rule.slice(1)) && name.length > rule.length - 1;
  });
}

/** Host of a URL or of a bare "host[:port][/path]". */
export function hostOf(address: string): string {
  return address
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
    .replace(/[/?#].*$/, "")
    .replace(/^[^@]*@/, "")
    .replace(/:\d+$/, "");
}

function normal(host: string): string {
  return hostOf(host).toLowerCase().replace(/\.$/, "");
}
