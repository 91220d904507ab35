import { buildGraph } from "./build.ts";
import { GraphError } from "./error.ts";
import { locate, place } from "./locate.ts";
import type { Props, Resource, ResourceGraph } from "./types.ts";
import { normalize } from "./values.ts";

type Json = Record<string, unknown>;

/**
 * Reads a graph from a file's text: `pulumi stack export`, `pulumi preview --json`, or a plain
 * `freehold.resources/v1` list.
 *
 * @throws GraphError when the text is not JSON, not one of the three, or names a resource that is not there.
 */
export function parseGraph(text: string, name: string): ResourceGraph {
  const document = parseJson(text);
  if (!isObject(document)) throw shape("the file is not a JSON object");
  try {
    if (document["schema"] === "freehold.resources/v1") return plainList(document, name, text);
    const deployment = document["deployment"];
    if (isObject(deployment))
      return fromStates(list(deployment["resources"] ?? [], "deployment.resources"), name);
    if (Array.isArray(document["steps"])) return fromSteps(document["steps"], name);
  } catch (cause) {
    if (cause instanceof RangeError) throw shape(`the file is ${cause.message}`);
    throw cause;
  }
  throw shape("the file is neither a stack export, nor a preview, nor a freehold.resources/v1 list");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  } catch (cause) {
    const message = (cause as Error).message;
    const offset = /position (\d+)/.exec(message);
    const at = offset
      ? place(text, Number(offset[1]))
      : text.trim() === ""
        ? { line: 1, col: 1 }
        : place(text, text.length);
    throw new GraphError(
      "not-json",
      `not JSON: ${message.replace(/\s+/g, " ").slice(0, 120)}`,
      at.line,
      at.col,
      "write the file with `pulumi stack export --file` or `freehold graph`",
    );
  }
}

function shape(message: string, at: { line: number; col: number } | null = null): GraphError {
  return new GraphError(
    "not-a-graph",
    message,
    at?.line ?? null,
    at?.col ?? null,
    "pass the output of `pulumi stack export`, `pulumi preview --json` or `freehold graph`",
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown, where: string): Json[] {
  if (!Array.isArray(value)) throw shape(`${where} is not a list`);
  return value.map((entry, index) => {
    if (!isObject(entry)) throw shape(`${where}[${index}] is not an object`);
    return entry;
  });
}

/** An object that may be left out; anything else is refused, for a misread resource would be misjudged. */
function part(owner: Json, key: string, where: string): Json {
  const value = owner[key];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw shape(`${where}.${key} is not an object`);
  return value;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** Resources as the engine's state writes them. Those being deleted are no part of the graph. */
function fromStates(states: Json[], name: string): ResourceGraph {
  const resources: Resource[] = [];
  for (const [index, state] of states.entries()) {
    if (state["delete"] === true) continue;
    const urn = text(state["urn"]);
    const type = text(state["type"]);
    if (!urn || !type) throw shape(`resource ${index} has no urn or no type`);
    const refs = Object.fromEntries(
      Object.entries(part(state, "propertyDependencies", urn)).map(([path, urns]) => [path, strings(urns)]),
    );
    resources.push({
      urn,
      type,
      name: urn.split("::").slice(3).join("::") || urn,
      custom: state["custom"] !== false,
      props: normalize(part(state, "inputs", urn)) as Props,
      outputs: isObject(state["outputs"]) ? (normalize(state["outputs"]) as Props) : null,
      parent: text(state["parent"]),
      provider: text(state["provider"])?.replace(/::[^:]*$/, "") ?? null,
      refs,
      dependencies: strings(state["dependencies"]),
      protect: state["protect"] === true,
    });
  }
  return buildGraph(name, resources);
}

/** Steps of `pulumi preview --json`: what will be there afterwards. */
function fromSteps(steps: unknown[], name: string): ResourceGraph {
  const gone = new Set([
    "delete",
    "delete-replaced",
    "discard",
    "discard-replaced",
    "remove-pending-replace",
  ]);
  const states = new Map<string, Json>();
  for (const step of list(steps, "steps")) {
    if (gone.has(String(step["op"]))) continue;
    const state = step["newState"];
    if (!isObject(state)) continue;
    // A replacement appears twice; the last step holds the state that stays.
    states.set(String(state["urn"]), { ...state, provider: state["provider"] ?? step["provider"] });
  }
  return fromStates([...states.values()], name);
}

/** Our own plain list: names instead of URNs. */
function plainList(document: Json, name: string, source: string): ResourceGraph {
  const entries = list(document["resources"], "resources");
  const byName = new Map<string, string[]>();
  const urns = entries.map((entry, index) => {
    const [type, own] = [text(entry["type"]), text(entry["name"])];
    if (!type || !own)
      throw shape(`resources[${index}] has no type or no name`, locate(source, ["resources", index]));
    const urn = `${type}::${own}`;
    for (const key of [own, urn]) byName.set(key, [...(byName.get(key) ?? []), urn]);
    return urn;
  });
  const resolve = (reference: unknown, index: number, ...path: (string | number)[]): string => {
    const found = typeof reference === "string" ? byName.get(reference) : undefined;
    if (found?.length === 1) return found[0]!;
    const at = locate(source, ["resources", index, ...path]);
    const where = `resources[${index}].${path.join(".")}`;
    const [code, what, fix] = found
      ? ["ambiguous-ref", `${found.length} resources are named`, "write type::name"]
      : ["dangling-ref", "no resource is named", "name a resource of the file, or remove the reference"];
    const message = `${where}: ${what} ${JSON.stringify(reference).slice(0, 100)}`;
    throw new GraphError(code!, message, at?.line ?? null, at?.col ?? null, fix!);
  };
  const resources = entries.map((entry, index): Resource => {
    const where = `resources[${index}]`;
    const refs = Object.fromEntries(
      Object.entries(part(entry, "refs", where)).map(([path, targets]) => [
        path,
        Array.isArray(targets)
          ? targets.map((target, at) => resolve(target, index, "refs", path, at))
          : [resolve(targets, index, "refs", path)],
      ]),
    );
    return {
      urn: urns[index]!,
      type: String(entry["type"]),
      name: String(entry["name"]),
      custom: true,
      props: normalize(part(entry, "props", where)) as Props,
      outputs: null,
      parent: entry["parent"] == null ? null : resolve(entry["parent"], index, "parent"),
      provider: entry["provider"] == null ? null : resolve(entry["provider"], index, "provider"),
      refs,
      dependencies: [...new Set(Object.values(refs).flat())],
      protect: false,
    };
  });
  return buildGraph(name, resources, normalize(part(document, "config", "file")) as Props);
}
