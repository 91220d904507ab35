import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  amis,
  catalogAsOf,
  chart,
  charts,
  engine,
  engines,
  expandRegionSet,
  gpu,
  gpus,
  instance,
  instances,
  kubernetesVersion,
  llmApis,
  model,
  models,
  parseCsv,
  region,
  regions,
  similarModels,
} from "../../catalog/index.ts";

const DATA = new URL("../../catalog/data/", import.meta.url);
const SOURCES = new URL("../../catalog/sources/", import.meta.url);
const csv = (name: string) =>
  parseCsv(readFileSync(new URL(name, SOURCES), "utf8")).map(({ cells }) => cells);

describe("every fact", () => {
  const files = readdirSync(DATA).filter((name) => name !== "meta.json" && name !== "prices.json");
  it.each(files)("in %s has a source and a date", (name) => {
    const { rows } = JSON.parse(readFileSync(new URL(name, DATA), "utf8"));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.source, JSON.stringify(row)).toMatch(/\w/);
      expect(row.asOf, JSON.stringify(row)).toMatch(/^20\d\d-(0[1-9]|1[0-2])-([0-2]\d|3[01])$/);
      expect(row.asOf <= catalogAsOf()).toBe(true);
    }
  });

  it("names no file of a private machine as its source", () => {
    for (const folder of [DATA, SOURCES]) {
      for (const name of readdirSync(folder)) {
        expect(readFileSync(new URL(name, folder), "utf8"), name).not.toMatch(
          /(^|[\s",])\/(work|tmp|home|root)\//m,
        );
      }
    }
  });
});

describe("cards", () => {
  const measured = [...csv("measured-memory.csv"), ...csv("measured-throughput.csv")];
  const named = [...new Set(measured.map((row) => row["gpu"]!))].filter((name) => name !== "unstated");

  it.each(named)("%s of the measured tables resolves in any case", (name) => {
    expect(gpu(name)?.name).toBe(name);
    expect(gpu(name.toLowerCase())?.name).toBe(name);
  });

  it("stays silent about a card that nobody named", () => {
    expect(gpu("unstated")).toBeUndefined();
    // Two sizes exist: the name alone says too little.
    expect(gpu("A100")).toBeUndefined();
  });

  it("accepts a name without memory where it is unique, and spaces", () => {
    expect(gpu("l40s")?.name).toBe("L40S-48G");
    expect(gpu("B300")?.name).toBe("B300-288G");
    expect(gpu("RTX PRO 6000")?.name).toBe("RTXPRO6000-96G");
    expect(gpu("rtx 4090")?.name).toBe("RTX4090-24G");
  });

  it("covers every card of an instance", () => {
    for (const row of instances()) if (row.gpu) expect(gpu(row.gpu), row.type).toBeDefined();
  });

  it("contains the memory that start-up logs printed", () => {
    for (const row of csv("measured-memory.csv")) {
      const total = Number(row["total_gpu_gib"]);
      const card = gpu(row["gpu"]!);
      if (!total || !card) continue;
      const [low, high] = card.visibleGib;
      expect(total, `${row["gpu"]} ${row["url"]}`).toBeGreaterThanOrEqual(low - 0.08);
      expect(total, `${row["gpu"]} ${row["url"]}`).toBeLessThanOrEqual(high + 0.08);
    }
  });

  it("shows less memory than the nameplate and dense rates", () => {
    for (const row of gpus()) {
      const [low, high] = row.visibleGib;
      expect(low, row.name).toBeLessThanOrEqual(high);
      expect(high, row.name).toBeLessThanOrEqual(row.nameplateGib);
      // FP8 and INT8 are at most four times FP16 (twice, or four times where FP16 accumulates in FP32 at half rate).
      for (const rate of [row.fp8Tflops, row.int8Tflops])
        if (rate !== null) expect(rate / row.fp16Tflops).toBeLessThanOrEqual(4.05);
    }
    // The sparse figures that vendors print: 1466 (L40S), 485 (L4) and 3958 (H100) FP8.
    expect([gpu("L40S-48G")!.fp8Tflops, gpu("L4-24G")!.fp8Tflops, gpu("H100-80G")!.fp8Tflops]).toEqual([
      733, 242, 1978,
    ]);
  });
});

