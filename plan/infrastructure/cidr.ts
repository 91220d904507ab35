/**
 * The `index`-th block of `prefix` bits inside an IPv4 block: subnet("10.40.0.0/16", 19, 1) = "10.40.32.0/19".
 *
 * @throws RangeError when the block does not fit.
 */
export function subnet(block: string, prefix: number, index: number): string {
  const [address, bits] = block.split("/") as [string, string];
  const count = 2 ** (prefix - Number(bits));
  if (prefix > 28 || index >= count) throw new RangeError(`${block} has no block ${index} of /${prefix}`);
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const start = base + index * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}
