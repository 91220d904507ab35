import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modelFolder } from "../../catalog/index.ts";
import { shapeFromConfig } from "../../plan/fit/index.ts";

const CONFIG = { model_type: "llama", num_hidden_layers: 2, torch_dtype: "bfloat16" };
const OPTIONS = { repo: "local", totalBytes: null };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "freehold-model-"));
  put("config.json", CONFIG);
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, content: unknown) =>
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));

/** A safetensors file as the format describes it: length, header, data. */
function tensors(name: string, sizes: Record<string, number>, dtype = "BF16") {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(sizes).map(([tensor, bytes]) => {
      const offsets = [at, at + bytes];
      at += bytes;
      return [tensor, { dtype, shape: [bytes / 2], data_offsets: offsets }];
    }),
  );
  raw(name, JSON.stringify({ __metadata__: { format: "pt" }, ...header }), at);
}

function raw(name: string, header: string, dataBytes: number, length = BigInt(Buffer.byteLength(header))) {
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(length);
  writeFileSync(join(folder, name), Buffer.concat([head, Buffer.from(header), Buffer.alloc(dataBytes)]));
}

const bytes = () => {
  const found = modelFolder(folder);
  if ("error" in found) throw new Error(found.error);
  return found.totalBytes;
};
const error = () => {
  const found = modelFolder(folder);
  return "error" in found ? found.error : "no error";
};