describe("models", () => {
  it("keeps the stated size of dense shapes: 2·V·H or V·H, attention and a gated MLP", () => {
    let checked = 0;
    for (const row of models()) {
      if (row.paramsBasis !== "computed from shape" || row.moeExperts !== null || row.kvLoraRank !== null)
        continue;
      const { layers: L, hiddenSize: H, headDim: D, kvHeads, intermediateSize: I, vocabSize: V } = row;
      if (D === null || kvHeads === null || I === null || V === null) continue;
      const embeddings = (row.tieWordEmbeddings ? 1 : 2) * V * H;
      const body = L * (2 * H * D * (row.attentionHeads + kvHeads) + 3 * H * I);
      const billions = (embeddings + body) / 1e9;
      // Rows are rounded to two decimals, which is more than 1 % below a billion.
      const allowed = Math.max(0.01 * row.paramsTotalB!, 0.006);
      expect(Math.abs(billions - row.paramsTotalB!), `${row.repo}: ${billions}`).toBeLessThanOrEqual(allowed);
      checked++;
    }
    expect(checked).toBeGreaterThan(50);
  });

  it("repeats the published size of models that anyone can look up", () => {
    expect(model("meta-llama/llama-3.1-8b-instruct")).toMatchObject({
      layers: 32,
      kvHeads: 8,
      paramsTotalB: 8.03,
    });
    expect(model("openai/gpt-oss-120b")).toMatchObject({ moeExperts: 128, moeTopK: 4, layers: 36 });
  });

  it("gives quantized repositories their own shapes: the publisher padded the 72B ones to 29696", () => {
    expect(model("Qwen/Qwen2.5-72B-Instruct")!.intermediateSize).toBe(29568);
    for (const kind of ["AWQ", "GPTQ-Int4", "GPTQ-Int8"]) {
      expect(model(`Qwen/Qwen2.5-72B-Instruct-${kind}`)!.intermediateSize, kind).toBe(29696);
    }
  });

  it("reads the block of a block-quantized row as a group", () => {
    expect(model("Qwen/Qwen3-32B-FP8")!.quantGroupSize).toBe(128);
    expect(model("Qwen/Qwen2.5-7B-Instruct-AWQ")!.quantGroupSize).toBe(128);
  });

  it("names a commit only in full", () => {
    const pinned = models().filter((row) => row.revision !== null);
    for (const row of pinned) expect(row.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(pinned.map((row) => row.repo)).toContain("openai/gpt-oss-120b");
    for (const row of csv("model-revisions.csv")) {
      expect(row["source"]!.split(" ; ").length, row["hf_repo"]).toBeGreaterThanOrEqual(2);
      expect(model(row["hf_repo"]!), row["hf_repo"]).toBeDefined();
    }
  });

  it("suggests what was probably meant", () => {
    expect(similarModels("Qwen/Qwen2.5-7B-Instruct-AQW", 3)[0]).toBe("Qwen/Qwen2.5-7B-Instruct-AWQ");
    expect(similarModels("gpt-oss-120b", 1)).toEqual(["openai/gpt-oss-120b"]);
    expect(similarModels("unsloth/gpt-oss-20b", 1)).toEqual(["openai/gpt-oss-20b"]);
    expect(similarModels("zzzz/zzzzzzzzzzzzzzzzzzzzzzzzzzz", 3)).toEqual([]);
  });
});

describe("regions", () => {
  it("expands sets by country, never by the shape of the name", () => {
    const eea = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"];
    expect(expandRegionSet("eea")).toEqual({ regions: eea, unknown: [] });
    expect(expandRegionSet("eu-adequate").regions).toEqual([...eea, "eu-central-2", "eu-west-2"].sort());
    expect(expandRegionSet("us").regions).toEqual(["us-east-1", "us-east-2", "us-west-1", "us-west-2"]);
    expect(expandRegionSet("eusc").regions).toEqual(["eusc-de-east-1"]);
  });

  it("joins sets and names once and reports what is neither", () => {
    expect(expandRegionSet(["eea", "eu-west-1", "eu-*", "mars"])).toMatchObject({
      unknown: ["eu-*", "mars"],
    });
    expect(expandRegionSet(["eu-west-1", "eu-west-1"]).regions).toEqual(["eu-west-1"]);
  });

  it("knows the partition and the country", () => {
    expect(region("eu-west-2")).toMatchObject({ country: "GB", eea: false });
    expect(region("eusc-de-east-1")).toMatchObject({ partition: "aws-eusc", eea: true });
    expect(region("eu-central-1")!.availabilityZones).toEqual([
      "eu-central-1a",
      "eu-central-1b",
      "eu-central-1c",
    ]);
    expect(new Set(regions().map((row) => row.region)).size).toBe(regions().length);
  });
});

describe("engine, operators and nodes", () => {
  it("defaults to the newest release whose image is known by digest", () => {
    expect(engine()!.version).toBe("0.30.0");
    expect(engine()!.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(engine("v0.29.0")!.digest).toBeNull();
    expect(engine("9.9.9")).toBeUndefined();
    expect(engine("0.28.0")!.removedFlags).toContain("--calculate-kv-scales");
    expect(engine("0.27.0")!.removedFlags).not.toContain("--calculate-kv-scales");
    for (const row of engines()) expect(row.image).toBe(`vllm/vllm-openai:v${row.version}`);
  });

  it("has every operator of a stack, pinned", () => {
    const wanted = [
      "karpenter",
      "karpenter-crd",
      "keda",
      "kube-prometheus-stack",
      "dcgm-exporter",
      "nvidia-device-plugin",
      "aws-load-balancer-controller",
    ];
    for (const name of wanted) expect(chart(name)?.version, name).toMatch(/^\d+\.\d+\.\d+$/);
    for (const row of charts()) expect(row.repository).toMatch(/^(https|oci):\/\//);
  });

  it("has a node image whose driver runs the default engine", () => {
    const floor = Number(engine()!.driverFloor);
    expect(amis().some((row) => Number(row.driver.split(".")[0]) >= floor)).toBe(true);
    expect(kubernetesVersion("1.34")).toMatchObject({ standardSupportEnds: "2026-12-02" });
  });

  it("counts the GPUs that a pod can ask for", () => {
    expect(instance("p5.48xlarge")).toMatchObject({
      gpu: "H100-80G",
      gpus: 8,
      vcpu: 192,
      efa: 32,
      arch: "x86_64",
    });
    // A fraction of an L4 and an AMD card are no nvidia.com/gpu.
    expect(instance("g6f.xlarge")).toMatchObject({ gpu: null, gpus: 0 });
    expect(instance("g4ad.xlarge")).toMatchObject({ gpu: null, gpus: 0 });
    expect(instance("g5g.xlarge")).toMatchObject({ gpu: "T4G-16G", arch: "arm64" });
    expect(instance("g6.xlarge")!.allocatableMib).toBe(14162);
    for (const row of instances()) {
      if (row.allocatableMib !== null)
        expect(row.allocatableMib, row.type).toBeLessThan(row.memoryGib * 1024);
    }
  });

  it("lists hosted models with a price for input and output", () => {
    expect(llmApis().find((row) => row.model === "gpt-4.1-mini")).toMatchObject({
      inputUsdPerMtok: "0.4",
      outputUsdPerMtok: "1.6",
    });
  });
});
