import { z } from "zod";
import { NAMESPACE } from "./path.ts";
import { stackSchema } from "./schema.ts";
import { KUBECONFIG } from "./schema-platform.ts";

type Schema = Record<string, unknown>;

const SECURE: Schema = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** JSON Schema (draft-07) of a whole Pulumi.<stack>.yaml file, for editors. */
export function stackJsonSchema(): Schema {
  const { $schema, properties, required, ...rest } = z.toJSONSchema(stackSchema, {
    target: "draft-7",
    io: "input",
    override: ({ jsonSchema }) => {
      // Pulumi writes a secret as a map with its ciphertext; see SECRET_FIELD.
      if (jsonSchema.description !== KUBECONFIG) return;
      delete jsonSchema.type;
      jsonSchema.anyOf = [{ type: "string" }, SECURE as typeof jsonSchema];
    },
  }) as Schema & {
    properties: Record<string, unknown>;
    required?: string[];
  };
  const renamed = Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [`${NAMESPACE}${key}`, value]),
  );
  return {
    $schema,
    title: "Freehold stack file",
    type: "object",
    properties: {
      config: {
        ...rest,
        properties: renamed,
        required: (required ?? []).map((key) => `${NAMESPACE}${key}`),
        // Other namespaces belong to other programs; unknown freehold: keys are errors.
        patternProperties: { "^(?!freehold:)": {} },
        additionalProperties: false,
      },
      secretsprovider: { type: "string" },
      encryptionsalt: { type: "string" },
      encryptedkey: { type: "string" },
      environment: {},
    },
    required: ["config"],
    additionalProperties: false,
  };
}

export interface Field {
  path: string;
  type: string;
  default: string;
  allowed: string;
  description: string;
}

/** Every field of a stack, flattened, for the reference. */
export function stackFields(): Field[] {
  return fields(z.toJSONSchema(stackSchema, { target: "draft-7", io: "input" }) as Schema, NAMESPACE, "");
}

/** @param only what stands before the descriptions: the branch of a union to which the fields belong */
function fields(schema: Schema, prefix: string, only: string): Field[] {
  const found: Field[] = [];
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  const required = new Set((schema["required"] as string[] | undefined) ?? []);
  for (const [key, value] of Object.entries(properties)) {
    const path = prefix.endsWith(":") ? `${prefix}${key}` : `${prefix}.${key}`;
    found.push({
      path,
      type: typeName(value),
      default:
        value["default"] !== undefined
          ? JSON.stringify(value["default"])
          : required.has(key)
            ? "required"
            : "",
      allowed: allowed(value),
      description: only + String(value["description"] ?? ""),
    });
    for (const branch of branches(value)) found.push(...fields(branch, path, only + kindOf(branch)));
    const items = value["items"] as Schema | undefined;
    if (items) found.push(...fields(items, `${path}[]`, only));
  }
  return merged(found);
}

/** Fields that several branches of a union have are one row, with the words of each. */
function merged(list: readonly Field[]): Field[] {
  const byPath = new Map<string, Field>();
  for (const field of list) {
    const other = byPath.get(field.path);
    const join = (a: string, b: string, by: string) => (a === b || b === "" ? a : `${a}${by}${b}`);
    byPath.set(
      field.path,
      other
        ? {
            ...other,
            allowed: join(other.allowed, field.allowed, ", "),
            description: join(other.description, field.description, " "),
          }
        : field,
    );
  }
  return [...byPath.values()];
}

/** The branch of a union by kind, as words: "(eks) ". */
function kindOf(branch: Schema): string {
  const kind = (branch["properties"] as Record<string, Schema> | undefined)?.["kind"]?.["const"];
  return typeof kind === "string" ? `(${kind}) ` : "";
}

function branches(schema: Schema): Schema[] {
  const list = (schema["oneOf"] ?? schema["anyOf"]) as Schema[] | undefined;
  return list ?? [schema];
}

function typeName(schema: Schema): string {
  const list = (schema["oneOf"] ?? schema["anyOf"]) as Schema[] | undefined;
  if (list) return [...new Set(list.map(typeName))].join(" or ");
  if (schema["const"] !== undefined) return "text";
  const names: Record<string, string> = {
    string: "text",
    number: "number",
    integer: "whole number",
    boolean: "true or false",
    array: "list",
    object: "map",
  };
  return names[String(schema["type"])] ?? "";
}

function allowed(schema: Schema): string {
  if (Array.isArray(schema["enum"])) return schema["enum"].join(", ");
  if (schema["const"] !== undefined) return String(schema["const"]);
  const items = schema["items"] as Schema | undefined;
  if (Array.isArray(items?.["enum"])) return items["enum"].join(", ");
  const parts: string[] = [];
  const bound = (key: string, sign: string) => {
    const value = schema[key];
    if (typeof value === "number" && Math.abs(value) < 1e15) parts.push(`${sign} ${value}`);
  };
  bound("minimum", "≥");
  bound("exclusiveMinimum", ">");
  bound("maximum", "≤");
  return parts.join(", ");
}
