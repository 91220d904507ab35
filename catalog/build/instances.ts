import type { PriceTable } from "../tables.ts";
import type { Instance } from "../types.ts";
import { price, readSource, type SourceRow, sourced } from "./read.ts";

/** The name of the card in gpus.csv for what the instance tables call it. */
const GPU_NAMES: Record<string, string> = {
  "NVIDIA T4/16": "T4-16G",
  "NVIDIA T4G/16": "T4G-16G",
  "NVIDIA A10G/22.35": "A10G-24G",
  "NVIDIA L4/22.35": "L4-24G",
  "NVIDIA L40S/44.7": "L40S-48G",
  "NVIDIA V100/16": "V100-16G",
  "NVIDIA V100/32": "V100-32G",
  "NVIDIA A100/40": "A100-40G",
  "NVIDIA A100/80": "A100-80G",
  "NVIDIA H100/80": "H100-80G",
  "NVIDIA H200/141": "H200-141G",
  "NVIDIA B200/179.06": "B200-180G",
  "NVIDIA B300/268.59": "B300-288G",
  "NVIDIA RTX PRO 4500/32": "RTXPRO4500-32G",
  "NVIDIA RTX PRO 6000/96": "RTXPRO6000-96G",
};
/** Families with an Arm processor in the tables. */
const ARM = /^(g5g|m7g)\./;
const GPU_SHAPE_SOURCE = {
  source: "aws/karpenter-provider-aws@1d927085dd81 website/content/en/v1.14/reference/instance-types.md",
  asOf: "2026-07-11",
};
const P3_SHAPE_SOURCE = {
  source: "skypilot-org/skypilot-catalog@2c3d7ea7d76b:catalogs/v9/aws/vms.csv",
  asOf: "2026-02-01",
};

/** One row per instance type: processor, memory, GPUs and the facts that a scheduler needs. */
export function buildInstances(): Instance[] {
  const facts = new Map(readSource("instance-facts.csv").map((row) => [row.text("instance_type"), row]));
  const types = new Map<string, Instance>();
  for (const [file, withGpu] of [
    ["aws-gpu-instances.csv", true],
    ["aws-general-instances.csv", false],
  ] as const) {
    for (const row of readSource(file)) {
      const type = row.text("instance_type");
      if (!types.has(type)) types.set(type, instanceRow(row, type, withGpu, facts.get(type)));
    }
  }
  for (const [type, row] of facts) if (!types.has(type)) row.fail(`${type} is in no instance table`);
  return [...types.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

function instanceRow(row: SourceRow, type: string, withGpu: boolean, facts: SourceRow | undefined): Instance {
  const shape = {
    type,
    vcpu: row.number("vcpu"),
    memoryGib: row.number("memory_gib"),
    ...(withGpu ? gpusOf(row) : { gpu: null, gpus: 0 }),
    allocatableMib: facts?.optionalNumber("allocatable_mib") ?? null,
    nvmeGb: facts?.optionalNumber("nvme_gb") ?? null,
    arch: ARM.test(type) ? ("arm64" as const) : ("x86_64" as const),
    efa: facts?.optionalNumber("efa") ?? 0,
  };
  const origin = !withGpu ? sourced(row) : type.startsWith("p3.") ? P3_SHAPE_SOURCE : GPU_SHAPE_SOURCE;
  return { ...shape, ...origin };
}

/** A slice of a card (g6f, gr6f) gives the node no `nvidia.com/gpu`; AMD cards run no image of ours. */
function gpusOf(row: SourceRow): { gpu: string | null; gpus: number } {
  const [model, count] = [row.text("gpu_model"), row.number("gpu_count")];
  if (count < 1 || !model.startsWith("NVIDIA ")) return { gpu: null, gpus: 0 };
  const name = GPU_NAMES[`${model}/${row.text("gpu_memory_gib_per_gpu")}`];
  return { gpu: name ?? row.fail(`no card is named for ${model}`), gpus: count };
}

/** Sources that list every region which they cover, so that a row they do not have is an offer that did not exist. */
const COMPLETE = ["yeo/ec2.shop", "skypilot-org/skypilot-catalog", "aws/karpenter-provider-aws"];

/** On-Demand and spot prices by type and region, and the regions where the sources show that a type is not sold. */
export function buildPrices(): PriceTable {
  const sources: [string, string][] = [];
  const rows = new Map<string, PriceTable["rows"][number]>();
  const covered = new Map<string, Set<string>>();
  const seenIn = new Map<string, Set<string>>();
  for (const file of ["aws-gpu-instances.csv", "aws-general-instances.csv"]) {
    for (const row of readSource(file)) {
      const [type, region, { source, asOf }] = [row.text("instance_type"), row.text("region"), sourced(row)];
      let origin = sources.findIndex(([s, d]) => s === source && d === asOf);
      if (origin < 0) origin = sources.push([source, asOf]) - 1;
      const entry = rows.get(type) ?? { type, prices: {}, notOffered: [] };
      rows.set(type, entry);
      if (entry.prices[region]) row.fail(`a second price of ${type} in ${region}`);
      entry.prices[region] = [price(row, "on_demand_usd_per_hour"), price(row, "spot_usd_per_hour"), origin];
      const complete = COMPLETE.find((name) => source.startsWith(name));
      if (!complete) continue;
      covered.set(complete, (covered.get(complete) ?? new Set()).add(region));
      seenIn.set(type, (seenIn.get(type) ?? new Set()).add(complete));
    }
  }
  const gaps = new Set(
    readSource("price-gaps.csv").map((row) => `${row.text("instance_type")} ${row.text("region")}`),
  );
  for (const entry of rows.values()) {
    const regions = new Set(
      [...(seenIn.get(entry.type) ?? [])].flatMap((source) => [...covered.get(source)!]),
    );
    entry.notOffered = [...regions]
      .filter((region) => !entry.prices[region] && !gaps.has(`${entry.type} ${region}`))
      .sort();
  }
  return { sources, rows: [...rows.values()].sort((a, b) => (a.type < b.type ? -1 : 1)) };
}
