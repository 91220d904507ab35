import { Command, type CommanderError } from "commander";
import { FREEHOLD_VERSION } from "../catalog/version.ts";
import { checkOptions, collect, documented, onStack, printing, requiring } from "./command-line.ts";
import type { Io } from "./io.ts";
import { marketCommands } from "./program-market.ts";

/** Exit codes in their order of precedence, with what each says. */
export const EXIT_TABLE: readonly (readonly [code: number, meaning: string])[] = [
  [0, "done and clean"],
  [1, "unexpected error"],
  [2, "wrong usage, unreadable or invalid input"],
  [11, "does not fit"],
  [5, "a mandatory control failed, or is unknown where that is an error"],
  [10, "over budget"],
];

/** Options as commander hands them over; each command states their type. */
// biome-ignore lint/suspicious/noExplicitAny: commander types its options so
type Flags = any;
type Run = (code: number | Promise<number>) => void;

/** What commander found wrong, with the command at which it did. */
export type Misuse = CommanderError & { command?: Command };

/** The root and every command under it, in the order of the help. */
export function everyCommand(root: Command): Command[] {
  return [root, ...root.commands.flatMap(everyCommand)];
}

/**
 * The command tree. Commands are loaded when they run, so that `--help` and `price` read next to nothing.
 *
 * @param run takes the exit code of the command that ran
 */
export function program(io: Io, run: Run): Command {
  const root = new Command("freehold").version(FREEHOLD_VERSION, "-V, --version", "print the version");
  documented(
    root,
    "Own your LLM serving: fit, price, policy and resources of a stack, before anything exists.",
    [
      "freehold preview -s dev",
      "freehold fit Qwen/Qwen3-8B-AWQ --instance g6.xlarge --context 16384",
      "freehold check --graph export.json --profile gdpr --allowed-regions eea",
    ],
  ).addHelpText(
    "after",
    `\nExit codes (the first that applies, in the order 1, 2, 11, 5, 10):\n${EXIT_TABLE.map(([code, meaning]) => `  ${String(code).padEnd(3)} ${meaning}`).join("\n")}`,
  );
  stackCommands(root, io, run);
  fitCommand(root, io, run);
  costCommand(root, io, run);
  marketCommands(root, io, run);
  catalogCommands(root, io, run);
  checkCommand(root, io, run);
  projectCommands(root, io, run);
  for (const command of everyCommand(root)) {
    command.configureOutput({ writeOut: io.out, writeErr: () => undefined }).exitOverride((misuse) => {
      throw Object.assign(misuse, { command });
    });
  }
  return root.hook("preAction", async (_, command) => {
    checkOptions(command, io);
    // Commands that read no prices do not load the catalogue for them.
    if (command.name() === "refresh" || command.name() === "completion") return;
    const { loadOwnPrices } = await import("./own-prices.ts");
    loadOwnPrices((command.optsWithGlobals() as { stackDir?: string }).stackDir, io);
  });
}

function stackCommands(root: Command, io: Io, run: Run): void {
  documented(
    printing(onStack(root.command("preview")), ["text", "json", "markdown", "html"]),
    "does it fit, what does it cost, is it allowed, what will be built",
    ["freehold preview -s dev", "freehold preview -s eu-gdpr -o markdown --out preview.md"],
  ).action((flags: Flags) => run(import("./commands/preview.ts").then((m) => m.preview(flags, io))));
  documented(
    printing(onStack(root.command("plan")), ["text", "json"]),
    "every decision of a stack, with why and what was passed over",
    ["freehold plan -s us-hipaa -o json"],
  ).action((flags: Flags) => run(import("./commands/plan.ts").then((m) => m.plan(flags, io))));
  documented(
    printing(onStack(root.command("graph")), ["json"]),
    "the resources, in the shape of `pulumi stack export`",
    ["freehold graph -s dev --out graph.json"],
  ).action((flags: Flags) => run(import("./commands/graph.ts").then((m) => m.graph(flags, io))));
  documented(
    printing(onStack(root.command("images")), ["text", "json"]),
    "every image and chart of a stack, with digest and source",
    ["freehold images -s dev"],
  ).action((flags: Flags) => run(import("./commands/images.ts").then((m) => m.images(flags, io))));
}

