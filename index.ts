import { deploy } from "./deploy.ts";

// The Pulumi program: one platform from the stack's configuration. Its outputs are the stack's.
export const { endpoints, dashboardPath, kubeconfig, weightsBucket, monthlyCostUsd } = deploy();
