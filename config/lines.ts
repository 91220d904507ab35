/** Line and column of every offset of a text; lines end with LF or CRLF. */
export class Lines {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.starts.push(at + 1);
  }

  /** 1-based line and column (UTF-16 units) of an offset. */
  position(offset: number): { line: number; col: number } {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, col: Math.max(0, offset - this.starts[low]!) + 1 };
  }

  /** Offset at which a 1-based line begins. */
  start(line: number): number {
    return this.starts[line - 1] ?? 0;
  }
}
