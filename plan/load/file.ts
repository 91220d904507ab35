import { isAbsolute, join } from "node:path";
import { type RequestsError, type RequestsFile, requestsFile } from "../../catalog/index.ts";
import type { ModelSpec, StackSpec } from "../../config/index.ts";

/**
 * The counted hours that the load of a model names; null where it names none.
 *
 * @throws Error for a file that cannot be used: `wrongChoices` has refused it before anything is planned
 */
export function requestsOf(model: ModelSpec, spec: StackSpec): RequestsFile | null {
  const path = (model.load ?? spec.load)?.requestsFile;
  if (path === undefined) return null;
  const file = requestsFile(path);
  if ("errors" in file) throw new Error(file.errors[0]!.message);
  return file;
}

/** Everything that is wrong with the files that loads name, each file once. */
export function wrongRequests(
  spec: StackSpec,
): { path: (string | number)[]; model: string | null; file: string; error: RequestsError }[] {
  const named = [
    { path: ["load", "requestsFile"], model: null, file: spec.load?.requestsFile },
    ...spec.models.map(({ name, load }, index) => ({
      path: ["models", index, "load", "requestsFile"],
      model: name,
      file: load?.requestsFile,
    })),
  ];
  return named.flatMap(({ path, model, file }) => {
    if (file === undefined) return [];
    const read = requestsFile(file);
    return "errors" in read ? read.errors.map((error) => ({ path, model, file, error })) : [];
  });
}

/** The stack with the files of its loads named from where the command runs instead of from the project's folder. */
export function fromHere(spec: StackSpec, project: string): StackSpec {
  const moved = <T extends { requestsFile?: string | undefined }>(load: T): T =>
    load.requestsFile === undefined || isAbsolute(load.requestsFile)
      ? load
      : { ...load, requestsFile: join(project, load.requestsFile) };
  return {
    ...spec,
    ...(spec.load && { load: moved(spec.load) }),
    models: spec.models.map((model) => (model.load ? { ...model, load: moved(model.load) } : model)),
  };
}
