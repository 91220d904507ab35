import { describe, expect, it } from "vitest";
import * as catalog from "../../catalog/index.ts";
import { parseStack } from "../../config/index.ts";
import { fitReplica } from "../../plan/fit/index.ts";
import { type ModelPlan, planStack } from "../../plan/index.ts";
import { shipped } from "../config/stack.ts";

function planned(name: string, ...overrides: string[]) {
  const set = overrides.map((text) => `freehold:models[0].${text}`);
  const read = parseStack(shipped(name), "s.yaml", set);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const plan = planStack(read.spec, { stack: name });
  return { spec: read.spec, plan, model: plan.models[0]!, objects: plan.kubernetes?.models[0] };
}
const concurrencyOf = (model: ModelPlan) => model.decisions["concurrency"]!.value as number;
const args = (model: ModelPlan) => model.engineArgs.join(" ");

/** What the fit says of the planned machine at a concurrency. */
function fitOf(model: ModelPlan, concurrency: number, maxNumSeqs?: number) {
  return fitReplica({
    shape: catalog.model(model.model)!,
    gpu: catalog.gpu(model.gpu)!,
    gpusPerNode: model.gpusPerNode,
    tensorParallel: model.tensorParallel,
    engine: catalog.engine()!,
    maxModelLen: model.contextTokens,
    maxNumSeqs,
    load: {
      inputTokens: model.load!.inputTokens,
      outputTokens: model.load!.outputTokens,
      concurrency,
    },
  });
}

describe("the speed that a plan reckons with", () => {
  it("is that of as many requests at once as the cache holds, where no latency is asked for", () => {
    const { model } = planned("dev");
    const users = fitOf(model, 1).usersAtLoad!;
    expect(concurrencyOf(model)).toBeLessThanOrEqual(users.requestsAtOnce.expected);
    const there = fitOf(model, concurrencyOf(model)).throughput!;
    expect(model.outputTokensPerSecond).toEqual(there.outputTokensPerSecond);
    const all = fitOf(model, users.requestsAtOnce.expected).throughput!;
    expect(there.outputTokensPerSecond.expected).toBeGreaterThan(0.95 * all.outputTokensPerSecond.expected);
    expect(args(model)).not.toContain("--max-num-seqs");
  });

  it("is that of fewer where a latency is, and the engine is held there", () => {
    const free = planned("dev").model;
    const { model } = planned("dev", `instance=${free.instance}`, "load.maxItlMs=80");
    const held = concurrencyOf(model);
    expect(held).toBeLessThan(concurrencyOf(free));
    expect(args(model)).toContain(`--max-num-seqs=${held} `);
    expect(model.decisions["engineArgs"]!.why).toContain(`--max-num-seqs=${held}`);
    expect(model.decisions["concurrency"]!.why).toContain("80 ms of the load");
    expect(fitOf(model, held).throughput!.interTokenLatencyMs.expected).toBeLessThanOrEqual(80);
    expect(model.outputTokensPerSecond!.expected).toBeLessThan(free.outputTokensPerSecond!.expected);
  });

  it("takes more GPUs a replica, or another machine, where the fewest that fit are too slow", () => {
    const { model } = planned("onprem");
    expect(model.tensorParallel).toBe(1);
    const alone = fitOf(model, 1).throughput!.interTokenLatencyMs.expected;
    const faster = planned("onprem", `load.maxItlMs=${(alone * 0.9).toFixed(1)}`, "replicas.max=2").model;
    expect(faster.tensorParallel).toBeGreaterThan(1);
  });

  it("is a refusal with the fastest that was tried where nothing keeps the latency", () => {
    const { plan } = planned("onprem", "load.maxItlMs=0.5");
    expect(plan.verdict).toBe("does-not-fit");
    const [refusal] = plan.refusals;
    expect(refusal).toMatchObject({ code: "too-slow", need: 0.5, unit: "ms" });
    expect(refusal!.nearest).toBe(`load.maxItlMs: ${Math.ceil(refusal!.have!)}`);
  });
});

describe("the scaler's threshold", () => {
  it("is what the queue may hold until a first token is late, at the low end of the band", () => {
    for (const [name, limit] of [
      ["dev", undefined],
      ["us-hipaa", undefined],
      ["us-hipaa", 20_000],
    ] as const) {
      const { model, objects } = planned(name, ...(limit ? [`load.maxTtftMs=${limit}`] : []));
      const speed = fitOf(model, concurrencyOf(model)).throughput!;
      const seconds = ((limit ?? 10_000) - speed.timeToFirstTokenMs.expected) / 1000;
      const waiting = Math.max(1, Math.floor(speed.requestsPerSecond.low * seconds));
      expect(model.targetWaitingRequests).toBe(waiting);
      expect(model.decisions["targetWaitingRequests"]!.why).toContain(speed.requestsPerSecond.low.toFixed(2));
      // A single replica has no queue to watch.
      if (model.replicas.max > 1)
        expect(JSON.stringify(objects!.scaledObject)).toContain(`"threshold":"${waiting}"`);
    }
  });

  it("is the user's own where one is given, and the alert waits for the limit of the load", () => {
    const { model, plan } = planned("us-hipaa", "targetWaitingRequests=3", "load.maxTtftMs=20000");
    expect(model.targetWaitingRequests).toBe(3);
    expect(model.decisions["targetWaitingRequests"]!.from).toBe("user");
    expect(JSON.stringify(plan.kubernetes!.prometheusRule)).toMatch(/\[5m\]\)\)\) > 20"/);
  });
});

describe("what the plan says of its numbers", () => {
  it("the busy hour against replicas, expected and at the low end", () => {
    const { model } = planned("eu-gdpr");
    const { expected, low } = model.outputTokensPerSecond!;
    const perSecond = (4000 * 300) / 3600;
    expect(model.decisions["replicas"]!.why).toContain(
      `need ${Math.ceil(perSecond / expected)} at ${expected.toFixed(0)} tokens/s a replica, ${Math.ceil(perSecond / low)} at the low end`,
    );
  });

  it("the probe's window is the decision's, and longer for more weights from a slower place", () => {
    const windowOf = (name: string) => {
      const { model, objects } = planned(name);
      const probe = /"startupProbe":\{.*?"failureThreshold":(\d+)/.exec(JSON.stringify(objects))!;
      expect(Number(probe[1]) * 10).toBe(model.decisions["startupProbe"]!.value);
      return Number(probe[1]);
    };
    expect(windowOf("onprem")).toBeGreaterThan(windowOf("eu-gdpr"));
    expect(windowOf("eu-gdpr")).toBeGreaterThan(windowOf("dev"));
  });
});
