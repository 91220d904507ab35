import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { VllmFacts } from "../../../catalog/build/vllm-source.ts";
import { ami, engine, engines, gpu, instance, type ModelShape, model } from "../../../catalog/index.ts";
import type { GateInput } from "../../../plan/fit/gate-input.ts";
import { gates } from "../../../plan/fit/gates.ts";
import { fitReplica } from "../../../plan/fit/index.ts";
import { kernelRules, MARLIN } from "../../../plan/fit/kernel-rules.ts";
import { QUANTIZATIONS, type QuantizationName, quantization } from "../../../plan/fit/quantization.ts";
import { SINGLE } from "../../../plan/fit/weights.ts";

const recorded: VllmFacts[] = JSON.parse(
  readFileSync(new URL("../../../catalog/sources/vllm-facts.json", import.meta.url), "utf8"),
);
const LLAMA = model("meta-llama/Llama-3.1-8B-Instruct")!;
const CURRENT = engine("0.30.0")!;
const at = (version: string) => ({ ...CURRENT, version });
const H100 = gpu("H100-80G")!;
const capable = (computeCapability: number) => ({ ...H100, computeCapability });

type Case = Partial<Omit<GateInput, "shape" | "format" | "parallel">> & {
  shape?: Partial<ModelShape>;
  format?: QuantizationName;
  native?: boolean;
  tp?: number;
  pp?: number;
  dp?: number;
  ep?: boolean;
};

function judge({
  shape: changed,
  format = "fp16",
  native = true,
  tp = 1,
  pp = 1,
  dp = 1,
  ep = false,
  ...rest
}: Case) {
  const shape: ModelShape = { ...LLAMA, ...changed };
  return gates({
    shape,
    format: quantization(format, shape, native),
    gpu: H100,
    parallel: { ...SINGLE, tensor: tp, pipeline: pp, data: dp, expert: ep },
    engine: CURRENT,
    driver: null,
    workers: tp,
    hostMemoryGib: null,
    ...rest,
  });
}
const refused = (input: Case) => judge(input).refusals.map(({ code }) => code);
const noted = (input: Case) => judge(input).notes.map(({ code }) => code);

