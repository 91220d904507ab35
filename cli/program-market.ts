import type { Command } from "commander";
import { collect, documented, printing, requiring } from "./command-line.ts";
import type { CompareFlags } from "./commands/compare.ts";
import type { OffersFlags } from "./commands/offers.ts";
import type { Io } from "./io.ts";

type Run = (code: number | Promise<number>) => void;

/** Flags of where and in what format a model may be rented. */
function onMarket(command: Command): Command {
  return command
    .option(
      "--regions <regions>",
      "where it may be: eea, eu-adequate, us, eusc or region names (default: anywhere)",
    )
    .option("--profile <names>", "gdpr, hipaa or both: judge each region by it")
    .option("--quantization <name>", "bf16, awq, gptq, fp8, mxfp4, … (default: what the repository is)");
}

/** `offers` and `compare`. */
export function marketCommands(root: Command, io: Io, run: Run): void {
  const offers = root.command("offers <model>");
  requiring(offers, "--context <tokens>", "context", "longest request");
  requiring(offers, "--input-tokens <n>", "inputTokens", "mean prompt");
  requiring(offers, "--output-tokens <n>", "outputTokens", "mean answer");
  documented(
    printing(
      onMarket(
        offers
          .option("--requests-per-month <n>", "requests of a month; this or --concurrency")
          .option("--concurrency <n>", "requests at once, all month")
          .option(
            "--peak-to-mean <x>",
            "rate of the busiest hour over the mean, with --requests-per-month (default: 1)",
          )
          .option("--max-ttft-ms <ms>", "target for the expected time to first token")
          .option("--max-itl-ms <ms>", "target for the expected time between tokens"),
      ),
      ["text", "json", "markdown"],
    ),
    "every instance size, region and kind of capacity that serves a load, by price",
    ["freehold offers Qwen/Qwen3-8B --context 8192 --input-tokens 700 --output-tokens 99 --concurrency 9"],
  ).action((model: string, flags: OffersFlags) =>
    run(import("./commands/offers.ts").then((m) => m.offers(model, flags, io))),
  );
  const compare = root.command("compare");
  requiring(compare, "--requests-per-month <n>", "requestsPerMonth", "requests of a month");
  requiring(compare, "--input-tokens <n>", "inputTokens", "mean prompt");
  requiring(compare, "--output-tokens <n>", "outputTokens", "mean answer");
  documented(
    printing(
      onMarket(
        compare
          .option(
            "--api <model>",
            "hosted API to compare with, e.g. gpt-4.1 or groq/openai/gpt-oss-120b (repeatable; default: all)",
            collect,
          )
          .option("--model <hfid>", "open weights to serve (default: openai/gpt-oss-120b)")
          .option(
            "--context <tokens>",
            "longest request (default: 8192, or the mean one where that is longer)",
          )
          .option("--regulated-share <share>", "share of the requests that must stay at home, 0 to 1")
          .option("--cached-share <share>", "share of the input that a provider has cached, 0 to 1")
          .option("--batch-share <share>", "share of the requests that may wait a day, 0 to 1")
          .option("--peak-to-mean <x>", "rate of the busiest hour over the mean (default: 1)")
          .option("--engineers <n>", "engineers that self-hosting takes beside those there are (default: 1)")
          .option("--deadline-days <n>", "working days until it has to run")
          .option("--min-intelligence <n>", "lowest index that will do (default: that of the model)")
          .option(
            "--owned-usd <usd>",
            "price of a machine to buy (default: the Mac of a buying guide, for its model)",
          )
          .option("--owned-tokens-per-second <n>", "answer tokens a second of that machine")
          .option("--owned-watts <n>", "its draw under load")
          .option("--usd-per-kwh <usd>", "price of electricity"),
      ),
      ["text", "json", "markdown"],
    ),
    "hosted API, rented GPUs, owned machine or a mix: a month of the same requests",
    [
      "freehold compare --requests-per-month 500000 --input-tokens 625 --output-tokens 1250 --api gpt-4.1",
      "freehold compare --requests-per-month 9000 --input-tokens 900 --output-tokens 90 -o markdown",
    ],
  ).action((flags: CompareFlags) => run(import("./commands/compare.ts").then((m) => m.compare(flags, io))));
}
