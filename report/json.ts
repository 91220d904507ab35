/** One JSON document with a final newline; keys in the order in which the document was built. */
export function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
