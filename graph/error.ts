/** What is wrong with a graph file, and where. */
export class GraphError extends Error {
  readonly code: string;
  readonly line: number | null;
  readonly col: number | null;
  readonly fix: string | null;

  constructor(code: string, message: string, line: number | null, col: number | null, fix: string | null) {
    super(message);
    this.name = "GraphError";
    this.code = code;
    this.line = line;
    this.col = col;
    this.fix = fix;
  }
}
