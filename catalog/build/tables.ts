import type {
  AmiFact,
  Chart,
  EngineVersion,
  Gpu,
  HipaaService,
  KubernetesVersion,
  ModelShape,
  Region,
  ServicePrice,
} from "../types.ts";
import { cacheLayers } from "./cache-layers.ts";
import { price, readSource, type SourceRow, sourced } from "./read.ts";

export function buildRegions(): Region[] {
  return readSource("regions.csv").map((row) => ({
    region: row.text("region"),
    name: row.text("name"),
    country: row.text("country"),
    partition: row.text("partition") as Region["partition"],
    eea: row.optionalFlag("eea") ?? row.fail("eea is empty"),
    sets: row.list("sets"),
    availabilityZones: row.list("zones").length > 0 ? row.list("zones") : null,
    ...sourced(row),
  }));
}

export function buildHipaaServices(): HipaaService[] {
  return readSource("hipaa-services.csv").map((row) => ({
    module: row.text("module"),
    service: row.text("service"),
    except: row.optional("except"),
    ...sourced(row),
  }));
}

export function buildGpus(): Gpu[] {
  return readSource("gpus.csv").map((row) => ({
    name: row.text("name"),
    nameplateGib: row.number("nameplate_gib"),
    visibleGib: [row.number("visible_low_gib"), row.number("visible_high_gib")],
    bandwidthGBps: row.number("bandwidth_gbps"),
    fp16Tflops: row.number("fp16_tflops"),
    fp8Tflops: row.optionalNumber("fp8_tflops"),
    int8Tflops: row.optionalNumber("int8_tflops"),
    computeCapability: row.number("compute_capability"),
    linkGBps: row.number("link_gbps"),
    link: row.text("link") as Gpu["link"],
    note: row.optional("note"),
    ...sourced(row),
  }));
}

export function buildModels(): ModelShape[] {
  const revisions = new Map(
    readSource("model-revisions.csv").map((row) => [row.text("hf_repo"), row.text("revision")]),
  );
  return readSource("models.csv").map((row) => ({
    repo: row.text("hf_repo"),
    revision: revisions.get(row.text("hf_repo")) ?? null,
    paramsTotalB: row.optionalNumber("params_total_b"),
    paramsActiveB: row.optionalNumber("params_active_b"),
    paramsBasis: row.optional("params_basis") ?? "not stated",
    layers: row.number("layers"),
    hiddenSize: row.number("hidden_size"),
    intermediateSize: row.optionalNumber("intermediate_size"),
    moeIntermediateSize: row.optionalNumber("moe_intermediate_size"),
    attentionHeads: row.number("num_attention_heads"),
    kvHeads: row.optionalNumber("num_kv_heads"),
    headDim: row.optionalNumber("head_dim"),
    vocabSize: row.optionalNumber("vocab_size"),
    maxPositionEmbeddings: row.optionalNumber("max_position_embeddings"),
    attentionType: row.text("attention_type"),
    slidingWindow: row.optionalNumber("sliding_window"),
    fullAttentionLayers: row.optionalNumber("full_attn_layers"),
    slidingOrLinearLayers: row.optionalNumber("sliding_or_linear_layers"),
    kvLoraRank: row.optionalNumber("kv_lora_rank"),
    qkRopeHeadDim: row.optionalNumber("qk_rope_head_dim"),
    moeExperts: row.optionalNumber("moe_experts"),
    moeTopK: row.optionalNumber("moe_top_k"),
    sharedExperts: row.optionalNumber("shared_experts"),
    tieWordEmbeddings: row.optionalFlag("tie_word_embeddings"),
    weightsDtype: row.text("weights_dtype"),
    quantMethod: row.optional("quant_method"),
    quantGroupSize: groupSize(row),
    license: row.optional("license"),
    checkpointGib: row.optionalNumber("checkpoint_gib"),
    checkpointNote: row.optional("checkpoint_note"),
    kvBytesPerTokenBf16Tp1: row.optionalNumber("kv_bytes_per_token_bf16_tp1"),
    cacheLayers: cacheLayers(row),
    visionParamsB: row.optionalNumber("vision_params_b"),
    attentionBits: row.optionalNumber("attention_bits"),
    lmHeadBits: row.optionalNumber("lm_head_bits"),
    kvCacheDtype: row.optional("kv_cache_dtype") as "fp8" | null,
    source: row.text("source"),
    asOf: MODELS_READ,
  }));
}
/** `128` or `128x128 block`: the length along the input dimension, which tensor parallelism has to respect. */
function groupSize(row: SourceRow): number | null {
  const cell = row.optional("quant_group_size");
  return cell === null
    ? null
    : Number.parseInt(cell, 10) || row.fail(`quant_group_size is not a size: ${cell}`);
}

/** The table has no date of its own; this is the newest of the repository versions that it was read from. */
const MODELS_READ = "2026-08-17";

export function buildEngines(): EngineVersion[] {
  return readSource("engines.csv").map((row) => {
    const digest = row.optional("digest");
    if (digest !== null && !/^sha256:[0-9a-f]{64}$/.test(digest))
      row.fail(`digest is not sha256 and 64 hex digits`);
    return {
      version: row.text("version"),
      image: row.text("image"),
      digest,
      cuda: row.text("cuda"),
      driverFloor: row.text("driver_floor"),
      computeCapabilityFloor: row.number("cc_floor"),
      gpuMemoryUtilizationDefault: row.number("gpu_memory_utilization"),
      cudaGraphsInBudget:
        row.optionalFlag("cuda_graphs_in_budget") ?? row.fail("cuda_graphs_in_budget is empty"),
      removedFlags: row.list("removed_flags"),
      pluginFormats: row.list("plugin_formats"),
      ...sourced(row),
    };
  });
}

export function buildCharts(): Chart[] {
  return readSource("charts.csv").map((row) => ({
    name: row.text("name"),
    repository: row.text("repository"),
    version: row.text("version"),
    namespace: row.text("namespace"),
    footprint: {
      cpuMillicores: row.optionalNumber("cpu_millicores"),
      memoryMib: row.optionalNumber("memory_mib"),
      perNode: row.optionalFlag("per_node") ?? row.fail("per_node is empty"),
      note: row.text("note"),
    },
    ...sourced(row),
  }));
}

export function buildAmis(): AmiFact[] {
  return readSource("amis.csv").map((row) => ({
    amiType: row.text("ami_type"),
    release: row.optional("release"),
    driver: row.text("driver"),
    kubernetes: row.optional("kubernetes"),
    note: row.optional("note"),
    ...sourced(row),
  }));
}

export function buildKubernetes(): KubernetesVersion[] {
  return readSource("kubernetes-versions.csv").map((row) => ({
    minor: row.text("minor"),
    released: row.text("released"),
    standardSupportEnds: row.text("standard_support_ends"),
    extendedSupportEnds: row.text("extended_support_ends"),
    ...sourced(row),
  }));
}

export function buildServicePrices(): ServicePrice[] {
  const seen = new Set<string>();
  return readSource("service-prices.csv").map((row) => {
    const id = `${row.text("key")} ${row.text("region")}`;
    if (seen.has(id)) row.fail(`a second price of ${id}`);
    seen.add(id);
    return {
      key: row.text("key"),
      region: row.text("region"),
      unit: row.text("unit"),
      unitPriceUsd: price(row, "unit_price_usd") ?? row.fail("unit_price_usd is empty"),
      note: row.optional("note"),
      ...sourced(row),
    };
  });
}
