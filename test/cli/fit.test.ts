import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { document, folder, run } from "./project.ts";

async function batch(csv: string | Buffer, ...flags: string[]) {
  const cwd = folder();
  writeFileSync(join(cwd, "rows.csv"), csv);
  return document(["fit", "--batch", "rows.csv", ...flags], cwd);
}
interface Row {
  model: string;
  verdict: string;
  gpu: string | null;
  maxModelLen: number | null;
  reasons: { code: string; message: string }[];
}
const brief = (rows: Row[]) => rows.map((row) => [row.model, row.verdict, row.reasons[0]?.code ?? null]);
const GOOD = "Qwen/Qwen3-8B-AWQ,L4-24G,8192";

describe("fit --batch", () => {
  it("keeps the order, and a row that cannot be judged is unknown with its reasons", async () => {
    const { code, json } = await batch(
      `model,gpu,context\n${GOOD}\nnobody/nothing,L4-24G,8192\nopenai/gpt-oss-120b,L4-24G,8192\n${GOOD.replace("8192", "many")}\n${GOOD}\n`,
    );
    expect(code).toBe(0);
    expect(json.schema).toBe("freehold.fits/v1");
    expect(json.rows.map((row: Row) => [row.model, row.verdict])).toEqual([
      ["Qwen/Qwen3-8B-AWQ", "fits"],
      ["nobody/nothing", "unknown"],
      ["openai/gpt-oss-120b", "no"],
      ["Qwen/Qwen3-8B-AWQ", "unknown"],
      ["Qwen/Qwen3-8B-AWQ", "fits"],
    ]);
    for (const row of json.rows as Row[])
      if (row.verdict === "unknown")
        expect(row.reasons[0]).toMatchObject({ message: expect.stringMatching(/\S/) });
  });

  it.each([
    ["a byte-order mark", `\uFEFFmodel,gpu,context\n${GOOD}\n`],
    ["CRLF", `model,gpu,context\r\n${GOOD}\r\n`],
    ["quotes", `"model","gpu","context"\n"Qwen/Qwen3-8B-AWQ","L4-24G","8192"\n`],
    ["blanks around cells", ` model , gpu , context \n Qwen/Qwen3-8B-AWQ , L4-24G , 8192 \n`],
    ["no final newline", `model,gpu,context\n${GOOD}`],
    ["blank lines", `\nmodel,gpu,context\n\n${GOOD}\n\n`],
    [
      "columns of another order, and foreign ones",
      `note,context,gpu,model\n"a, b",8192,L4-24G,Qwen/Qwen3-8B-AWQ\n`,
    ],
    ["empty cells", `model,gpu,instance,tp,context\nQwen/Qwen3-8B-AWQ,L4-24G,,,8192\n`],
    ["a column of the measured tables", `model,gpu,max_model_len\n${GOOD}\n`],
  ])("reads %s", async (_, csv) => {
    const { code, json } = await batch(csv);
    expect(code).toBe(0);
    expect(json.rows).toMatchObject([
      { model: "Qwen/Qwen3-8B-AWQ", verdict: "fits", gpu: "L4-24G", maxModelLen: 8192 },
    ]);
  });

  it.each([
    ["no column model", `gpu,context\nL4-24G,8192\n`, [["", "unknown", "model-missing"]]],
    [
      "a cell too many",
      `model,gpu,context\n${GOOD},L4-24G\n${GOOD}\n`,
      [
        ["Qwen/Qwen3-8B-AWQ", "unknown", "row-too-long"],
        ["Qwen/Qwen3-8B-AWQ", "fits", null],
      ],
    ],
    ["empty cells too many", `model,gpu,context\n${GOOD},,\n`, [["Qwen/Qwen3-8B-AWQ", "fits", null]]],
    [
      "a quote that nobody closes",
      `model,gpu,context\n${GOOD}\n"nobody,L4-24G,1\n${GOOD}\n`,
      [
        ["Qwen/Qwen3-8B-AWQ", "fits", null],
        ['"nobody', "unknown", "model-unknown"],
        ["Qwen/Qwen3-8B-AWQ", "fits", null],
      ],
    ],
    [
      "a folder that is no model",
      `model,gpu\n./nowhere,L4-24G\n${GOOD.replace(",8192", "")}\n`,
      [
        ["./nowhere", "unknown", "model-shape-unknown"],
        ["Qwen/Qwen3-8B-AWQ", "fits", null],
      ],
    ],
    ["no machine", `model\nQwen/Qwen3-8B-AWQ\n`, [["Qwen/Qwen3-8B-AWQ", "unknown", "machine-missing"]]],
    ["only a header", `model,gpu\n`, []],
    [
      "prototype names",
      `__proto__,model,gpu,constructor\nx,toString,L4-24G,y\n`,
      [["toString", "unknown", "model-unknown"]],
    ],
  ])("goes on over %s", async (_, csv, rows) => {
    const result = await batch(csv);
    expect(result.code).toBe(0);
    expect(brief(result.json.rows)).toEqual(rows);
  });

  it("lets flags beside it stand for every row that leaves the cell empty", async () => {
    const { json } = await batch(
      `model,gpu,context\nQwen/Qwen3-8B-AWQ,L4-24G,\n${GOOD}\n`,
      "--context",
      "4096",
    );
    expect(json.rows.map((row: Row) => row.maxModelLen)).toEqual([4096, 8192]);
  });

  it.each([
    ["gone.csv", [], "cannot-read"],
    [".", [], "cannot-read"],
    ["empty.csv", [], "no-header"],
    ["empty.csv", ["Qwen/Qwen3-8B-AWQ"], "model-twice"],
    ["empty.csv", ["--context", "many"], "flag-value"],
  ])("%s with %j is 2", async (file, more, code) => {
    const cwd = folder();
    writeFileSync(join(cwd, "empty.csv"), "");
    const result = await document(["fit", "--batch", file, ...more], cwd);
    expect(result.code).toBe(2);
    expect(result.json.errors).toMatchObject([{ code }]);
  });

  it("prints rows for people too", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, "rows.csv"), `model,gpu,context\n${GOOD}\nnobody/nothing,L4-24G,1\n`);
    const { code, out } = await run(["fit", "--batch", "rows.csv"], cwd);
    expect(code).toBe(0);
    expect(out).toMatch(/^FITS {2}Qwen\/Qwen3-8B-AWQ/);
    expect(out).toMatch(/^UNKNOWN {2}nobody\/nothing/m);
    expect(out).not.toMatch(/undefined|null|NaN/);
  });
});

