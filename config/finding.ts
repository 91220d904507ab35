import type { Path } from "./path.ts";

/** Something that a rule across fields refuses, before it is placed in a file. */
export interface Finding {
  path: Path;
  code: string;
  message: string;
  value?: unknown;
  allowed?: string[];
  fix: string;
}