/** One step on either side of a rule: what it lets through, what it refuses, and under which code. */
const BOUNDARIES: [string, string, Case, Case][] = [
  ["heads", "heads that divide", { tp: 8 }, { tp: 8, shape: { attentionHeads: 28, kvHeads: 4 } }],
  ["kv-heads", "KV heads on more ranks", { tp: 16 }, { tp: 12, shape: { attentionHeads: 48, kvHeads: 8 } }],
  ["kv-heads", "KV heads on fewer ranks", { tp: 4 }, { tp: 4, shape: { kvHeads: 6, attentionHeads: 24 } }],
  [
    "kv-heads",
    "KV heads of global layers",
    { tp: 4, shape: { cacheLayers: [{ kind: "full", layers: 5, kvHeads: 2, headDim: 512 }] } },
    { tp: 4, shape: { cacheLayers: [{ kind: "full", layers: 5, kvHeads: 3, headDim: 512 }] } },
  ],
  ["state-heads", "heads of recurrent layers", { tp: 8, shape: state(48) }, { tp: 8, shape: state(36) }],
  [
    "vocabulary",
    "a padded vocabulary",
    { tp: 3, shape: { attentionHeads: 24, kvHeads: 3, vocabSize: 191 } },
    { tp: 3, shape: { attentionHeads: 24, kvHeads: 3, vocabSize: 193 } },
  ],
  ["layers", "a stage for every layer", { pp: 32 }, { pp: 33 }],
  ["experts", "expert parallel", { ep: true, shape: { moeExperts: 8 } }, { ep: true }],
  [
    "engine-compute-capability",
    "the floor of the release",
    { gpu: capable(7.5) },
    { gpu: gpu("V100-16G") ?? capable(7.0) },
  ],
  ["driver", "the driver of the image", { driver: "580.159.03" }, { driver: "575.57.08" }],
  [
    "driver",
    "the driver of a card that is newer than the image",
    { gpu: gpu("RTXPRO4500-32G")!, driver: "595.45.04" },
    { gpu: gpu("RTXPRO4500-32G")!, driver: ami("AL2023_x86_64_NVIDIA")!.driver },
  ],
  ["host-memory", "memory of the pod", { hostMemoryGib: 7 }, { hostMemoryGib: 6.9 }],
  [
    "shared-memory",
    "memory for /dev/shm beside the engine",
    { tp: 4, hostMemoryGib: 24 },
    { tp: 4, hostMemoryGib: 23.9 },
  ],
  ["architecture", "an image for the processor", { instance: "g5.xlarge" }, { instance: "g5g.xlarge" }],
  // 29568 = 231 · 128: the width of Qwen2-72B before its publisher padded it to 29696 for its own AWQ builds.
  ...[2, 4, 8].map((tp): [string, string, Case, Case] => [
    "quantization-group",
    `whole groups of a dense MLP at TP ${tp}`,
    { tp, format: "awq", shape: { ...awq(29696), attentionHeads: 64 } },
    { tp, format: "awq", shape: { ...awq(29568), attentionHeads: 64 } },
  ]),
  [
    "quantization-group",
    "whole groups of the attention output",
    { tp: 8, format: "awq", shape: { ...awq(16384), attentionHeads: 32, headDim: 128 } },
    { tp: 16, format: "awq", shape: { ...awq(16384), attentionHeads: 16, headDim: 64, kvHeads: 4 } },
  ],
  [
    "quantization-group",
    "whole blocks of FP8",
    { tp: 4, format: "fp8", shape: block({ intermediateSize: 14336 }) },
    { tp: 4, format: "fp8", shape: block({ intermediateSize: 14400 }) },
  ],
  [
    "quantization-group",
    "FP8 blocks within the keys of a rank",
    {
      tp: 4,
      format: "fp8",
      shape: block({ intermediateSize: 14336, kvHeads: 8, headDim: 64, attentionHeads: 64 }),
    },
    {
      tp: 8,
      format: "fp8",
      shape: block({ intermediateSize: 14336, kvHeads: 8, headDim: 64, attentionHeads: 64 }),
    },
  ],
  [
    "quantization-group",
    "Marlin's input tile before 0.24",
    { format: "gptq-int4", engine: at("0.23.0"), shape: gptq(64, 384) },
    { format: "gptq-int4", engine: at("0.23.0"), shape: gptq(64, 320) },
  ],
  [
    "quantization-group",
    "Marlin's tiles, padded since 0.24",
    { format: "gptq-int4", engine: at("0.24.0"), shape: gptq(64, 320) },
    { format: "gptq-int4", engine: at("0.23.0"), shape: gptq(64, 320) },
  ],
  [
    "quantization-group",
    "Marlin's output tile before 0.24",
    { format: "gptq-int4", engine: at("0.22.0"), tp: 2, shape: gptq(32, 512) },
    { format: "gptq-int4", engine: at("0.22.0"), tp: 16, shape: { ...gptq(32, 512), attentionHeads: 64 } },
  ],
  [
    "quantization-group",
    "experts at max(64, group) before 0.25",
    { tp: 8, format: "w4a16", engine: at("0.24.0"), shape: experts(32, 512) },
    { tp: 8, format: "w4a16", engine: at("0.24.0"), shape: experts(32, 768) },
  ],
  [
    "quantization-group",
    "experts at the group since 0.25",
    { tp: 8, format: "w4a16", engine: at("0.25.0"), shape: experts(32, 768) },
    { tp: 8, format: "w4a16", engine: at("0.25.0"), shape: experts(64, 768) },
  ],
  [
    "quantization-group",
    "experts that are spread instead of cut",
    { tp: 8, ep: true, format: "w4a16", shape: experts(128, 768) },
    { tp: 8, format: "w4a16", shape: experts(128, 768) },
  ],
  [
    "quantization-group",
    "experts of FP8 blocks",
    { tp: 4, format: "fp8", shape: { ...experts(128, 1536), ...block({}), moeIntermediateSize: 1536 } },
    { tp: 8, format: "fp8", shape: { ...experts(128, 1536), ...block({}), moeIntermediateSize: 1536 } },
  ],
  [
    "quantization-group",
    "a hidden size of whole tiles for experts",
    { format: "w4a16", shape: { ...experts(32, 768), hiddenSize: 2944 } },
    { format: "w4a16", shape: { ...experts(32, 768), hiddenSize: 2880 } },
  ],
  [
    "quantization-group",
    "AWQ experts, whose second kernel halves the group",
    { tp: 8, format: "awq", shape: { ...experts(128, 768), quantMethod: "awq" } },
    { tp: 16, format: "awq", shape: { ...experts(128, 768), quantMethod: "awq" } },
  ],
  [
    "quantization-asymmetric",
    "symmetric GPTQ",
    { format: "gptq-int4", shape: { ...gptq(128, 14336), quantSymmetric: true } },
    { format: "gptq-int4", shape: { ...gptq(128, 14336), quantSymmetric: false } },
  ],
  [
    "quantization-group-size",
    "group sizes with a kernel",
    { format: "gptq-int4", shape: gptq(32, 14336) },
    { format: "gptq-int4", shape: gptq(16, 14336) },
  ],
  [
    "format-plugin",
    "bitsandbytes in the core",
    { format: "bnb-4bit", engine: at("0.27.1") },
    { format: "bnb-4bit", engine: at("0.28.0") },
  ],
  [
    "float16-unstable",
    "models that need bfloat16",
    { format: "awq", gpu: capable(8.0), shape: { ...awq(14336), modelType: "gemma3_text" } },
    { format: "awq", gpu: gpu("T4-16G")!, shape: { ...awq(14336), modelType: "gemma3_text" } },
  ],
  [
    "float16-unstable",
    "rows of the catalogue by their name",
    { format: "fp16", shape: { repo: "google/gemma-4-26B-A4B" } },
    { format: "fp16", shape: { repo: "google/gemma-3-12b-it" } },
  ],
];

