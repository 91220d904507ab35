/** A count that changes at moments: from `at` on it is `value`, until the next entry. Times rise; they are hours. */
export type Steps = readonly { at: number; value: number }[];

/** The count put through a function, changes that are none left out. */
export function mapSteps(steps: Steps, change: (value: number) => number): Steps {
  return joined(steps.map(({ at, value }) => ({ at, value: change(value) })));
}

/** Two counts put together by a function, such as the lower of both. */
export function combine(a: Steps, b: Steps, put: (a: number, b: number) => number): Steps {
  const found: { at: number; value: number }[] = [];
  let [i, j] = [0, 0];
  let at = Math.min(a[0]!.at, b[0]!.at);
  for (;;) {
    while (i + 1 < a.length && a[i + 1]!.at <= at) i++;
    while (j + 1 < b.length && b[j + 1]!.at <= at) j++;
    found.push({ at, value: put(a[i]!.value, b[j]!.value) });
    const next = Math.min(a[i + 1]?.at ?? Number.POSITIVE_INFINITY, b[j + 1]?.at ?? Number.POSITIVE_INFINITY);
    if (next === Number.POSITIVE_INFINITY) return joined(found);
    at = next;
  }
}

/**
 * The most that the count was in the last `hours`: what goes away late. Before its first entry a count is taken to
 * have been what it is there.
 */
export function heldUp(steps: Steps, hours: number): Steps {
  if (hours <= 0 || steps.length < 2) return steps;
  // Each stretch of the count stays for `hours` after its end; the highest that is still there counts.
  const moments = [...new Set(steps.flatMap(({ at }, i) => (i === 0 ? [at] : [at, at + hours])))];
  moments.sort((a, b) => a - b);
  const found: { at: number; value: number }[] = [];
  // Values that fall, each with the moment at which its stretch is forgotten.
  const queue: { value: number; until: number }[] = [];
  let i = 0;
  for (const at of moments) {
    while (i < steps.length && steps[i]!.at <= at) {
      const until = (steps[i + 1]?.at ?? Number.POSITIVE_INFINITY) + hours;
      while (queue.length > 0 && queue.at(-1)!.value <= steps[i]!.value) queue.pop();
      queue.push({ value: steps[i]!.value, until });
      i++;
    }
    while (queue.length > 1 && queue[0]!.until <= at) queue.shift();
    found.push({ at, value: queue[0]!.value });
  }
  return joined(found);
}

/** The least that the count was in the last `hours`: what comes late. */
export function heldDown(steps: Steps, hours: number): Steps {
  const negative = (list: Steps) => list.map(({ at, value }) => ({ at, value: -value }));
  return negative(heldUp(negative(steps), hours));
}

/** Hours times count in each whole hour from 0 to `hours`. */
export function perHour(steps: Steps, hours: number): number[] {
  const sums = new Array<number>(hours).fill(0);
  for (const [i, { at, value }] of steps.entries()) {
    const end = Math.min(steps[i + 1]?.at ?? hours, hours);
    for (let hour = Math.max(0, Math.floor(at)); hour < end; hour++)
      sums[hour]! += value * Math.max(0, Math.min(end, hour + 1) - Math.max(at, hour));
  }
  return sums;
}

/** How often the count went up by one, by the hour in which it did. */
export function risesPerHour(steps: Steps, hours: number): number[] {
  const rises = new Array<number>(hours).fill(0);
  for (const [i, { at, value }] of steps.entries()) {
    const up = i === 0 ? 0 : value - steps[i - 1]!.value;
    if (up > 0 && at < hours) rises[Math.floor(at)]! += up;
  }
  return rises;
}

function joined(steps: Steps): Steps {
  return steps.filter(({ value }, i) => i === 0 || value !== steps[i - 1]!.value);
}