function fitCommand(root: Command, io: Io, run: Run): void {
  documented(
    printing(root.command("fit [model]"), ["text", "json"])
      .option("--instance <type>", "EC2 instance type")
      .option("--gpu <name>", "GPU, e.g. L40S-48G")
      .option("--gpus <n>", "number of GPUs of the node")
      .option("--quantization <name>", "bf16, awq, gptq, fp8, mxfp4, … (default: what the repository is)")
      .option("--tp <n>", "tensor parallel size")
      .option("--pp <n>", "pipeline parallel size")
      .option("--ep <n>", "expert parallel")
      .option("--dp <n>", "data parallel size")
      .option("--context <tokens>", "longest request")
      .option("--kv-dtype <dtype>", "auto or fp8")
      .option("--gpu-memory-utilization <share>", "share of GPU memory the engine may take")
      .option("--max-num-seqs <n>", "sequences decoded at once")
      .option("--max-num-batched-tokens <n>", "tokens of a batch")
      .option("--enforce-eager", "no CUDA graphs")
      .option("--engine-version <version>", "vLLM version")
      .option(
        "--explain",
        "text: formula, numbers and source of every term, and what single changes would do",
      )
      .option("--input-tokens <n>", "mean prompt, for throughput")
      .option("--output-tokens <n>", "mean answer, for throughput")
      .option("--concurrency <n>", "requests at once, for throughput")
      .option("--requests-per-hour <n>", "target load: compares layouts and replicas that carry it")
      .option("--requests-per-second <n>", "the same, a second")
      .option("--max-ttft-ms <ms>", "of the target load: longest mean time to the first token")
      .option("--max-itl-ms <ms>", "of the target load: longest mean time between tokens")
      .option(
        "--batch <file>",
        "CSV with `model` and these flags as columns; flags given beside it fill empty cells",
      ),
    "does a model fit a GPU, with how much room, and how fast",
    [
      "freehold fit openai/gpt-oss-120b",
      "freehold fit Qwen/Qwen3-8B-AWQ --gpu L4-24G --context 16384",
      "freehold fit Qwen/Qwen3-32B-FP8 --instance g6e.12xlarge --requests-per-hour 9000 --max-itl-ms 60",
      "freehold fit --batch candidates.csv -o json",
    ],
  ).action((model: string | undefined, flags: Flags) =>
    run(import("./commands/fit.ts").then((m) => m.fit(model, flags, io))),
  );
}

function costCommand(root: Command, io: Io, run: Run): void {
  const cost = documented(
    printing(onStack(root.command("cost"), false), ["text", "json", "markdown", "html", "csv"])
      .option("--graph <file>", "stack export or preview --json of any Pulumi program")
      .option("--region <region>", "region of the graph's resources that name none")
      .option("--usage <file>", "what resources use in a month, in place of the assumptions")
      .option("--currency <code>", "USD: bills are in no other currency"),
    "the bill of a month",
    [
      "freehold cost -s eu-gdpr",
      "freehold cost -s eu-gdpr -o html --out bill.html",
      "freehold cost --graph export.json --region eu-west-1",
      "freehold cost --graph export.json --usage usage.yaml",
      "freehold cost diff dev eu-gdpr",
    ],
  ).action((flags: Flags) => run(import("./commands/cost.ts").then((m) => m.cost(flags, io))));
  // Output, project, overrides and date are options of `cost`, which commander accepts here too; they are repeated
  // for the help.
  documented(
    printing(cost.command("diff <old> <new>"), ["text", "json"])
      .option("--stack-dir <dir>", "folder of the Pulumi project (default: here)")
      .option("--config <key=value>", "override of both stacks (repeatable)", collect)
      .option("--date <YYYY-MM-DD>", "day the bills are written at (default: today)"),
    "two bills (JSON files), stacks, or stacks of a git revision (REV:STACK), line by line",
    [
      "freehold cost diff dev eu-gdpr",
      "freehold cost diff main:dev dev",
      "freehold cost diff old.json new.json -o json",
    ],
  ).action((old: string, next: string, _: Flags, command: Command) =>
    run(import("./commands/cost-diff.ts").then((m) => m.costDiff(old, next, command.optsWithGlobals(), io))),
  );
}