describe("fit MODEL", () => {
  it.each([
    [["nobody/nothing"], "model-unknown", "MODEL", "give a folder that holds config.json"],
    [
      ["Qwen/Qwen3-8B-AWG"],
      "model-unknown",
      "MODEL",
      "did you mean Qwen/Qwen3-8B-AWQ? Or give a folder that holds config.json",
    ],
    [["Qwen/Qwen3-8B-AWQ", "--gpu", "L4-24"], "gpu-unknown", "--gpu", "did you mean L4-24G?"],
    [
      ["Qwen/Qwen3-8B-AWQ", "--instance", "g6.xlrge"],
      "instance-unknown",
      "--instance",
      "did you mean g6.xlarge?",
    ],
    [
      ["Qwen/Qwen3-8B-AWQ", "--gpu", "L4-24G", "--engine-version", "newest"],
      "engine-unknown",
      "--engine-version",
      null,
    ],
    [["Qwen/Qwen3-8B-AWQ", "--gpu", "L4-24G", "--tp", "0"], "flag-value", "--tp", null],
    [["./nowhere"], "model-folder", "MODEL", "give a folder that holds config.json"],
    [["empty"], "model-folder", "MODEL", "give a folder that holds config.json"],
    [["broken"], "model-folder", "MODEL", "give a folder that holds config.json"],
  ])("%j is %s", async (flags, code, path, fix) => {
    const cwd = folder();
    mkdirSync(join(cwd, "empty"));
    mkdirSync(join(cwd, "broken"));
    writeFileSync(join(cwd, "broken/config.json"), '{"hidden_size": ');
    const result = await document(["fit", ...flags], cwd);
    expect(result.code).toBe(2);
    expect(result.json.errors).toMatchObject([fix === null ? { code, path } : { code, path, fix }]);
  });

  it("alone proposes three machines", async () => {
    const { code, json } = await document(["fit", "Qwen/Qwen3-8B-AWQ"]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ schema: "freehold.fits/v1", rows: [{ verdict: "fits" }, {}, {}] });
    for (const row of json.rows) expect(row.instance).toMatch(/^[a-z0-9-]+\.[a-z0-9]+$/);
  });
});