function state(heads: number): Partial<ModelShape> {
  const one = { convChannels: 64, convTokens: 3, heads, headDim: 128, stateDim: 128, stateBytes: 4 as const };
  return { attentionHeads: 32, kvHeads: 8, cacheLayers: [{ kind: "state", layers: 24, state: one }] };
}
function awq(intermediateSize: number): Partial<ModelShape> {
  return { intermediateSize, weightsDtype: "int4", quantMethod: "awq", quantGroupSize: 128 };
}
function gptq(quantGroupSize: number, intermediateSize: number): Partial<ModelShape> {
  return {
    intermediateSize,
    weightsDtype: "int4",
    quantMethod: "gptq",
    quantGroupSize,
    quantSymmetric: true,
  };
}
function block(shape: Partial<ModelShape>): Partial<ModelShape> {
  return { weightsDtype: "fp8", quantMethod: "fp8", quantGroupSize: 128, ...shape };
}
function experts(quantGroupSize: number, moeIntermediateSize: number): Partial<ModelShape> {
  return {
    moeExperts: 128,
    moeTopK: 8,
    moeIntermediateSize,
    intermediateSize: null,
    attentionBits: 16,
    hiddenSize: 2048,
    weightsDtype: "int4",
    quantMethod: "compressed-tensors w4a16",
    quantGroupSize,
  };
}

describe("a gate", () => {
  it.each(BOUNDARIES)("(%s) lets pass %s, and nothing beyond it", (code, _, passes, fails) => {
    expect(refused(passes)).toEqual([]);
    expect(new Set(refused(fails))).toEqual(new Set([code]));
  });

  it("says what stands against the start in whole words and numbers", () => {
    for (const [code, , , fails] of BOUNDARIES)
      for (const reason of judge(fails).refusals) {
        expect(reason.code).toBe(code);
        expect(reason.message.split(" ").length).toBeGreaterThan(4);
        expect(reason.message).not.toMatch(/NaN|undefined|null/);
      }
  });
});

