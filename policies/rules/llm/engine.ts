import { lookup, type ResourceGraph } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { Found } from "../helpers.ts";
import { type Container, podSpecs } from "../k8s/workloads.ts";

export interface EnvValue {
  path: string;
  state: "known" | "unknown" | "secret-ref";
  value: string | null;
}

/** A container that runs a vLLM server, with what its rules read. */
export interface Engine {
  container: Container;
  /** Command and arguments as one list, shell text split into words; null = not known. */
  words: { path: string; text: string }[] | null;
  env(name: string): EnvValue | null;
  /** Whether variables come from elsewhere, which the graph does not show. */
  envFrom: boolean;
  image: string | null;
}

/** Engines of a graph: by image, by command, or by label. */
export function engines(graph: ResourceGraph): Engine[] {
  return podSpecs(graph).pods.flatMap((pod) =>
    pod.containers.flatMap((container) => {
      if (container.kind !== "containers") return [];
      const props = pod.resource.props;
      const image = text(lookup(props, `${container.path}.image`));
      const words = wordsOf(props, container.path);
      const label = lookup(props, `${pod.labelsPath}["app.kubernetes.io/name"]`);
      const line = words?.map((word) => word.text).join(" ") ?? "";
      const named =
        label.state === "known" &&
        label.value === "vllm" &&
        pod.containers.filter((c) => c.kind === "containers").length === 1;
      const isEngine =
        /(^|\/)vllm(-openai)?(:|@|$|\/)|vllm-openai/.test(image ?? "") ||
        /(^| |\/)vllm serve( |$)|vllm\.entrypoints/.test(line) ||
        named;
      if (!isEngine) return [];
      return [
        {
          container,
          words,
          env: (name: string) => envOf(props, container.path, name),
          envFrom: lookup(props, `${container.path}.envFrom`).state !== "absent",
          image,
        },
      ];
    }),
  );
}

function text(found: ReturnType<typeof lookup>): string | null {
  return found.state === "known" ? String(found.value) : null;
}

function wordsOf(props: Record<string, unknown>, path: string): Engine["words"] {
  const words: { path: string; text: string }[] = [];
  for (const key of ["command", "args"]) {
    const list = lookup(props, `${path}.${key}`);
    if (list.state === "absent") continue;
    if (list.state !== "known" || !Array.isArray(list.value)) return null;
    for (const index of list.value.keys()) {
      const at = `${path}.${key}[${index}]`;
      const word = lookup(props, at);
      if (word.state !== "known") return null;
      const shown = String(word.value);
      // `sh -c "vllm serve …"` hides the flags in one text.
      const shell = /\s/.test(shown) && words.some((entry) => entry.text === "-c");
      for (const part of shell ? shellWords(shown) : [shown]) words.push({ path: at, text: part });
    }
  }
  return words;
}

/** Words of a shell command: quotes and backslashes as in POSIX, nothing expanded. */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  for (const match of command.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g)) {
    words.push(
      match[0].replace(
        /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
        (_, escaped, double, single) => escaped ?? double ?? single ?? "",
      ),
    );
  }
  return words;
}

/** The last entry of a name wins, as in the kubelet. */
function envOf(props: Record<string, unknown>, path: string, name: string): EnvValue | null {
  const list = lookup(props, `${path}.env`);
  if (list.state === "unknown" || list.state === "secret")
    return { path: `${path}.env`, state: "unknown", value: null };
  if (list.state !== "known" || !Array.isArray(list.value)) return null;
  for (let index = list.value.length - 1; index >= 0; index--) {
    const at = `${path}.env[${index}]`;
    const key = lookup(props, `${at}.name`);
    if (key.state !== "known" && key.state !== "absent") return { path: at, state: "unknown", value: null };
    if (key.state !== "known" || key.value !== name) continue;
    if (lookup(props, `${at}.valueFrom.secretKeyRef`).state !== "absent")
      return { path: at, state: "secret-ref", value: null };
    const value = lookup(props, `${at}.value`);
    return value.state === "known"
      ? { path: at, state: "known", value: String(value.value) }
      : { path: at, state: "unknown", value: null };
  }
  return null;
}

/** The value of a flag, in any of its spellings: --max-x, --max_x, --max-x=1; true for a bare flag. */
export function flag(engine: Engine, name: string): { path: string; value: string | true } | null {
  const words = engine.words ?? [];
  for (const [index, word] of words.entries()) {
    const [key, ...rest] = word.text.split("=") as [string, ...string[]];
    if (key.replace(/_/g, "-") !== name) continue;
    if (rest.length > 0) return { path: word.path, value: rest.join("=") };
    const next = words[index + 1]?.text;
    return { path: word.path, value: next !== undefined && !next.startsWith("-") ? next : true };
  }
  return null;
}

/** A rule over every engine; an engine whose arguments are not known is an unknown fact where they matter. */
export function engineRule(
  id: string,
  title: string,
  description: string,
  needsWords: boolean,
  judge: (engine: Engine, found: Found, params: Parameters<Rule["check"]>[1]) => void,
): Rule {
  return {
    id,
    title,
    description,
    check(graph, params) {
      const found = new Found();
      for (const engine of engines(graph)) {
        found.concerns();
        if (needsWords && engine.words === null) {
          found.unknown(
            engine.container.pod.resource,
            `${engine.container.path}.args`,
            "the arguments are not known yet",
          );
        } else judge(engine, found, params);
      }
      return found;
    },
  };
}
