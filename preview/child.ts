/**
 * Runs a Pulumi program against the recorder. It is a process of its own because the SDK keeps global state and
 * ends the process on errors of the program.
 *
 * Input: one JSON document (`ChildRequest`) on standard input. Output: a `StackExport` on file descriptor 3.
 * A program that fails prints to standard error and exits 1.
 */
import "./deferred.ts";
import "./untraced.ts";
import { readFileSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import config from "@pulumi/pulumi/runtime/config.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import stack from "@pulumi/pulumi/runtime/stack.js";
import state from "@pulumi/pulumi/runtime/state.js";
import sdk from "@pulumi/pulumi/version.js";
import { stackExport } from "./export.ts";
import { Recorder } from "./recorder.ts";

export interface ChildRequest {
  program: string;
  project: string;
  stack: string;
  organization: string;
  config: Record<string, string>;
  secretKeys: string[];
}

// Read only now: while the SDK loads, the parent reads the stack.
const request = JSON.parse(readFileSync(0, "utf8")) as ChildRequest;
const recorder = new Recorder();
settings.setMockOptions(recorder, request.project, request.stack, true, request.organization);
// What `setMocks` of the SDK turns on, with a monitor of our own.
Object.assign((state as unknown as { getStore(): object }).getStore(), {
  supportsSecrets: true,
  supportsResourceReferences: true,
  supportsOutputValues: false,
  supportsDeletedWith: true,
  supportsReplaceWith: true,
  supportsAliasSpecs: true,
  supportsTransforms: true,
  supportsInvokeTransforms: true,
  supportsParameterization: true,
  supportsResourceHooks: true,
  supportsErrorHooks: true,
  supportsInvokeDependsOn: false,
});
config.setAllConfig(request.config, request.secretKeys);

let failed = false;
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

function fail(error: unknown): void {
  failed = true;
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

// Registrations drain after the program returns; nothing is left to do when the loop is empty.
let written = false;
process.on("beforeExit", () => {
  if (written || failed) return;
  written = true;
  const bytes = Buffer.from(JSON.stringify(stackExport(recorder.registrations, sdk.version)));
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(3, bytes, offset);
});

stack
  .runInPulumiStack(async () => {
    const program = (await import(pathToFileURL(request.program).href)) as Record<string, unknown>;
    const main = program["default"];
    return typeof main === "function" ? await main() : { ...program };
  })
  .catch(fail);
