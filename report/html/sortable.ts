import { type ComponentChild, h, type JSX } from "preact";
import type { Column } from "./elements.ts";

/** A cell with what it is ordered by: its number, or its text. */
export interface SortCell {
  cell: ComponentChild;
  /** null: no value; stands last whichever way. */
  by: string | number | null;
}

/**
 * A table that a reader may order by any of its columns. It is whole and in order without the script, and on
 * paper; the script only turns its headers into buttons.
 */
export function sortableTable(caption: string, columns: Column[], rows: SortCell[][]): JSX.Element {
  return h(
    "div",
    // Focusable, so that a table wider than the screen can be moved from the keyboard.
    { class: "scroll", tabIndex: 0, role: "region", "aria-label": caption },
    h("table", { "data-sortable": "" }, [
      h("caption", null, caption),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          columns.map(({ name, right }) =>
            h("th", { scope: "col", class: right ? "right" : undefined }, name),
          ),
        ),
      ),
      h(
        "tbody",
        null,
        rows.map((row) =>
          h(
            "tr",
            null,
            row.map(({ cell, by }, index) =>
              index === 0
                ? h("th", { scope: "row", "data-by": by ?? "" }, cell)
                : h("td", { class: columns[index]!.right ? "right" : undefined, "data-by": by ?? "" }, cell),
            ),
          ),
        ),
      ),
    ]),
  );
}

/** Orders the tables above: numbers largest first, texts by alphabet; the second press turns the order round. */
export const SORT_SCRIPT = `
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const value = (row, index) => row.cells[index].dataset.by;
  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const numbers = head.classList.contains("right");
      const now = head.getAttribute("aria-sort");
      const down = now === null ? numbers : now === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((one, two) => {
        const a = value(one, index);
        const b = value(two, index);
        if (a === "" || b === "") return (a === "") - (b === "");
        const order = numbers ? a - b : a < b ? -1 : a > b ? 1 : 0;
        return down ? -order : order;
      });
      body.append(...rows);
    });
  });
}
`;
