import mocks from "@pulumi/pulumi/runtime/mocks.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import { UNKNOWN_VALUE } from "./unknown.ts";

/** The SDK's own monitor for tests, with the members that its declarations keep private. */
const { MockMonitor } = mocks as unknown as {
  MockMonitor: new (
    behaviour: mocks.Mocks,
  ) => {
    newUrn(parent: string, type: string, name: string): string;
    registerResource(request: unknown, callback: unknown): Promise<void>;
    registerResourceOutputs(request: unknown, callback: unknown): void;
  };
};
const { getProject, getStack } = settings;

/**
 * Computed fields inside an object that is an input too. The object is known, so its missing fields would read as
 * undefined where the engine says unknown.
 */
const NESTED_COMPUTED: Record<string, [object: string, field: string][]> = {
  "aws:eks/cluster:Cluster": [["vpcConfig", "clusterSecurityGroupId"]],
};

function withComputed(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const state = { ...inputs };
  for (const [object, field] of NESTED_COMPUTED[type] ?? []) {
    state[object] = { ...(state[object] as Record<string, unknown>), [field]: UNKNOWN_VALUE };
  }
  return state;
}

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
  getPropertydependenciesMap(): {
    forEach(visit: (value: { getUrnsList(): string[] }, key: string) => void): void;
  };
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
      newResource: ({ type, inputs }) => ({
        id: undefined,
        state: withComputed(type, inputs as Record<string, unknown>),
      }),
      call: ({ inputs }) => inputs,
    });
  }

  /** The engine's own rule: the types of all ancestors but the stack, joined by `$`. The SDK's mock keeps one. */
  override newUrn(parent: string, type: string, name: string): string {
    const ancestors = parent ? parent.split("::")[2]! : "";
    const qualified = ancestors && ancestors !== "pulumi:pulumi:Stack" ? `${ancestors}$${type}` : type;
    return `urn:pulumi:${getStack()}::${getProject()}::${qualified}::${name}`;
  }

  override async registerResource(request: unknown, callback: unknown): Promise<void> {
    const req = request as RegisterRequest;
    const answer = callback as Callback;
    await super.registerResource(request, (error: unknown, response: { getUrn(): string } | undefined) => {
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
    });
  }

  override registerResourceOutputs(request: unknown, callback: unknown): void {
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
