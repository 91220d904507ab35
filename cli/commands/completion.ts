import type { Command } from "commander";
import { bash } from "../completion/bash.ts";
import { entriesOf } from "../completion/entries.ts";
import { fish } from "../completion/fish.ts";
import { zsh } from "../completion/zsh.ts";
import { EXIT, type Io, usageError } from "../io.ts";
import { schemaKinds } from "./schema.ts";

const SHELLS = { bash, zsh, fish };

/** `freehold completion SHELL`: generated from the command tree, so it never lags behind. */
export function completion(shell: string, root: Command, io: Io): number {
  const names = Object.keys(SHELLS);
  if (!Object.hasOwn(SHELLS, shell)) {
    throw usageError("unknown-shell", `there is no completion for ${shell}`, {
      value: shell,
      allowed: names,
      fix: "freehold completion bash",
    });
  }
  const entries = entriesOf(root, { completion: names, schema: schemaKinds() });
  io.out(SHELLS[shell as keyof typeof SHELLS](entries));
  return EXIT.ok;
}
