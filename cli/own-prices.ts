import { resolve } from "node:path";
import { OWN_PRICES_FILE, readOwnPrices, useOwnPrices } from "../catalog/index.ts";
import { type Io, usageError } from "./io.ts";

/**
 * Lets the catalogue read a table of own prices: that of `FREEHOLD_PRICES`, else `freehold-prices.json` in the folder
 * of the project. The program of a stack looks in the same places.
 *
 * @throws CommandError where the table that the variable names is not there
 */
export function loadOwnPrices(stackDir: string | undefined, io: Io): void {
  const named = process.env["FREEHOLD_PRICES"];
  const rows = readOwnPrices(
    named ? resolve(io.cwd, named) : resolve(io.cwd, stackDir ?? ".", OWN_PRICES_FILE),
  );
  if (rows === null && named)
    throw usageError("cannot-read", `FREEHOLD_PRICES names ${named}, which is not there`, {
      value: named,
      fix: "freehold prices refresh --file FILE, or unset FREEHOLD_PRICES",
    });
  useOwnPrices(rows ?? []);
}
