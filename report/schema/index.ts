import { z } from "zod";
import { bill, billdiff } from "./bill.ts";
import { comparison } from "./comparison.ts";
import { doctor, error, explain, images, price, refresh } from "./facts.ts";
import { findings } from "./findings.ts";
import { fit, fits } from "./fit.ts";
import { offers } from "./offers.ts";
import { plan } from "./plan.ts";
import { preview } from "./preview.ts";
import { resources } from "./resources.ts";

/** The schema of every document, by the kind in its `schema` field: freehold.<kind>/v1. */
export const documentSchemas = {
  bill,
  billdiff,
  comparison,
  doctor,
  error,
  explain,
  findings,
  fit,
  fits,
  images,
  offers,
  plan,
  preview,
  price,
  refresh,
  resources,
};

/** JSON Schema (draft-07, as editors read it) of one kind of document, whole in itself. */
export function documentJsonSchema(kind: keyof typeof documentSchemas): Record<string, unknown> {
  return z.toJSONSchema(documentSchemas[kind], { target: "draft-7" });
}
