/** Containers that run a vLLM server, with the words and variables that its rules read. */
import { lookup, type ResourceGraph } from "../../../graph/index.ts";
import type { PolicyParams, Rule } from "../../types.ts";
import { Found } from "../helpers.ts";
import { whyUnknown } from "../k8s/objects.ts";
import { type Container, podSpecs } from "../k8s/workloads.ts";
import { asText } from "../text.ts";
import { type EnvValue, environment } from "./environment.ts";
import { shellWords, variablesIn } from "./shell.ts";

export interface Word {
  path: string;
  /** null: not known. An expansion that the graph does not resolve stays as it is written. */
  text: string | null;
  /** Ends a command of a shell text. */
  operator?: boolean;
}

export interface Engine {
  container: Container;
  /** Words of the engine's own command; shell text is split, known variables are filled in. */
  words: Word[];
  env(name: string): EnvValue | null;
  image: string | null;
}

/** Engines of a graph, by image, by command or by label; and what may be one but cannot be read. */
function engines(graph: ResourceGraph): { found: Engine[]; unread: Container[] } {
  const found: Engine[] = [];
  const unread: Container[] = [];
  for (const pod of podSpecs(graph).pods) {
    for (const container of pod.containers) {
      const state = lookup(pod.resource.props, `${container.path}.image`);
      const image = state.state === "known" ? asText(state.value) : null;
      const all = wordsOf(graph, container);
      const byCommand = SERVER.test(lineOf(all));
      const serves = container.kind === "containers";
      if (byCommand || (serves && (isEngineImage(image) || isLabelled(container)))) {
        found.push({
          container,
          words: commandOf(all),
          env: (name) => assigned(all, name) ?? environment(graph, container, name),
          image,
        });
      } else if (serves && mayServe(all, state.state)) unread.push(container);
    }
  }
  return { found, unread };
}

/** Whether what decides on the program cannot be read: the command, the text for a shell, or the image alone. */
function mayServe(words: Word[], image: string): boolean {
  const first = words[0]?.path.includes(".command") ? words[0] : undefined;
  if (first === undefined) return image === "unknown" || image === "secret";
  return words.some(
    (word, index) =>
      word.text === null && (word === first || /^-[a-z]*c$/.test(words[index - 1]?.text ?? "")),
  );
}

const SERVER = /(?:^|[ /])vllm serve(?: |$)|vllm\.entrypoints/;

/** Whether the image is named like vLLM's, copies in other registries included; its tag is then vLLM's version. */
export function isEngineImage(image: string | null): boolean {
  return /(^|\/)vllm(-openai)?(:|@|$|\/)|vllm-openai/.test(image ?? "");
}

function isLabelled(container: Container): boolean {
  const { pod } = container;
  const label = lookup(pod.resource.props, `${pod.labelsPath}["app.kubernetes.io/name"]`);
  const alone = pod.containers.filter((other) => other.kind === "containers").length === 1;
  return alone && label.state === "known" && label.value === "vllm";
}

function lineOf(words: Word[]): string {
  return words.map((word) => word.text ?? "").join(" ");
}

/** Command and arguments, wrapped shell text split into words. */
function wordsOf(graph: ResourceGraph, container: Container): Word[] {
  const { props } = container.pod.resource;
  const words: Word[] = [];
  for (const key of ["command", "args"]) {
    const list = lookup(props, `${container.path}.${key}`);
    if (list.state === "absent") continue;
    if (list.state !== "known" || !Array.isArray(list.value)) {
      words.push({ path: `${container.path}.${key}`, text: null });
      continue;
    }
    for (const index of list.value.keys()) {
      const path = `${container.path}.${key}[${index}]`;
      const word = lookup(props, path);
      if (word.state !== "known") {
        words.push({ path, text: null });
        continue;
      }
      // The kubelet fills in $(NAME) before any shell sees the text.
      const text = fill(graph, container, asText(word.value), /\$\((\w+)\)/g);
      // `sh -c "vllm serve …"` hides the flags in one text; `bash -lc` does, too.
      if (/^-[a-z]*c$/.test(words.at(-1)?.text ?? "") && isShell(words.at(-2)?.text ?? words[0]?.text))
        words.push(...shell(graph, container, path, text));
      else words.push({ path, text });
    }
  }
  return words;
}

function isShell(text: string | null | undefined): boolean {
  return /(^|\/)(ba|da|z|k|a)?sh$/.test(text ?? "") || /^-/.test(text ?? "");
}

