import { type FreeholdError, freeholdError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { show } from "./show.ts";
import { readYaml, type YamlFile } from "./yaml-document.ts";

export const PROJECT_FILE = "Pulumi.yaml";

export interface Project {
  name: string;
  /** Folder of the stack files, relative to the project. */
  configDir: string;
}

/** Name and configuration folder of a Pulumi project, from the bytes of its Pulumi.yaml. */
export function parseProject(bytes: Uint8Array): { project: Project } | { errors: FreeholdError[] } {
  const { doc, errors } = readYaml(bytes, PROJECT_FILE);
  if (doc === null || errors.length > 0) return { errors };
  const { data } = doc;
  const map = typeof data === "object" && data !== null && !Array.isArray(data) ? data : {};
  const { name, stackConfigDir, config } = map as Record<string, unknown>;
  const found = [text(doc, "name", name, "name: freehold")];
  if (stackConfigDir !== undefined)
    found.push(text(doc, "stackConfigDir", stackConfigDir, "stackConfigDir: stacks"));
  const problems = found.filter((problem) => problem !== null);
  if (problems.length > 0) return { errors: problems };
  // `config: FOLDER` is Pulumi's older spelling; as a map it holds defaults of the project.
  const folder = (stackConfigDir as string | undefined) ?? (typeof config === "string" ? config : ".");
  return { project: { name: name as string, configDir: folder } };
}

function text(doc: YamlFile, key: string, value: unknown, fix: string): FreeholdError | null {
  if (typeof value === "string" && value !== "") return null;
  const map = typeof doc.data === "object" && doc.data !== null ? Object.keys(doc.data) : [];
  const close = value === undefined ? nearest(key, map, 1)[0] : undefined;
  return freeholdError({
    code: value === undefined ? "missing" : "wrong-type",
    message: value === undefined ? `${key} is missing` : `${key} must be a text, not ${show(value)}`,
    file: PROJECT_FILE,
    ...doc.locate([close ?? key], "value"),
    path: key,
    value,
    allowed: ["a text"],
    fix: close ? `write ${key} instead of ${close}` : fix,
  });
}
