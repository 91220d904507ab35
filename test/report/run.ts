import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { main } from "../../cli/main.ts";

export const ROOT = join(import.meta.dirname, "../..");
export const STACKS = ["dev", "eu-gdpr", "us-hipaa", "onprem"];
export const TODAY = "2026-10-15";

export interface Ran {
  code: number;
  out: string;
  err: string;
}

const ran = new Map<string, Promise<Ran>>();

/** Runs a command line in this process, in the checkout, once for every spelling. */
export function run(...argv: string[]): Promise<Ran> {
  const key = argv.join("\0");
  const known = ran.get(key) ?? start(argv, false);
  ran.set(key, known);
  return known;
}

export async function start(argv: string[], color: boolean): Promise<Ran> {
  const text = { out: "", err: "" };
  const code = await main(argv, {
    out: (part) => {
      text.out += part;
    },
    err: (part) => {
      text.err += part;
    },
    color,
    cwd: ROOT,
    today: TODAY,
  });
  return { code, ...text };
}

// biome-ignore lint/suspicious/noExplicitAny: documents are judged by their schema
export type Json = any;

/** Runs a command that prints JSON, and reads it. */
export async function document(...argv: string[]): Promise<Json> {
  const { out } = await run(...argv, "-o", "json");
  return JSON.parse(out);
}

const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false });
const validators = new Map<string, ValidateFunction>();

/** What the shipped schema of a document finds wrong with it. */
export function problems(value: Json): string[] {
  const kind = /^freehold\.(.+)\/v1$/.exec(value.schema)?.[1];
  if (!kind) return [`schema is ${value.schema}`];
  const validate =
    validators.get(kind) ??
    ajv.compile(JSON.parse(readFileSync(join(ROOT, `schemas/${kind}.schema.json`), "utf8")));
  validators.set(kind, validate);
  if (validate(value)) return [];
  return validate.errors!.map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}
