/**
 * Plain scalars that mean one thing in YAML 1.2 and another to Pulumi, which reads stack files with Go's yaml.v3 and
 * its YAML 1.1 rules: `2026-06-30` becomes "2026-06-30 00:00:00 +0000 UTC" there, `010` eight, `1_000` a thousand.
 * Null where both read the same.
 */
export function ambiguousScalar(source: string): { message: string; fix: string } | null {
  if (/^\d{4}-\d{1,2}-\d{1,2}($|[Tt ])/.test(source))
    return {
      message: "a date without quotes is a time stamp to Pulumi",
      fix: `put it in quotes: "${source.slice(0, 30)}"`,
    };
  if (source.length < 40 && /^[-+]?(0\d+|0b[01_]+|\d[\d_]*_[\d_]*(\.[\d_]*)?)$/.test(source))
    return {
      message: `${source} is a different number, or none, to YAML 1.1, which Pulumi reads`,
      fix: `write the number plainly, or put text in quotes: "${source}"`,
    };
  return null;
}