describe("the bytes of a folder", () => {
  it("are the sum that the index states, where the files are elsewhere", () => {
    put("model.safetensors.index.json", {
      metadata: { total_size: 16060522496 },
      weight_map: { a: "x.safetensors" },
    });
    expect(bytes()).toBe(16060522496);
  });

  it("are those of the tensors that the index names, each once, whatever else lies there", () => {
    const map = { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" };
    put("model.safetensors.index.json", { metadata: { total_size: 1 }, weight_map: map });
    tensors("model-00001-of-00002.safetensors", { a: 100, b: 40 });
    tensors("model-00002-of-00002.safetensors", { b: 40 });
    tensors("consolidated.safetensors", { "layers.a": 140 });
    mkdirSync(join(folder, "original"));
    tensors("original/model.safetensors", { a: 999 });
    expect(bytes()).toBe(140);
  });

  it("leave out layers that an engine does not load", () => {
    tensors("model.safetensors", {
      "model.layers.1.q": 10,
      "model.layers.2.q": 500,
      "mtp.layers.0.q": 700,
      head: 4,
    });
    expect(bytes()).toBe(14);
  });

  it("come from files without an index, copies under other names left out", () => {
    tensors("model.safetensors", { a: 64, b: 32 });
    tensors("consolidated.safetensors", { c: 96 });
    tensors("adapter_model.safetensors", { d: 8 });
    expect(bytes()).toBe(96);
  });

  it("are not known where a part of a set is missing or only a pointer to it is there", () => {
    tensors("model-00001-of-00003.safetensors", { a: 64 });
    tensors("model-00002-of-00003.safetensors", { b: 64 });
    expect(bytes()).toBeNull();
    put(
      "model-00003-of-00003.safetensors",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
    );
    expect(bytes()).toBeNull();
    tensors("model-00003-of-00003.safetensors", { c: 2 });
    expect(bytes()).toBe(130);
  });

  it.each([0, -5, 1.5, 1e300, "16060522496", null, {}])("are not known from a sum of %s", (total_size) => {
    put("model.safetensors.index.json", { metadata: { total_size }, weight_map: { a: "x.safetensors" } });
    expect(bytes()).toBeNull();
  });
});

describe("a folder's settings", () => {
  it("name the type of the weights where config.json is silent", () => {
    put("config.json", { ...CONFIG, torch_dtype: undefined });
    tensors("model.safetensors", { a: 64 }, "F32");
    expect(modelFolder(folder)).toMatchObject({ config: { torch_dtype: "float32" }, totalBytes: 64 });
  });

  it("take a quantizer's own file, and leave config.json its word", () => {
    put("hf_quant_config.json", { producer: { name: "modelopt" }, quantization: { quant_algo: "FP8" } });
    expect(modelFolder(folder)).toMatchObject({
      config: { quantization_config: { quant_method: "modelopt", quant_algo: "FP8" } },
    });
    put("config.json", { ...CONFIG, quantization_config: { quant_method: "awq" } });
    expect(modelFolder(folder)).toMatchObject({ config: { quantization_config: { quant_method: "awq" } } });
  });

  it.each([
    ["quantize_config.json", { bits: 4, group_size: 128, sym: true }, "gptq"],
    ["quant_config.json", { w_bit: 4, q_group_size: 64 }, "awq"],
  ])("are read from %s", (name, content, quant_method) => {
    put(name, content);
    expect(modelFolder(folder)).toMatchObject({
      config: { quantization_config: { ...content, quant_method } },
    });
  });

  it("may hold Python's NaN and Infinity, which are no numbers", () => {
    put(
      "config.json",
      '{"time_step_limit": [0.0, Infinity], "num_hidden_layers": NaN, "x": "NaN -Infinity"}',
    );
    expect(modelFolder(folder)).toMatchObject({
      config: { time_step_limit: [0, "Infinity"], num_hidden_layers: "NaN", x: "NaN -Infinity" },
    });
  });
});

describe("a hostile folder", () => {
  it.each([
    ["", "is not JSON"],
    ["[]", "is not an object"],
    ["null", "is not an object"],
    ["{", "is not JSON"],
    [`${"[".repeat(100_000)}`, "is not JSON"],
  ])("with config.json %.10s says so", (text, message) => {
    put("config.json", text);
    expect(error()).toContain(message);
  });

  it("may nest as deep as it likes", () => {
    for (const key of ["text_config", "quantization_config", "x"])
      for (const [open, close] of [
        ["[", "]"],
        ['{"a":', "}"],
      ]) {
        const inner = `${open!.repeat(50_000)}1${close!.repeat(50_000)}`;
        put("config.json", `{"model_type":"llama","${key}":${inner}}`);
        const found = modelFolder(folder);
        const shape = "error" in found ? { unknown: found.error } : shapeFromConfig(found.config, OPTIONS);
        expect(shape).toHaveProperty("unknown");
      }
  });

  it("without config.json, or with a folder of that name", () => {
    rmSync(join(folder, "config.json"));
    expect(error()).toBe(`${folder} holds no config.json`);
    mkdirSync(join(folder, "config.json"));
    expect(error()).toContain("is not a file");
  });

  it("of GGUF files is refused: config.json does not say how they are quantized", () => {
    put("model-Q4_K_M.gguf", "GGUF");
    expect(error()).toContain("GGUF");
    tensors("model.safetensors", { a: 64 });
    expect(bytes()).toBe(64);
  });

  it("cannot make a reader leave it", () => {
    put("model.safetensors.index.json", { metadata: {}, weight_map: { a: "../../etc/passwd" } });
    expect(error()).toContain("names a file outside of its folder");
  });

  it.each([
    ["a header longer than the file", () => raw("model.safetensors", "{}", 0, 2n ** 40n)],
    ["a header of absurd length", () => raw("model.safetensors", "{}", 0, 2n ** 63n)],
    ["an empty header", () => raw("model.safetensors", "", 16, 0n)],
    ["a header that is not JSON", () => raw("model.safetensors", "{{{{", 16)],
    ["a header that is a list", () => raw("model.safetensors", "[1]", 16)],
    ["a tensor without offsets", () => raw("model.safetensors", '{"a":{"dtype":"F16"}}', 16)],
    ["a tensor that is null", () => raw("model.safetensors", '{"a":null}', 16)],
    [
      "a tensor beyond the end",
      () => raw("model.safetensors", '{"a":{"dtype":"F16","data_offsets":[0,99]}}', 16),
    ],
    [
      "a tensor of negative size",
      () => raw("model.safetensors", '{"a":{"dtype":"F16","data_offsets":[9,3]}}', 16),
    ],
    ["a huge offset", () => raw("model.safetensors", '{"a":{"dtype":"F16","data_offsets":[0,1e300]}}', 16)],
    [
      "tensors that overlap",
      () =>
        raw(
          "model.safetensors",
          '{"a":{"dtype":"F16","data_offsets":[0,16]},"b":{"dtype":"F16","data_offsets":[0,16]}}',
          16,
        ),
    ],
    ["an empty file", () => put("model.safetensors", "")],
  ])("with %s in a safetensors file is an error that names it", (_, write) => {
    write();
    expect(error()).toContain("model.safetensors");
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 200 }), (weights, index) => {
        writeFileSync(join(folder, "model.safetensors"), weights);
        put("model.safetensors.index.json", index);
        const found = modelFolder(folder);
        expect("error" in found || found.totalBytes === null || found.totalBytes > 0).toBe(true);
      }),
    );
  });
});
