import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { useOwnPrices } from "../../catalog/index.ts";
import { document, folder, ROOT, run } from "./project.ts";

const LIST = join(ROOT, "test/fixtures/price-list.json");
afterEach(() => {
  delete process.env["FREEHOLD_PRICES"];
  useOwnPrices([]);
});

describe("freehold prices refresh", () => {
  it("writes a table that the commands of that folder read", async () => {
    const dir = folder();
    const { code, json } = await document(["prices", "refresh", "--file", LIST], dir);
    expect(code).toBe(0);
    expect(json).toMatchObject({ asOf: "2026-09-28", regions: ["eu-central-1"], instances: 2, reserved: 4 });
    expect(readdirSync(dir)).toEqual(["freehold-prices.json"]);
    const asked = ["price", "g6e.xlarge", "--region", "eu-central-1"];
    expect((await document(asked, dir)).json).toMatchObject({
      onDemandUsdPerHour: "2.4",
      asOf: "2026-09-28",
    });
    // Elsewhere the bundled price holds, unless the variable names the table.
    const bundled = (await document(asked)).json;
    expect(bundled.onDemandUsdPerHour).not.toBe("2.4");
    process.env["FREEHOLD_PRICES"] = join(dir, "freehold-prices.json");
    expect((await document(asked)).json.onDemandUsdPerHour).toBe("2.4");
  });

  it("leaves the table as it was when the list cannot be read", async () => {
    const dir = folder();
    await run(["prices", "refresh", "--file", LIST], dir);
    writeFileSync(join(dir, "cut.json"), '{ "offerCode": "AmazonEC2", "products": {');
    const { code, json } = await document(["prices", "refresh", "--file", "cut.json"], dir);
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([{ code: "price-list", file: "cut.json", line: 1 }]);
    const asked = ["price", "g6e.xlarge", "--region", "eu-central-1"];
    expect((await document(asked, dir)).json.onDemandUsdPerHour).toBe("2.4");
  });

  it("refuses what is not there", async () => {
    const { code, json } = await document(["prices", "refresh", "--file", "none.json"]);
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([{ message: "there is no file none.json", path: "--file" }]);
    process.env["FREEHOLD_PRICES"] = "none.json";
    expect((await run(["price", "g6e.xlarge", "--region", "us-east-1"])).code).toBe(2);
  });

  it("says which row of a damaged table is wrong", async () => {
    const dir = folder();
    const rows = [{ instance: "g6e.xlarge", region: "eu-central-1", onDemandUsdPerHour: "0", reserved: [] }];
    writeFileSync(join(dir, "freehold-prices.json"), JSON.stringify({ schema: "freehold.prices/v1", rows }));
    const { code, json } = await document(["price", "g6e.xlarge", "--region", "eu-central-1"], dir);
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([
      { message: expect.stringMatching(/row 0: source/), fix: expect.stringMatching(/refresh/) },
    ]);
  });
});
