import * as pulumi from "@pulumi/pulumi";

/** A resource just before it is registered. */
export interface Child {
  /** Type token, e.g. `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly inputs: Readonly<pulumi.Inputs>;
}

/**
 * Returns the inputs of a child, changed or as they came; it must not change the object it is given. It is applied
 * in this process, so the embedded preview, the bill and the policies see what it returns.
 */
export type Transform = (child: Child) => pulumi.Inputs;

export interface ComponentArgs {
  /** Changes the inputs of any resource below this component. @default - every resource as planned */
  readonly transform?: Transform;
}

/** What every component shares: a frozen type token, `transform`, and the raw children. */
export abstract class Component extends pulumi.ComponentResource {
  /**
   * @param token type token; it is written into users' state, so it never changes without an alias
   * @param inputs what the component itself shows to the engine and to policies; free of secrets
   */
  constructor(
    token: string,
    name: string,
    args: ComponentArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
    inputs: pulumi.Inputs = {},
  ) {
    super(token, name, inputs, withTransform(args.transform, opts));
  }

  /** The raw children, without a promise that they stay. */
  abstract get nodes(): Readonly<Record<string, unknown>>;
}

/** The SDK hands transformations down to every descendant and runs them in the resource's constructor. */
function withTransform(
  transform: Transform | undefined,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ComponentResourceOptions | undefined {
  if (!transform) return opts;
  const transformation: pulumi.ResourceTransformation = ({ resource, type, name, props, opts: own }) => {
    // The SDK's own `CustomResource.isInstance` is false until the constructor that runs this has ended.
    if (resource instanceof pulumi.ComponentResource) return undefined;
    const changed: unknown = transform({ type, name, inputs: Object.freeze({ ...props }) });
    demand(
      typeof changed === "object" && changed !== null,
      "transform",
      `returned ${changed === null ? "null" : typeof changed} for ${type} ${name}; return the inputs, changed or as they came`,
    );
    return { props: changed as pulumi.Inputs, opts: own };
  };
  return { ...opts, transformations: [...(opts?.transformations ?? []), transformation] };
}

/**
 * Refuses a misused argument before anything is registered.
 *
 * @param propertyPath the argument, e.g. `plan.nodeGroups[0].max`
 * @param reason the value given, what is allowed, and the smallest change
 * @throws pulumi.InputPropertyError
 */
export function demand(condition: boolean, propertyPath: string, reason: string): asserts condition {
  if (!condition) throw new pulumi.InputPropertyError({ propertyPath, reason });
}

/** Refuses names that would be registered twice. @throws pulumi.InputPropertyError */
export function demandUnique(names: readonly string[], propertyPath: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  demand(twice === undefined, propertyPath, `${twice} is named twice; give each a name of its own`);
}
