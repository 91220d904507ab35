/**
 * Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, substitutions and swaps of two
 * neighbours each cost 1.
 */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * The candidates closest to a misspelt word, for "did you mean". Case is ignored; a candidate that contains the
 * word (or is contained in it) counts as close even when it is much longer. Candidates further away than half of
 * the word are left out, so that the answer may be empty. Ties go to the alphabet.
 *
 * @param count how many to return at most.
 */
export function nearest(word: string, candidates: readonly string[], count: number): string[] {
  const wanted = word.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 2));
  return [...new Set(candidates)]
    .map((candidate) => {
      const name = candidate.toLowerCase();
      const contained = wanted.length > 2 && (name.includes(wanted) || wanted.includes(name));
      const away = distance(wanted, name);
      return { candidate, away: contained ? Math.min(away, 1.5) : away };
    })
    .filter(({ away }) => away <= limit)
    .sort((a, b) => a.away - b.away || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}
