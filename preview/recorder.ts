import { createRequire } from "node:module";
import type * as mocks from "@pulumi/pulumi/runtime/mocks.js";

const require = createRequire(import.meta.url);
const { MockMonitor } = require("@pulumi/pulumi/runtime/mocks.js") as typeof mocks;

/** A resource as the engine would have been asked to register it. */
export interface Registration {
  urn: string;
  type: string;
  custom: boolean;
  parent: string;
  provider: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown> | null;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getCustom(): boolean;
  getProtect(): boolean;
  getObject(): Struct;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { forEach(visit: (value: { getUrnsList(): string[] }, key: string) => void): void };
}

/** A protobuf Struct: unknown values are sentinel strings and secrets marked objects, as on the wire. */
interface Struct {
  toJavaScript(): Record<string, unknown>;
}

type Callback = (error: unknown, response: { getUrn(): string } | undefined) => void;

/**
 * Stands in for the engine's resource monitor: it answers every registration with the inputs (computed outputs
 * stay unknown, as in a real preview) and keeps what the request said.
 */
export class Recorder extends MockMonitor {
  readonly registrations: Registration[] = [];

  constructor() {
    super({
      newResource: ({ inputs }) => ({ id: undefined, state: inputs }),
      call: ({ inputs }) => inputs,
    });
  }

  // The SDK calls this with a gRPC request; its declared type is internal.
  override async registerResource(request: never, callback: never): Promise<void> {
    const req = request as RegisterRequest;
    const answer = callback as Callback;
    await super.registerResource(request, ((error: unknown, response: { getUrn(): string } | undefined) => {
      if (!error && response) {
        this.registrations.push({
          urn: response.getUrn(),
          type: req.getType(),
          custom: req.getCustom(),
          parent: req.getParent(),
          provider: req.getProvider(),
          inputs: req.getObject().toJavaScript(),
          outputs: null,
          dependencies: req.getDependenciesList(),
          propertyDependencies: propertyDependencies(req),
          protect: req.getProtect(),
        });
      }
      answer(error, response);
    }) as never);
  }

  override registerResourceOutputs(request: never, callback: never): void {
    const req = request as { getUrn(): string; getOutputs(): Struct | undefined };
    const found = this.registrations.find((entry) => entry.urn === req.getUrn());
    if (found) found.outputs = req.getOutputs()?.toJavaScript() ?? {};
    super.registerResourceOutputs(request, callback);
  }
}

function propertyDependencies(req: RegisterRequest): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  req.getPropertydependenciesMap().forEach((value, key) => {
    const urns = value.getUrnsList();
    if (urns.length > 0) result[key] = [...urns].sort();
  });
  return result;
}
