import type { MeasuredThroughput } from "../types.ts";
import data from "./fitted.json" with { type: "json" };
import { familyOf } from "./kriging.ts";
import type { Fitted, FittedRow } from "./model.ts";

/** A row of `fitted.json`: a measured row, its point, whether the model has experts, and ln(measured / physical). */
interface StoredRow extends MeasuredThroughput {
  point: number[];
  hasExperts: boolean;
  error: number;
}

let read: Fitted | undefined;

/** The model that `npm run accuracy -- --write` fitted to the measured table. */
export function fitted(): Fitted {
  read ??= {
    ...(data as unknown as Pick<Fitted, "factors" | "kernel" | "bands">),
    rows: (data.rows as StoredRow[]).map(stored),
  };
  return read;
}

function stored({ point, hasExperts, error, ...row }: StoredRow): FittedRow {
  const repo = row.repo ?? row.model;
  const model = repo.split("/").at(-1)!;
  return { row, error, place: { gpu: row.gpu, model, family: familyOf(repo), hasExperts, point } };
}