describe("the compute capability of a format", () => {
  /** The lowest that vLLM 0.30 takes, as its own classes say; where several do, the one that decides. */
  const own = recorded[0]!.minCapability;
  const FLOORS: Record<QuantizationName, number> = {
    bf16: 80,
    // Below it, no release of the catalogue runs at all.
    fp16: 60,
    awq: own["awq"]!,
    // The class takes 6.0, its only kernel (Marlin) 7.5.
    "gptq-int4": Math.max(own["gptq"]!, 75),
    "gptq-int8": Math.max(own["gptq"]!, 75),
    w4a16: own["wNa16"]!,
    fp8: Math.min(own["fp8"]!, own["w8a16_fp8"]!),
    w8a8: own["w8a8_int8"]!,
    mxfp4: own["mxfp4"]!,
    nvfp4: Math.max(own["w4a4_nvfp4"]!, own["modelopt_nvfp4"]!),
    "bnb-4bit": recorded.find((row) => row.minCapability["bitsandbytes"])!.minCapability["bitsandbytes"]!,
  };
  const old = { ...at("0.22.0"), computeCapabilityFloor: 0 };

  it.each(QUANTIZATIONS)("%s is that of the engine, and one step below it is refused", (format) => {
    const floor = FLOORS[format] / 10;
    const shape = format === "mxfp4" ? experts(32, 768) : {};
    const passes = refused({ format, native: false, gpu: capable(floor), engine: old, shape });
    expect(passes).not.toContain("format-compute-capability");
    const fails = refused({ format, native: false, gpu: capable(floor - 0.1), engine: old, shape });
    expect(fails).toContain("format-compute-capability");
  });

  it("of FP8 by ModelOpt and FBGEMM is that of their classes, by release", () => {
    const modelOpt = { weightsDtype: "fp8", quantMethod: "modelopt fp8" };
    for (const row of recorded) {
      const floor = row.minCapability["modelopt_fp8"]! / 10;
      const on = (cc: number) =>
        refused({ format: "fp8", shape: modelOpt, gpu: capable(cc), engine: at(row.version) });
      expect(on(floor), row.version).toEqual([]);
      expect(on(floor - 0.1), row.version).toEqual(["format-compute-capability"]);
    }
    const fbgemm = { weightsDtype: "fp8", quantMethod: "fbgemm_fp8" };
    expect(refused({ format: "fp8", shape: fbgemm, gpu: capable(8.0) })).toEqual([]);
    expect(refused({ format: "fp8", shape: fbgemm, gpu: capable(7.5) })).toEqual([
      "format-compute-capability",
    ]);
  });

  it("refuses bfloat16 on a T4, says how to run it, and lets float16 pass", () => {
    const t4 = { gpu: gpu("T4-16G")! };
    expect(judge({ ...t4, format: "bf16" }).refusals[0]!.message).toContain("--dtype half");
    expect(refused({ ...t4, format: "fp16" })).toEqual([]);
    expect(noted({ ...t4, format: "awq", shape: awq(14336) })).toContain("dtype-half");
    expect(noted({ gpu: gpu("A10G-24G")!, format: "awq", shape: awq(14336) })).not.toContain("dtype-half");
  });

  it("notes where a format only saves memory", () => {
    expect(noted({ format: "fp8", gpu: capable(8.6) })).toContain("weight-only");
    expect(noted({ format: "fp8", gpu: capable(8.9) })).not.toContain("weight-only");
  });
});