function catalogCommands(root: Command, io: Io, run: Run): void {
  documented(
    printing(requiring(root.command("price <instance>"), "--region <region>", "region", "AWS region"), [
      "text",
      "json",
    ]),
    "the on-demand price of an instance type",
    ["freehold price g6e.xlarge --region eu-central-1"],
  ).action((instance: string, flags: Flags) =>
    run(import("./commands/price.ts").then((m) => m.price(instance, flags, io))),
  );
  const prices = documented(root.command("prices"), "your own prices, which go before the bundled ones", [
    "freehold prices refresh --file index.json",
  ]);
  documented(
    printing(
      requiring(
        prices.command("refresh"),
        "--file <file>",
        "file",
        "offer file of AmazonEC2 as AWS publishes it (JSON)",
      ).option("--table <file>", "table to write (default: freehold-prices.json, here)"),
      ["text", "json"],
    ),
    "take the instance prices of an AWS price list into a table that every command reads",
    [
      "freehold prices refresh --file index.json",
      "freehold prices refresh --file index.json --table ours.json",
    ],
  ).action((flags: Flags) => run(import("./commands/prices.ts").then((m) => m.refresh(flags, io))));
}

function checkCommand(root: Command, io: Io, run: Run): void {
  documented(
    printing(onStack(root.command("check"), false), ["text", "json", "sarif", "junit", "markdown"])
      .option("--graph <file>", "stack export, preview --json or freehold.resources/v1 (repeatable)", collect)
      .option("--profile <names>", "gdpr, hipaa or both (default: the stack's own)")
      .option("--controls <ids>", "just these controls, e.g. S3-01,RES-02")
      .option("--allowed-regions <regions>", "eea, eu-adequate, us, eusc or region names")
      .option("--policy-config <file>", "JSON file with the parameters of the rules"),
    "the policy rules over a stack, or over any Pulumi graph",
    [
      "freehold check -s eu-gdpr -o sarif --out findings.sarif",
      "freehold check --graph export.json --profile hipaa --allowed-regions us",
    ],
  ).action((flags: Flags) => run(import("./commands/check.ts").then((m) => m.check(flags, io))));
  documented(
    printing(root.command("explain <control>"), ["text", "json"]),
    "what a control asks for, why, and by which article",
    ["freehold explain S3-03"],
  ).action((control: string, flags: Flags) =>
    run(import("./commands/explain.ts").then((m) => m.explain(control, flags, io))),
  );
}

function projectCommands(root: Command, io: Io, run: Run): void {
  documented(
    root.command("init").option("--dir <dir>", "folder of the new project (default: here)"),
    "write a project: package.json, Pulumi.yaml, index.ts and a stack; never overwrites",
    ["freehold init --dir my-llm"],
  ).action((flags: Flags) => run(import("./commands/init.ts").then((m) => m.init(flags, io))));
  documented(
    printing(root.command("schema <kind>"), ["json"]),
    "a JSON Schema: stack (for editors), or one of the documents",
    ["freehold schema stack"],
  ).action((kind: string, flags: Flags) =>
    run(import("./commands/schema.ts").then((m) => m.schema(kind, flags, io))),
  );
  documented(
    printing(onStack(root.command("doctor"), false), ["text", "json"]),
    "tests what `pulumi up` will need on this machine; exits 1 when a test fails",
    ["freehold doctor -s dev"],
  ).action((flags: Flags) => run(import("./commands/doctor.ts").then((m) => m.doctor(flags, io))));
  documented(root.command("completion <shell>"), "completion script for bash, zsh or fish", [
    "freehold completion bash > ~/.local/share/bash-completion/completions/freehold",
  ]).action((shell: string) =>
    run(import("./commands/completion.ts").then((m) => m.completion(shell, root, io))),
  );
}
