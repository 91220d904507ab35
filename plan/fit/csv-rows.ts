/**
 * Rows of a CSV file that people wrote (RFC 4180: quoted cells may hold commas, line breaks and doubled quotes).
 *
 * More forgiving than the catalogue's own reader, because one bad row must not stop a batch: a short row leaves the
 * missing cells empty, cells beyond the header are dropped, blank lines are skipped. A byte-order mark is ignored.
 *
 * @returns one object per row under the header, keys trimmed and in lower case, cells trimmed.
 */
export function csvRows(text: string): Record<string, string>[] {
  const [header, ...rows] = csvRecords(text.replace(/^\uFEFF/, "")).filter(
    (cells) => cells.length > 1 || cells[0] !== "",
  );
  const names = (header ?? []).map((name) => name.toLowerCase());
  return rows.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""])));
}

function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endCell = () => {
    cells.push(cell.trim());
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && cell.trim() === "") {
      cell = "";
      isQuoted = true;
    } else if (char === ",") endCell();
    else if (char === "\n") {
      endCell();
      records.push(cells);
      cells = [];
    } else if (char !== "\r") cell += char;
  }
  if (cell !== "" || cells.length > 0) {
    endCell();
    records.push(cells);
  }
  return records;
}
