import { type ComponentChild, h, type JSX } from "preact";

/** Elements that the report is made of. Preact escapes every text and attribute; nothing here writes raw HTML. */

export interface Column {
  name: string;
  /** Numbers stand to the right. */
  right?: boolean;
}

/** A table with a caption for readers that do not see it. */
export function table(caption: string, columns: Column[], rows: ComponentChild[][]): JSX.Element {
  return h("div", { class: "scroll" }, [
    h("table", null, [
      h("caption", null, caption),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          columns.map((column) => h("th", { scope: "col", class: side(column) }, column.name)),
        ),
      ),
      h(
        "tbody",
        null,
        rows.map((row) =>
          h(
            "tr",
            null,
            row.map((cell, index) =>
              index === 0 ? h("th", { scope: "row" }, cell) : h("td", { class: side(columns[index]!) }, cell),
            ),
          ),
        ),
      ),
    ]),
  ]);
}

const side = (column: Column) => (column.right ? "right" : undefined);

/** A part of the page under its heading. */
export function section(title: string, children: ComponentChild[]): JSX.Element {
  return h("section", null, [h("h2", null, title), ...children]);
}

/** Names with what they stand for. */
export function definitions(rows: [name: string, value: ComponentChild][]): JSX.Element {
  return h(
    "dl",
    null,
    rows.flatMap(([name, value]) => [h("dt", null, name), h("dd", null, value)]),
  );
}

export type Tone = "good" | "bad" | "warn";

/** A sentence that stands out; the words carry the meaning, the colour repeats it. */
export function note(tone: Tone, text: string): JSX.Element {
  return h("p", { class: `note ${tone}` }, text);
}

export function list(items: ComponentChild[]): JSX.Element {
  return h(
    "ul",
    null,
    items.map((item) => h("li", null, item)),
  );
}

/** A text in which `code` is marked by backquotes. */
export function prose(text: string): ComponentChild[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? h("code", null, part) : part));
}

/** What opens on a click, and is open on paper only where the reader opened it. */
export function folded(summary: string, children: ComponentChild[]): JSX.Element {
  return h("details", null, [h("summary", null, summary), ...children]);
}
