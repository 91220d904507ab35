/** What an offer is judged by; less is better in each. */
export type Criteria = readonly number[];

/**
 * Which points no other point beats: one that is nowhere worse and somewhere better. Equal points stand together.
 *
 * @returns a flag for each point, in their order
 */
export function paretoFront(points: readonly Criteria[]): boolean[] {
  const order = points.map((_, index) => index).sort((a, b) => compare(points[a]!, points[b]!));
  const front: Criteria[] = [];
  const flags = new Array<boolean>(points.length).fill(false);
  // In lexical order whatever beats a point stands before it, so the front so far is enough to look at.
  for (const index of order) {
    const point = points[index]!;
    if (front.some((other) => beats(other, point))) continue;
    front.push(point);
    flags[index] = true;
  }
  return flags;
}

function compare(a: Criteria, b: Criteria): number {
  for (const [at, value] of a.entries()) if (value !== b[at]) return value - b[at]!;
  return 0;
}

function beats(a: Criteria, b: Criteria): boolean {
  return a.every((value, at) => value <= b[at]!) && a.some((value, at) => value < b[at]!);
}
