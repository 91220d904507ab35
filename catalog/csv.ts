/**
 * Reads CSV as RFC 4180 writes it (quoted cells may hold commas, line breaks and doubled quotes). Lines that start
 * with `#` before a record are comments. The first record names the columns.
 *
 * @returns one object per record; `line` is where it starts in the text, counted from 1.
 * @throws Error naming the line when a record has another number of cells than the header.
 */
export function parseCsv(text: string): { line: number; cells: Record<string, string> }[] {
  const records: { line: number; cells: string[] }[] = [];
  let [at, line] = [0, 1];
  while (at < text.length) {
    const lineEnd = text.indexOf("\n", at);
    const end = lineEnd < 0 ? text.length : lineEnd;
    if (text[at] === "#" || text.slice(at, end).trim() === "") {
      at = end + 1;
      line++;
      continue;
    }
    const record = readRecord(text, at);
    records.push({ line, cells: record.cells });
    line += record.breaks + 1;
    at = record.end;
  }
  const header = records.shift()?.cells ?? [];
  return records.map((record) => {
    if (record.cells.length !== header.length)
      throw new Error(`line ${record.line}: ${record.cells.length} cells, the header has ${header.length}`);
    return {
      line: record.line,
      cells: Object.fromEntries(header.map((name, i) => [name, record.cells[i]!])),
    };
  });
}

/** One record from `start`; `end` is behind its line break, `breaks` counts the line breaks inside quotes. */
function readRecord(text: string, start: number): { cells: string[]; end: number; breaks: number } {
  const cells: string[] = [];
  let [cell, quoted, breaks, at] = ["", false, 0, start];
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (quoted) {
      if (char === "\n") breaks++;
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ",") {
      cells.push(cell.trim());
      cell = "";
    } else if (char === "\n") break;
    else if (char !== "\r") cell += char;
  }
  cells.push(cell.trim());
  return { cells, end: at + 1, breaks };
}
