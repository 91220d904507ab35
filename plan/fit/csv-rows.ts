/** A row under the header. */
export interface CsvRow {
  /** Cells by column: names trimmed and in lower case, cells trimmed. */
  cells: Record<string, string>;
  /** Cells beyond the header that are not empty. A comma that should have been quoted moves every cell after it. */
  beyond: string[];
}

/**
 * Rows of a CSV file that people wrote (RFC 4180: quoted cells may hold commas, line breaks and doubled quotes).
 *
 * More forgiving than the catalogue's own reader, because one bad row must not stop a batch: a short row leaves the
 * missing cells empty, blank lines are skipped, a quote that nobody closes is a character like any other, so that it
 * does not swallow the rows after it. A byte-order mark is ignored.
 */
export function csvTable(text: string): CsvRow[] {
  const [header, ...rows] = csvRecords(text.replace(/^\uFEFF/, "")).filter(
    (cells) => cells.length > 1 || cells[0] !== "",
  );
  const names = (header ?? []).map((name) => name.toLowerCase());
  return rows.map((cells) => ({
    cells: Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""])),
    beyond: cells.slice(names.length).filter((cell) => cell !== ""),
  }));
}

/** Cells of the rows alone, for tables that are known to be sound. */
export function csvRows(text: string): Record<string, string>[] {
  return csvTable(text).map(({ cells }) => cells);
}

/** Column names of a CSV file, trimmed and in lower case; none for an empty file. */
export function csvColumns(text: string): string[] {
  return (
    csvRecords(text.replace(/^\uFEFF/, "")).find((cells) => cells.length > 1 || cells[0] !== "") ?? []
  ).map((name) => name.toLowerCase());
}

function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  let openedAt = 0;
  const endCell = () => {
    cells.push(cell.trim());
    cell = "";
  };
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === undefined) {
      if (!isQuoted) break;
      at = openedAt;
      cell = '"';
      isQuoted = false;
    } else if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && cell.trim() === "") {
      cell = "";
      isQuoted = true;
      openedAt = at;
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
