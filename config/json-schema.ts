import { z } from "zod";
import { stackSchema } from "./schema.ts";

type Schema = Record<string, unknown>;

/** JSON Schema (draft-07) of a whole Pulumi.<stack>.yaml file, for editors. */
export function stackJsonSchema(): Schema {
  const { $schema, properties, required, ...rest } = z.toJSONSchema(stackSchema, {
    target: "draft-7",
    io: "input",
  }) as Schema & {
    properties: Record<string, unknown>;
    required?: string[];
  };
  const renamed = Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [`freehold:${key}`, value]),
  );
  return {
    $schema,
    title: "Freehold stack file",
    type: "object",
    properties: {
      config: {
        ...rest,
        properties: renamed,
        required: (required ?? []).map((key) => `freehold:${key}`),
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
  return fields(z.toJSONSchema(stackSchema, { target: "draft-7", io: "input" }) as Schema, "freehold:");
}

function fields(schema: Schema, prefix: string): Field[] {
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
      description: String(value["description"] ?? ""),
    });
    for (const branch of branches(value)) found.push(...fields(branch, path));
    const items = value["items"] as Schema | undefined;
    if (items) found.push(...fields(items, `${path}[]`));
  }
  return found.filter((field, index) => found.findIndex((other) => other.path === field.path) === index);
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
