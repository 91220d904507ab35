/** Address ranges, as far as "does this reach the internet" needs them. */

interface Block {
  bits: 32 | 128;
  value: bigint;
  prefix: number;
}

/** Ranges that are never routed on the internet (RFC 1918, 6598, 3927, 4193, 4291). */
const PRIVATE = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
];

/** A public range wider than these counts as the world: a single network of one operator is never wider. */
const NARROWEST_WORLD = { 32: 24, 128: 48 } as const;

/**
 * Whether a CIDR opens the way to the internet: a range outside the private ones that is wider than a /24
 * (IPv6: a /48). So 0.0.0.0/0, its halves and 52.0.0.0/8 are the world; 203.0.113.7/32 and 10.0.0.0/8 are not.
 *
 * @returns null when the text is not a CIDR.
 */
export function isWorld(cidr: string): boolean | null {
  const block = parseCidr(cidr);
  if (!block) return null;
  if (PRIVATE.some((range) => contains(parseCidr(range)!, block))) return false;
  return block.prefix < NARROWEST_WORLD[block.bits];
}

function contains(outer: Block, inner: Block): boolean {
  if (outer.bits !== inner.bits || inner.prefix < outer.prefix) return false;
  const shift = BigInt(outer.bits - outer.prefix);
  return outer.value >> shift === inner.value >> shift;
}

function parseCidr(text: string): Block | null {
  const match = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text.trim());
  if (!match) return null;
  const prefix = Number(match[2]);
  const v4 = parse4(match[1]!);
  if (v4 !== null) return prefix <= 32 ? { bits: 32, value: v4, prefix } : null;
  const v6 = parse6(match[1]!);
  if (v6 === null || prefix > 128) return null;
  // ::ffff:0:0/96 holds the IPv4 addresses.
  if (v6 >> 32n === 0xffffn && prefix >= 96)
    return { bits: 32, value: v6 & 0xffffffffn, prefix: prefix - 96 };
  return { bits: 128, value: v6, prefix };
}

function parse4(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) <= 255)) return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parse6(text: string): bigint | null {
  let hex = text;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted) {
    const low = parse4(dotted[2]!);
    if (low === null) return null;
    hex = `${dotted[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  }
  const halves = hex.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head!.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = tail === undefined ? head! : [...head!, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