describe("the rules of a release", () => {
  it.each(recorded)(
    "$version are those of its source",
    ({ version, marlin, quantizationMethods, ...own }) => {
      const rules = kernelRules({ version });
      expect(rules.padsDense).toBe(marlin.padsDense);
      expect(rules.padsExperts).toBe(marlin.padsMoe);
      expect(MARLIN).toEqual({
        outputs: marlin.minThreadN,
        inputs: marlin.minThreadK,
        groups: marlin.groupSizes,
      });
      expect(rules.modelOptFp8 * 10).toBe(own.minCapability["modelopt_fp8"]);
      expect(own.gptqTypes.every((type) => type.endsWith(" symmetric"))).toBe(true);
      for (const name of ["gguf", "bitsandbytes"] as const)
        expect(rules.plugins.includes(name), name).toBe(!quantizationMethods.includes(name));
      for (const type of ["gemma2", "gemma3", "gemma3_text", "glm4"]) {
        expect(own.halfRefusedBy).toContain(type);
        expect(refused({ format: "fp16", engine: at(version), shape: { modelType: type } })).toContain(
          "float16-unstable",
        );
      }
    },
  );

  it("agree with the catalogue on what became a plugin", () => {
    for (const row of engines())
      expect([...kernelRules(row).plugins].sort()).toEqual([...row.pluginFormats].sort());
  });
});

describe("notes", () => {
  it("say how often KV heads are kept, and that a latent is kept everywhere", () => {
    expect(noted({ tp: 8 })).not.toContain("kv-replicated");
    expect(judge({ tp: 16 }).notes.find(({ code }) => code === "kv-replicated")!.message).toContain(
      "2 times",
    );
    const latent = model("deepseek-ai/DeepSeek-R1")!;
    expect(noted({ shape: latent, tp: 1, format: "fp16" })).not.toContain("kv-replicated");
    expect(noted({ shape: latent, tp: 2, format: "fp16" })).toContain("kv-replicated");
  });

  it("say to how many rows a vocabulary is padded", () => {
    expect(noted({ shape: { vocabSize: 128256 } })).not.toContain("vocabulary-padded");
    expect(judge({ shape: { vocabSize: 128257 } }).notes[0]).toMatchObject({
      code: "vocabulary-padded",
      need: 128320,
      have: 128257,
    });
  });

  it("say where experts are not spread evenly", () => {
    const shape = { moeExperts: 60 };
    expect(noted({ ep: true, tp: 4, shape })).not.toContain("experts-uneven");
    expect(noted({ ep: true, tp: 4, dp: 2, shape })).toContain("experts-uneven");
  });

  it("miss EFA only between several nodes", () => {
    const without = instance("g6.12xlarge")!.efa === 0 ? "g6.12xlarge" : "g5.xlarge";
    expect(noted({ instance: without, nodes: 2 })).toContain("efa");
    expect(noted({ instance: without, nodes: 1 })).not.toContain("efa");
    expect(noted({ instance: "p5.48xlarge", nodes: 2 })).not.toContain("efa");
  });
});

describe("a gate reaches the verdict", () => {
  const on = (change: object) =>
    fitReplica({
      shape: LLAMA,
      gpu: H100,
      gpusPerNode: 8,
      engine: CURRENT,
      maxModelLen: 8192,
      tensorParallel: 1,
      ...change,
    });

  it("of a machine whose processor the image is not for", () => {
    const found = on({ gpu: gpu("T4G-16G")!, gpusPerNode: 1, instance: "g5g.xlarge", quantization: "awq" });
    expect(found.verdict).toBe("no");
    expect(found.reasons.map(({ code }) => code)).toContain("architecture");
  });

  it("of a node whose driver is older than the image needs", () => {
    const needs = ami("AL2023_x86_64_NVIDIA")!.driver;
    expect(on({ driver: needs }).verdict).toBe("fits");
    expect(on({ driver: "570.86.15" }).verdict).toBe("no");
  });

  it("of a node with too little memory for the engine", () => {
    expect(on({ allocatableMib: 8 * 1024 }).verdict).toBe("fits");
    expect(on({ allocatableMib: 4 * 1024 }).verdict).toBe("no");
  });
});
