export { json } from "./json.ts";
export { billMarkdown, findingsMarkdown, previewMarkdown } from "./markdown.ts";
export { countTypes, type PreviewDocument, previewDocument } from "./preview.ts";
export { billText } from "./text/bill.ts";
export { findingsText } from "./text/findings.ts";
export { planText } from "./text/plan.ts";
export { previewText } from "./text/preview.ts";
export { styleOf, usd, wrap } from "./text/style.ts";
