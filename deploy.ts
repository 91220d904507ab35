import * as pulumi from "@pulumi/pulumi";
import { Platform } from "./components/index.ts";
import { ConfigErrors, specFromConfig } from "./config/index.ts";
import { MoneyRecorder } from "./money-output.ts";
import { planStack } from "./plan/index.ts";

/**
 * What the Pulumi program does: reads the stack's configuration, plans it, registers the platform, and returns
 * the stack outputs. `monthlyCostUsd` is the bill of exactly the resources that were registered.
 *
 * @throws ConfigErrors when the configuration is not a valid stack; InputPropertyError when it does not fit.
 */
export function deploy(): Record<string, unknown> {
  const values = pulumi.runtime.allConfig();
  const read = specFromConfig((key) => parse(values[`freehold:${key}`]));
  if (!read.ok) throw new ConfigErrors(read.errors);
  const { spec } = read;
  const plan = planStack(spec, { stack: pulumi.getStack() });
  const money = new MoneyRecorder();
  const platform = new Platform("platform", {
    plan,
    ...(spec.cluster.kind === "existing" &&
      spec.cluster.kubeconfig !== undefined && { kubeconfig: pulumi.secret(spec.cluster.kubeconfig) }),
  });
  return {
    endpoints: platform.endpoints,
    dashboardPath: platform.dashboardPath,
    kubeconfig: platform.kubeconfig,
    weightsBucket: platform.weightsBucket,
    monthlyCostUsd: money.monthlyCostUsd(plan),
  };
}

/** Pulumi hands objects over as JSON text and everything else as plain text. */
function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
