import colors from "picocolors";

/** Reports are laid out for this many columns. */
export const WIDTH = 100;

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/** Colour for a terminal; without it the words alone carry the meaning. */
export function styleOf(color: boolean): Style {
  const paint = colors.createColors(color);
  return { bold: paint.bold, dim: paint.dim, good: paint.green, bad: paint.red, warn: paint.yellow };
}

/** Breaks a text into lines of at most `width` columns, each with the indent. Words longer than a line are cut. */
export function wrap(text: string, indent = "", width = WIDTH, hanging = indent): string {
  const lines: string[] = [];
  let line = indent;
  let empty = true;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    let rest = word;
    if (!empty && line.length + 1 + rest.length > width) {
      lines.push(line);
      line = hanging;
      empty = true;
    }
    while (line.length + (empty ? 0 : 1) + rest.length > width) {
      const room = width - line.length - (empty ? 0 : 1);
      lines.push(line + (empty ? "" : " ") + rest.slice(0, room));
      rest = rest.slice(room);
      line = hanging;
      empty = true;
    }
    line += (empty ? "" : " ") + rest;
    empty = false;
  }
  lines.push(line);
  return lines.join("\n");
}

/** US dollars for people: thousands separated, cents only below 1,000. */
export function usd(amount: string | number | null): string {
  if (amount === null) return "unknown";
  const value = Number(amount);
  const digits = Math.abs(value) >= 1000 ? 0 : 2;
  const size = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${value < 0 ? "-" : ""}$${size}`;
}

/** Names with what they stand for, side by side; a long value goes on under itself. */
export function facts(rows: [name: string, value: string][], indent = "  "): string[] {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => {
    const left = indent + name.padEnd(width);
    const hanging = " ".repeat(left.length);
    return left + wrap(value, hanging, WIDTH, hanging).slice(left.length);
  });
}

/** Columns padded to their widest cell; numbers to the right. */
export function columns(rows: string[][], right: number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  return rows.map((row) =>
    row
      .map((cell, index) =>
        right.includes(index) ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!),
      )
      .join("  ")
      .trimEnd(),
  );
}

export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}
