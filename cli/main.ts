import { reportFailure } from "./failure.ts";
import { EXIT, type Io } from "./io.ts";
import { program } from "./program.ts";

/** Runs the command line and returns its exit code. Nothing a user types ends in a stack trace. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let pending: number | Promise<number> = EXIT.ok;
  const root = program(io, (code) => {
    pending = code;
  });
  try {
    await root.parseAsync([...argv], { from: "user" });
    return await pending;
  } catch (cause) {
    return reportFailure(cause, argv, root, io);
  }
}
