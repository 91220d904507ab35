import { buildGraph } from "./build.ts";
import { GraphError } from "./error.ts";
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

function place(text: string, offset: number): { line: number; col: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n");
  return { line: before.split("\n").length, col: offset - start };
}

function shape(message: string): GraphError {
  return new GraphError(
    "not-a-graph",
    message,
    null,
    null,
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

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Resources as the engine's state writes them. Those being deleted are no part of the graph. */
function fromStates(states: Json[], name: string): ResourceGraph {
  const resources: Resource[] = [];
  for (const [index, state] of states.entries()) {
    if (state["delete"] === true) continue;
    const urn = text(state["urn"]);
    const type = text(state["type"]);
    if (!urn || !type) throw shape(`resource ${index} has no urn or no type`);
    const refs: Record<string, string[]> = {};
    if (isObject(state["propertyDependencies"])) {
      for (const [path, urns] of Object.entries(state["propertyDependencies"])) {
        if (Array.isArray(urns)) refs[path] = urns.filter((entry) => typeof entry === "string");
      }
    }
    resources.push({
      urn,
      type,
      name: urn.split("::").slice(3).join("::") || urn,
      custom: state["custom"] !== false,
      props: (normalize(isObject(state["inputs"]) ? state["inputs"] : {}) ?? {}) as Props,
      outputs: isObject(state["outputs"]) ? (normalize(state["outputs"]) as Props) : null,
      parent: text(state["parent"]),
      provider: text(state["provider"])?.replace(/::[^:]*$/, "") ?? null,
      refs,
      dependencies: Array.isArray(state["dependencies"])
        ? state["dependencies"].filter((entry) => typeof entry === "string")
        : [],
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
  const entries = list(document["resources"] ?? [], "resources");
  const byName = new Map<string, string[]>();
  const urns = entries.map((entry, index) => {
    const [type, own] = [text(entry["type"]), text(entry["name"])];
    if (!type || !own) throw shape(`resources[${index}] has no type or no name`);
    const urn = `${type}::${own}`;
    for (const key of [own, urn]) byName.set(key, [...(byName.get(key) ?? []), urn]);
    return urn;
  });
  const resolve = (reference: unknown, where: string): string => {
    const found = typeof reference === "string" ? byName.get(reference) : undefined;
    if (found?.length === 1) return found[0]!;
    const offset = source.indexOf(JSON.stringify(reference), source.indexOf(`"${where.split(".").at(-1)}"`));
    const at = offset >= 0 ? place(source, offset) : { line: null, col: null };
    throw found
      ? new GraphError(
          "ambiguous-ref",
          `${where}: ${found.length} resources are named ${JSON.stringify(reference)}`,
          at.line,
          at.col,
          "write type::name",
        )
      : new GraphError(
          "dangling-ref",
          `${where}: no resource is named ${JSON.stringify(reference)}`,
          at.line,
          at.col,
          "name a resource of the file, or remove the reference",
        );
  };
  const resources = entries.map((entry, index): Resource => {
    const where = `resources[${index}]`;
    const refs: Record<string, string[]> = {};
    for (const [path, targets] of Object.entries(isObject(entry["refs"]) ? entry["refs"] : {})) {
      refs[path] = (Array.isArray(targets) ? targets : [targets]).map((target) =>
        resolve(target, `${where}.refs.${path}`),
      );
    }
    return {
      urn: urns[index]!,
      type: String(entry["type"]),
      name: String(entry["name"]),
      custom: true,
      props: normalize(isObject(entry["props"]) ? entry["props"] : {}) as Props,
      outputs: null,
      parent: entry["parent"] == null ? null : resolve(entry["parent"], `${where}.parent`),
      provider: entry["provider"] == null ? null : resolve(entry["provider"], `${where}.provider`),
      refs,
      dependencies: [...new Set(Object.values(refs).flat())],
      protect: false,
    };
  });
  return buildGraph(
    name,
    resources,
    normalize(isObject(document["config"]) ? document["config"] : {}) as Props,
  );
}
