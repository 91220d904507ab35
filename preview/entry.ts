import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Entry {
  /** What Node is started with. */
  child: string;
  /** What the child imports to run the program. */
  program: string;
}

/**
 * The files that run a program. The child stands beside this file in sources and package.
 *
 * A checkout's bundle holds this very module under dist/cli, and under dist/preview the child together with the
 * checkout's own program, both on one bundled copy of the SDK. Any other program loads the SDK of its own project,
 * so it runs in the child of the sources.
 */
export function entryFor(program: string, here = fileURLToPath(new URL(".", import.meta.url))): Entry {
  const bundle = join(here, "../preview");
  const checkout = join(here, "../..");
  if (program === join(checkout, "index.ts") && existsSync(join(bundle, "program.js")))
    return { child: join(bundle, "child.js"), program: join(bundle, "program.js") };
  const places = [join(here, "child.ts"), join(here, "child.js"), join(checkout, "preview/child.ts")];
  return { child: places.find((place) => existsSync(place)) ?? places[0]!, program };
}
