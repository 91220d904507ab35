/** What one vLLM release says about itself in its Python source, as far as Freehold's tables depend on it. */
export interface VllmFacts {
  version: string;
  /** File name and digest of the wheel that was read. */
  wheel: string;
  sha256: string;
  /** ISO day on which it was read. */
  read: string;
  /** Release of torch that the wheel asks for. */
  torch: string;
  gpuMemoryUtilization: number;
  /** Whether the memory profiler counts CUDA graphs by default. */
  cudaGraphsInBudget: boolean;
  /** `get_batch_defaults` for CUDA, first match first. */
  batchDefaults: BatchDefaults[];
  /** `model_type`s that do not run at float16. */
  halfRefusedBy: string[];
  /** Quantization methods of the core, and those that it still takes but calls deprecated. */
  quantizationMethods: string[];
  deprecatedQuantization: string[];
  /** `get_min_capability` of each method's file: 75 is compute capability 7.5. */
  minCapability: Record<string, number>;
  /** (bits, symmetric) pairs that GPTQ checkpoints may have. */
  gptqTypes: string[];
  marlin: {
    groupSizes: number[];
    minThreadN: number;
    minThreadK: number;
    padsDense: boolean;
    padsMoe: boolean;
  };
  loadFormats: string[];
  kvCacheDtypes: string[];
  /** Flags of `vllm serve`; boolean ones also exist as `--no-…`. */
  flags: string[];
  /** Prometheus names without the suffixes that the client adds. */
  metrics: string[];
  /** Environment variables that the engine reads. */
  environment: string[];
}

export interface BatchDefaults {
  /** Lowest device memory, GiB; 0 = everything else. */
  memoryGib: number;
  /** Part of a device name that the row does not hold for. */
  notNamed: string | null;
  maxNumBatchedTokens: { llmClass: number; apiServer: number };
  maxNumSeqs: { llmClass: number; apiServer: number };
}

/** Reads a file of the `vllm` package; undefined = the release has none of that name. */
export type ReadSource = (path: string) => string | undefined;

const QUANTIZATION = "model_executor/layers/quantization";
/** Files whose `get_min_capability` decides, by the method that names them. */
const CAPABILITY_FILES: Record<string, string> = {
  awq: `${QUANTIZATION}/auto_awq.py`,
  gptq: `${QUANTIZATION}/auto_gptq.py`,
  fp8: `${QUANTIZATION}/fp8.py`,
  fbgemm_fp8: `${QUANTIZATION}/fbgemm_fp8.py`,
  mxfp4: `${QUANTIZATION}/mxfp4.py`,
  bitsandbytes: `${QUANTIZATION}/bitsandbytes.py`,
  wNa16: `${QUANTIZATION}/compressed_tensors/schemes/compressed_tensors_wNa16.py`,
  w8a8_int8: `${QUANTIZATION}/compressed_tensors/schemes/compressed_tensors_w8a8_int8.py`,
  w8a8_fp8: `${QUANTIZATION}/compressed_tensors/schemes/compressed_tensors_w8a8_fp8.py`,
  w8a16_fp8: `${QUANTIZATION}/compressed_tensors/schemes/compressed_tensors_w8a16_fp8.py`,
  w4a4_nvfp4: `${QUANTIZATION}/compressed_tensors/schemes/compressed_tensors_w4a4_nvfp4.py`,
};

/**
 * Facts of a release from its source text. Nothing of it is run.
 *
 * @throws Error naming the file in which something expected is not found: the release changed its form, and a table
 * that says nothing would look like one that says "none".
 */
