/** The sheet of the HTML report: system fonts, light and dark by the reader's setting, and paper. */
export const SHEET = `
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #5c6370; --line: #d8dce2; --page: #fff; --good: #116329; --bad: #b3261e; --warn: #7a4d00; --tint: #f5f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --soft: #9aa3af; --line: #363c45; --page: #15181c; --good: #57d27c; --bad: #ff8a80; --warn: #e8b34d; --tint: #1e2329; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 64rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.answer { font-size: 1.25rem; font-weight: 600; }
.soft, caption, summary, dt { color: var(--soft); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.note { border-left: .25rem solid; padding-left: .75rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding: .25rem 0; text-align: left; font-size: .875rem; }
th, td { padding: .375rem 1.5rem .375rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tbody th, td:not(.right) { min-width: 8rem; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-weight: 500; }
tbody th { font-weight: 500; }
.right { text-align: right; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: .5rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
code { padding: .1em .3em; background: var(--tint); border-radius: .2em; font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --page: #fff; --good: #000; --bad: #000; --warn: #000; --tint: #fff; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; }
  tr, .note { break-inside: avoid; }
  .scroll { overflow: visible; }
}
`;
