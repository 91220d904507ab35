import * as pulumi from "@pulumi/pulumi";
import { OWN_PRICES_FILE, readOwnPrices, useOwnPrices } from "./catalog/index.ts";
import { Platform } from "./components/index.ts";
import { ConfigErrors, specFromConfig } from "./config/index.ts";
import { MoneyRecorder } from "./money-output.ts";
import { planStack } from "./plan/index.ts";

/** The SDK has it, its types do not: whether a key of the configuration holds a secret. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/**
 * What the Pulumi program does: reads the stack's configuration, plans it, registers the platform, and returns
 * the stack outputs. `monthlyCostUsd` is the bill of exactly the resources that were registered.
 *
 * @throws ConfigErrors when the configuration is not a valid stack; InputPropertyError when it does not fit.
 */
export function deploy(): Record<string, unknown> {
  const read = specFromConfig(pulumi.runtime.allConfig(), isConfigSecret);
  if (!read.ok) throw new ConfigErrors(read.errors);
  const { spec } = read;
  // The same table that the commands read: a program that saw other prices could choose another machine.
  useOwnPrices(readOwnPrices(process.env["FREEHOLD_PRICES"] ?? OWN_PRICES_FILE) ?? []);
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