export function factsOf(
  read: ReadSource,
): Omit<VllmFacts, "version" | "wheel" | "sha256" | "read" | "torch"> {
  const file = (...paths: string[]): string => {
    for (const path of paths) {
      const text = read(path);
      if (text !== undefined) return text;
    }
    throw new Error(`none of ${paths.join(", ")} exists`);
  };
  const methods = file(`${QUANTIZATION}/__init__.py`);
  const marlin = file(`${QUANTIZATION}/utils/marlin_utils.py`);
  const gptq = file(`${QUANTIZATION}/auto_gptq.py`, `${QUANTIZATION}/gptq_marlin.py`);
  const awq = file(`${QUANTIZATION}/auto_awq.py`, `${QUANTIZATION}/awq_marlin.py`);
  const environment = file("envs.py");
  return {
    gpuMemoryUtilization: Number(
      one(file("config/cache.py"), /gpu_memory_utilization: float = Field\(default=([\d.]+)/, "cache.py"),
    ),
    cudaGraphsInBudget:
      one(environment, /VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS: bool = (True|False)/, "envs.py") === "True",
    batchDefaults: batchDefaults(file("engine/arg_utils.py")),
    halfRefusedBy: strings(
      one(file("config/model.py"), /^_FLOAT16_NOT_SUPPORTED_MODELS = \{(.*?)^\}/ms, "model.py").replace(
        /: ".*?"/g,
        "",
      ),
    ),
    quantizationMethods: strings(one(methods, /^QuantizationMethods = Literal\[(.*?)^\]/ms, "methods")),
    deprecatedQuantization: strings(
      one(methods, /^DEPRECATED_QUANTIZATION_METHODS = \[(.*?)^\]/ms, "deprecated methods"),
    ),
    minCapability: capabilities(read),
    gptqTypes: [
      ...one(gptq, /TYPE_MAP = \{(.*?)\}/s, "auto_gptq.py").matchAll(/\((\d), (True|False)\)/g),
    ].map(([, bits, symmetric]) => `${bits} bit ${symmetric === "True" ? "symmetric" : "asymmetric"}`),
    marlin: {
      groupSizes: one(marlin, /^MARLIN_SUPPORTED_GROUP_SIZES = \[(.*?)\]/m, "marlin_utils.py")
        .split(",")
        .map(Number),
      minThreadN: Number(one(marlin, /^GPTQ_MARLIN_MIN_THREAD_N = (\d+)/m, "marlin_utils.py")),
      minThreadK: Number(one(marlin, /^GPTQ_MARLIN_MIN_THREAD_K = (\d+)/m, "marlin_utils.py")),
      padsDense: /layer, self\.group_size, allow_tile_padding=True/.test(awq),
      padsMoe: /check_moe_marlin_supports_\w+\([^)]*allow_tile_padding=/s.test(awq),
    },
    loadFormats: strings(
      one(file("model_executor/model_loader/__init__.py"), /^LoadFormats = Literal\[(.*?)^\]/ms, "loader"),
    ),
    kvCacheDtypes: strings(one(file("config/cache.py"), /^CacheDType = Literal\[(.*?)^\]/ms, "cache.py")),
    flags: flags(
      file("engine/arg_utils.py"),
      file("entrypoints/launchers/cli_args.py", "entrypoints/openai/cli_args.py"),
    ),
    metrics: sorted(
      [...file("v1/metrics/loggers.py").matchAll(/["'](vllm:[a-z0-9_]+)["']/g)].map(([, name]) => name!),
    ),
    environment: sorted([...environment.matchAll(/^ {4}"([A-Z][A-Z0-9_]+)":/gm)].map(([, name]) => name!)),
  };
}

/** Flags of `vllm serve`: those that the engine adds by name, and one for each field of the front end's classes. */
function flags(engine: string, frontend: string): string[] {
  const named = (text: string) =>
    [...text.matchAll(/\.add_argument\(\s*((?:"-[^"]*",?\s*)+)/g)].flatMap(([, list]) =>
      strings(list!).filter((name) => name.startsWith("--")),
    );
  // A class body ends where the next line without indentation starts.
  const fields = [...frontend.matchAll(/^class \w*FrontendArgs\b.*:\n((?:[ \t].*\n|\n)+)/gm)].flatMap(
    ([, body]) =>
      [...body!.matchAll(/^ {4}([a-z]\w*): [^\n]*/gm)].map(([, name]) => `--${name!.replaceAll("_", "-")}`),
  );
  if (fields.length < 20) throw new Error("cli_args.py: the fields of FrontendArgs are not found");
  return sorted([...named(engine), ...named(frontend), ...fields]);
}

function batchDefaults(engine: string): BatchDefaults[] {
  const body = one(engine, /def get_batch_defaults\((.*?)# tpu specific/s, "arg_utils.py");
  const branch =
    /(?:(?:if|elif) device_memory >= (\d+) \* GiB_bytes(?: and "(\w+)" not in device_name)?|else):\s*\n(?:\s*#[^\n]*\n)*\s*default_max_num_batched_tokens = \{\s*UsageContext\.LLM_CLASS: (\d+),\s*UsageContext\.OPENAI_API_SERVER: (\d+),\s*\}\s*default_max_num_seqs = \{\s*UsageContext\.LLM_CLASS: (\d+),\s*UsageContext\.OPENAI_API_SERVER: (\d+),/g;
  const rows = [...body.matchAll(branch)].map((match) => ({
    memoryGib: Number(match[1] ?? 0),
    notNamed: match[2] ?? null,
    maxNumBatchedTokens: { llmClass: Number(match[3]), apiServer: Number(match[4]) },
    maxNumSeqs: { llmClass: Number(match[5]), apiServer: Number(match[6]) },
  }));
  if (rows.at(-1)?.memoryGib !== 0) throw new Error("arg_utils.py: get_batch_defaults has another form");
  return rows;
}

/** The first `get_min_capability` of each file; a method that the release lacks is left out. */
function capabilities(read: ReadSource): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [method, path] of Object.entries(CAPABILITY_FILES)) {
    const text = read(path);
    const value =
      text && /def get_min_capability\([^)]*\)[^:]*:[^\n]*\n(?:\s*#[^\n]*\n)*\s*return (\d+)/.exec(text)?.[1];
    if (value) found[method] = Number(value);
  }
  // Two classes of one file: each `get_min_capability` belongs to the class above it.
  for (const part of (read(`${QUANTIZATION}/modelopt.py`) ?? "").split(/^class /m)) {
    const name = /^ModelOpt(Fp8|NvFp4)Config\b/.exec(part)?.[1];
    const value = /def get_min_capability\([^)]*\)[^:]*:\s*return (\d+)/.exec(part)?.[1];
    if (name && value) found[`modelopt_${name.toLowerCase()}`] = Number(value);
  }
  return found;
}

function one(text: string, pattern: RegExp, where: string): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`${where}: ${pattern.source} is not found`);
  return found;
}

/** String literals of a Python list, without those in comments. */
function strings(list: string): string[] {
  return [...list.replace(/#[^\n]*/g, "").matchAll(/"([^"]*)"/g)].map(([, text]) => text!);
}

function sorted(names: string[]): string[] {
  return [...new Set(names)].sort();
}
