import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Platform } from "../../components/index.ts";
import { loadStack } from "../../config/index.ts";
import { planStack, type StackPlan } from "../../plan/index.ts";

export const ROOT = resolve(import.meta.dirname, "../..");
export const STACKS = ["dev", "eu-gdpr", "us-hipaa", "onprem"] as const;
export type StackName = (typeof STACKS)[number];

type Json = Record<string, unknown>;

/** A resource as the SDK was asked to register it. */
export interface Seen {
  type: string;
  name: string;
  /** null for the component under test. */
  parent: Seen | null;
  /** As the engine receives them, every output resolved and secrets opened. */
  inputs: Json;
  opts: pulumi.CustomResourceOptions;
  /** URN and id of its provider; empty for a component. */
  provider: string;
  /** Paths of inputs that went to the engine as secrets. */
  secrets: string[];
  /** What registerOutputs was given; null where it was not called. */
  outputs: Json | null;
}

export interface Run<T> {
  component: T;
  /** In the order of registration, parents first. */
  seen: Seen[];
  ofType(type: string): Seen[];
  one(type: string): Seen;
}

/** What AWS answers after it has created a resource, where a component reads it. */
const COMPUTED: Record<string, Json> = {
  "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: 3 },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    dnsEntries: [{ dnsName: "*.vpce-0123.s3.example.vpce.amazonaws.com", hostedZoneId: "Z1" }],
  },
  "aws:eks/cluster:Cluster": {
    endpoint: "https://ABCDEF.yl4.example.eks.amazonaws.com",
    certificateAuthority: { data: "LS0tLS1CRUdJTg==" },
  },
};

/**
 * Builds a component under mocks and waits until everything it registers has arrived. Resources get ids and ARNs,
 * so that what one resource takes from another is known.
 */
export async function run<T>(
  build: (opts: pulumi.ComponentResourceOptions) => T,
  stack = "dev",
): Promise<Run<T>> {
  const requests = new Map<string, pulumi.runtime.MockResourceArgs>();
  pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        requests.set(`${args.type} ${args.name}`, args);
        return {
          id: `${args.name}-id`,
          state: {
            arn: `arn:mock:${args.name}`,
            keyId: `${args.name}-id`,
            ...args.inputs,
            ...COMPUTED[args.type],
          },
        };
      },
      call: ({ token }) => {
        throw new Error(`a component asked for ${token}; an offline preview could not answer`);
      },
    },
    "demo",
    stack,
    false,
  );
  const resources = new Map<pulumi.Resource, Seen>();
  const seen: Seen[] = [];
  const record: pulumi.ResourceTransformation = ({ resource, type, name, opts }) => {
    const entry: Seen = {
      type,
      name,
      parent: (opts.parent && resources.get(opts.parent)) ?? null,
      inputs: {},
      opts,
      provider: "",
      secrets: [],
      outputs: null,
    };
    resources.set(resource, entry);
    seen.push(entry);
    return undefined;
  };
  const prototype = pulumi.ComponentResource.prototype as unknown as {
    registerOutputs(outputs?: Json): void;
  };
  const original = prototype.registerOutputs;
  prototype.registerOutputs = function (this: pulumi.Resource, outputs?: Json) {
    const entry = resources.get(this);
    // The SDK's own late call comes without content, and only the first counts.
    if (entry && entry.outputs === null && outputs !== undefined) entry.outputs = outputs;
    original.call(this as never, outputs);
  };
  let component: T;
  try {
    component = build({ transformations: [record] });
  } finally {
    prototype.registerOutputs = original;
  }
  await value(pulumi.all([...resources.keys()].map((resource) => resource.urn)));
  for (const entry of seen) {
    const request = requests.get(`${entry.type} ${entry.name}`);
    entry.inputs = opened(request?.inputs ?? {}, entry.secrets) as Json;
    entry.provider = request?.provider ?? "";
  }
  const ofType = (type: string) => seen.filter((entry) => entry.type === type);
  return {
    component,
    seen,
    ofType,
    one: (type) => {
      const found = ofType(type);
      if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}`);
      return found[0]!;
    },
  };
}

/** The wire's mark of a secret. */
const SECRET = "4dabf18193072939515e22adb298388d";

function opened(value: unknown, secrets: string[], path = ""): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => opened(entry, secrets, `${path}.${index}`));
  if (typeof value !== "object" || value === null) return value;
  if (SECRET in value) {
    secrets.push(path);
    return (value as { value?: unknown }).value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, opened(entry, secrets, path ? `${path}.${key}` : key)]),
  );
}

/** The value of an output. */
export function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((done) => void output.apply((known) => done(known)));
}

/** The plan of a shipped stack. */
export async function planOf(stack: StackName, overrides: string[] = []): Promise<StackPlan> {
  const loaded = await loadStack({ dir: ROOT, stack, overrides });
  if (!loaded.ok) throw new Error(loaded.errors.map((error) => error.message).join("; "));
  return planStack(loaded.spec, { stack });
}

const platforms = new Map<StackName, Promise<Run<Platform>>>();

/** The platform of a shipped stack, built once for all tests that only look at it. */
export function platformOf(stack: StackName): Promise<Run<Platform>> {
  let found = platforms.get(stack);
  if (!found) {
    found = planOf(stack).then((plan) => run((opts) => new Platform("platform", { plan }, opts), stack));
    platforms.set(stack, found);
  }
  return found;
}

/** Every value inside, with its path; JSON texts are opened. */
export function leaves(value: unknown, path = ""): { path: string; value: unknown }[] {
  if (typeof value === "string" && /^[{[]/.test(value)) {
    try {
      return leaves(JSON.parse(value), path);
    } catch {
      // A text that only looks like JSON.
    }
  }
  if (typeof value !== "object" || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry, path ? `${path}.${key}` : key));
}
