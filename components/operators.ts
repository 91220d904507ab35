import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import type * as pulumi from "@pulumi/pulumi";
import type { ChartRef } from "../plan/index.ts";
import { Component, type ComponentArgs, demand, demandUnique } from "./base.ts";

export interface OperatorsArgs extends ComponentArgs {
  /** Charts in the order of their installation. */
  readonly charts: ChartRef[];
}

/** Namespaces that every cluster has. */
const BUILT_IN = new Set(["kube-system", "default"]);

/**
 * Third-party operators as pinned Helm releases. Charts with CRDs come before the objects that use them.
 *
 * ### Cost
 * None of their own; their pods run on nodes that are priced already.
 */
export class Operators extends Component {
  static readonly __pulumiType = "freehold:cluster:Operators";
  private readonly releases: Release[] = [];

  constructor(name: string, args: OperatorsArgs, opts?: pulumi.ComponentResourceOptions) {
    demandUnique(
      args.charts.map((chart) => chart.name),
      "charts",
    );
    for (const [index, { name: chart, version }] of args.charts.entries()) {
      demand(
        /^v?\d+\.\d+\.\d+/.test(version),
        `charts[${index}].version`,
        `${chart} ${version || "(empty)"} is not a pinned version such as 1.14.1`,
      );
    }
    super(Operators.__pulumiType, name, args, opts);
    const namespaces = new Map<string, Namespace>();
    let crds: Release | undefined;
    for (const chart of args.charts) {
      if (!BUILT_IN.has(chart.namespace) && !namespaces.has(chart.namespace)) {
        const namespace = new Namespace(
          `${name}-${chart.namespace}-namespace`,
          { metadata: { name: chart.namespace } },
          { parent: this },
        );
        namespaces.set(chart.namespace, namespace);
      }
      const oci = chart.repository.startsWith("oci://");
      const namespace = namespaces.get(chart.namespace);
      const release = new Release(
        `${name}-${chart.name}`,
        {
          name: chart.name,
          chart: oci ? `${chart.repository}/${chart.name}` : chart.name,
          ...(!oci && { repositoryOpts: { repo: chart.repository } }),
          version: chart.version,
          namespace: chart.namespace,
          values: chart.values,
          atomic: true,
          timeout: 900,
        },
        {
          parent: this,
          dependsOn: [
            ...(namespace ? [namespace] : []),
            ...(chart.name === "karpenter" && crds ? [crds] : []),
          ],
        },
      );
      if (chart.name === "karpenter-crd") crds = release;
      this.releases.push(release);
    }
    this.registerOutputs({ charts: args.charts.map((chart) => `${chart.name}@${chart.version}`) });
  }

  /** The raw children. */
  get nodes() {
    return { releases: this.releases };
  }
}