function shell(graph: ResourceGraph, container: Container, path: string, command: string): Word[] {
  return shellWords(command).flatMap(({ text, splits, operator }): Word[] => {
    if (operator) return [{ path, text, operator }];
    const filled = fill(graph, container, text, /\$\{?(\w+)\}?/g);
    const parts = splits && filled !== text ? filled.split(/\s+/).filter(Boolean) : [filled];
    return parts.map((part) => ({ path, text: part }));
  });
}

function fill(graph: ResourceGraph, container: Container, text: string, variable: RegExp): string {
  if (!text.includes("$")) return text;
  return text.replace(variable, (whole, name: string) => {
    const value = environment(graph, container, name);
    return value?.state === "known" ? value.value! : whole;
  });
}

/** The command that starts the server, without what a shell runs before and after it. */
function commandOf(words: Word[]): Word[] {
  const commands: Word[][] = [[]];
  for (const word of words) {
    if (word.operator) commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands.find((command) => SERVER.test(lineOf(command))) ?? commands[0]!;
}

/** A variable that the command itself sets: `NAME=1 vllm serve`, `export NAME=1`. */
function assigned(words: Word[], name: string): EnvValue | null {
  const word = words.findLast((entry) => entry.text?.startsWith(`${name}=`));
  if (!word) return null;
  const value = word.text!.slice(name.length + 1);
  return variablesIn(value).length > 0 || value.includes("`")
    ? { path: word.path, state: "unknown", value: null }
    : { path: word.path, state: "known", value };
}

/** The value of a flag: a text, null where it is not known, true for a bare flag. The last one counts. */
export function flag(engine: Engine, name: string): { path: string; value: string | null | true } | null {
  let found: { path: string; value: string | null | true } | null = null;
  for (const [index, word] of engine.words.entries()) {
    const [key, ...rest] = (word.text ?? "").split("=") as [string, ...string[]];
    // vLLM takes --max_model_len for --max-model-len.
    if (!key.startsWith("--") || key.replace(/_/g, "-") !== name) continue;
    const next = engine.words[index + 1];
    const bare = next === undefined || next.text?.startsWith("-") === true;
    found = { path: word.path, value: rest.length > 0 ? rest.join("=") : bare ? true : next.text };
  }
  return found;
}

/** Whether a switch is on: --x, not --no-x. A word after it is no value, so `--x false` is on, too. */
export function enabled(engine: Engine, name: string): { path: string } | null {
  let on: { path: string } | null = null;
  for (const word of engine.words) {
    const [key, value] = (word.text ?? "").split("=") as [string, string | undefined];
    const normal = key.replace(/_/g, "-");
    if (normal === name) on = value?.toLowerCase() === "false" ? null : { path: word.path };
    else if (normal === name.replace(/^--/, "--no-")) on = null;
  }
  return on;
}

/** Flags whose next word is their value, so that a hidden word there hides no flag. */
const VALUED =
  /^--(?:api-key|model|tokenizer|served-model-name|host|port|download-dir|revision|quantization)$/;

/** Where flags may hide: a word that is not known, an expansion, or a configuration file. */
export function hiddenFlags(engine: Engine): { path: string; why: string } | null {
  for (const [index, word] of engine.words.entries()) {
    if (VALUED.test((engine.words[index - 1]?.text ?? "").replace(/_/g, "-"))) continue;
    if (word.text === null) return { path: word.path, why: "the arguments are not known yet" };
    if (/^[$`]/.test(word.text))
      return { path: word.path, why: `what ${word.text} stands for is not in the graph` };
    if (/^--config(=|$)/.test(word.text))
      return { path: word.path, why: "the graph does not show the flags of a --config file" };
  }
  return null;
}

/** A rule over every engine. What may be an engine and cannot be read is an unknown fact. */
export function engineRule(
  id: string,
  title: string,
  description: string,
  judge: (engine: Engine, found: Found, params: PolicyParams) => void,
): Rule {
  return {
    id,
    title,
    description,
    check(graph, params) {
      const out = new Found();
      const { pods, unread } = podSpecs(graph);
      for (const { resource, path, state } of unread)
        out.unknown(resource, path, whyUnknown(state, "the workload"));
      for (const pod of pods) {
        for (const { resource, path, state } of pod.unread)
          if (state !== "absent") out.unknown(resource, path, whyUnknown(state, "this part of the pod"));
      }
      const list = engines(graph);
      for (const { pod, path } of list.unread)
        out.unknown(
          pod.resource,
          path,
          "whether an engine runs here depends on an image or command not known yet",
        );
      for (const engine of list.found) judge(engine, out.concerns(), params);
      return out;
    },
  };
}
