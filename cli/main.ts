import { Command, Option } from "commander";
import { reportFailure } from "./failure.ts";
import { EXIT, type Io } from "./io.ts";

const EXIT_TABLE = `
Exit codes (the first that applies, in this order):
  0   done and clean
  1   unexpected error
  2   wrong usage, unreadable or invalid input
  11  does not fit
  5   a mandatory control failed
  10  over budget`;

/** Options as commander hands them over; each command states their type. */
// biome-ignore lint/suspicious/noExplicitAny: commander types its options so
type Flags = any;
const collect = (value: string, list: string[] | undefined) => [...(list ?? []), value];

/** Flags of every command that reads a stack. */
function onStack(command: Command, required = true): Command {
  const name = new Option("-s, --stack <name>", "stack, i.e. stacks/Pulumi.<name>.yaml");
  return command
    .addOption(required ? name.makeOptionMandatory() : name)
    .option("--stack-dir <dir>", "folder of the Pulumi project (default: here)")
    .option("--config <key=value>", "override, e.g. freehold:models[0].context=8192 (repeatable)", collect)
    .option("--date <YYYY-MM-DD>", "day the run is judged at (default: today)");
}

function printing(command: Command, formats: string): Command {
  return command
    .option("-o, --output <format>", `${formats} (default: text)`)
    .option("--out <file>", "write to a file instead");
}

/**
 * The command tree. Commands are loaded when they run, so that `--help` and `price` read next to nothing.
 *
 * @param run takes the exit code of the command that ran
 */
export function program(io: Io, run: (code: number | Promise<number>) => void): Command {
  const root = new Command("freehold")
    .description("Own your LLM serving: fit, price, policy and resources of a stack, before anything exists.")
    .addHelpText(
      "after",
      `${EXIT_TABLE}\n\nExamples:\n  freehold preview -s dev\n  freehold fit Qwen/Qwen3-8B-AWQ --instance g6.xlarge --context 16384\n  freehold check --graph export.json --profile gdpr --allowed-regions eea`,
    );

  printing(onStack(root.command("preview")), "text, json or markdown")
    .description("does it fit, what does it cost, is it allowed, what will be built")
    .addHelpText(
      "after",
      "\nExamples:\n  freehold preview -s dev\n  freehold preview -s eu-gdpr -o markdown --out preview.md",
    )
    .action((flags: Flags) => run(import("./commands/preview.ts").then((m) => m.preview(flags, io))));
  printing(onStack(root.command("plan")), "text or json")
    .description("every decision of a stack, with why and what was passed over")
    .addHelpText("after", "\nExample:\n  freehold plan -s us-hipaa -o json")
    .action((flags: Flags) => run(import("./commands/plan.ts").then((m) => m.plan(flags, io))));
  onStack(root.command("graph"))
    .option("--out <file>", "write to a file instead")
    .description("the resources, in the shape of `pulumi stack export`")
    .addHelpText("after", "\nExample:\n  freehold graph -s dev --out graph.json")
    .action((flags: Flags) => run(import("./commands/graph.ts").then((m) => m.graph(flags, io))));
  fitCommand(root, io, run);
  costCommand(root, io, run);
  printing(root.command("price <instance>").requiredOption("--region <region>", "AWS region"), "text or json")
    .description("the on-demand price of an instance type")
    .addHelpText("after", "\nExample:\n  freehold price g6e.xlarge --region eu-central-1")
    .action((instance: string, flags: Flags) =>
      run(import("./commands/price.ts").then((m) => m.price(instance, flags, io))),
    );
  printing(onStack(root.command("check"), false), "text, json, sarif, junit or markdown")
    .option("--graph <file>", "stack export, preview --json or freehold.resources/v1 (repeatable)", collect)
    .option("--profile <names>", "gdpr, hipaa or both (default: the stack's own)")
    .option("--controls <ids>", "just these controls, e.g. S3-01,RES-02")
    .option("--allowed-regions <regions>", "eea, eu-adequate, us, eusc or region names")
    .option("--policy-config <file>", "JSON file with the parameters of the rules")
    .description("the policy rules over a stack, or over any Pulumi graph")
    .addHelpText(
      "after",
      "\nExamples:\n  freehold check -s eu-gdpr -o sarif --out findings.sarif\n  freehold check --graph export.json --profile hipaa --allowed-regions us",
    )
    .action((flags: Flags) => run(import("./commands/check.ts").then((m) => m.check(flags, io))));
  printing(root.command("explain <control>"), "text or json")
    .description("what a control asks for, why, and by which article")
    .addHelpText("after", "\nExample:\n  freehold explain S3-03")
    .action((control: string, flags: Flags) =>
      run(import("./commands/explain.ts").then((m) => m.explain(control, flags, io))),
    );
  printing(onStack(root.command("images")), "text or json")
    .description("every image and chart of a stack, with digest and source")
    .addHelpText("after", "\nExample:\n  freehold images -s dev")
    .action((flags: Flags) => run(import("./commands/images.ts").then((m) => m.images(flags, io))));
  root
    .command("init")
    .option("--dir <dir>", "folder of the new project (default: here)")
    .description("write a project: package.json, Pulumi.yaml, index.ts and a stack; never overwrites")
    .addHelpText("after", "\nExample:\n  freehold init --dir my-llm")
    .action((flags: Flags) => run(import("./commands/init.ts").then((m) => m.init(flags, io))));
  root
    .command("schema <kind>")
    .description("a JSON Schema: stack (for editors), or one of the documents")
    .addHelpText("after", "\nExamples:\n  freehold schema stack\n  freehold schema bill")
    .action((kind: string) => run(import("./commands/schema.ts").then((m) => m.schema(kind, io))));
  printing(onStack(root.command("doctor"), false), "text or json")
    .description("tests what `pulumi up` will need on this machine")
    .addHelpText("after", "\nExample:\n  freehold doctor -s dev")
    .action((flags: Flags) => run(import("./commands/doctor.ts").then((m) => m.doctor(flags, io))));
  root
    .command("completion <shell>")
    .description("completion script for bash, zsh or fish")
    .addHelpText("after", "\nExample:\n  freehold completion bash > /etc/bash_completion.d/freehold")
    .action((shell: string) =>
      run(import("./commands/completion.ts").then((m) => m.completion(shell, root, io))),
    );

  for (const command of [root, ...root.commands, ...root.commands.flatMap((entry) => entry.commands)]) {
    command.exitOverride().configureOutput({ writeOut: io.out, writeErr: () => undefined });
  }
  return root;
}

function fitCommand(root: Command, io: Io, run: (code: number | Promise<number>) => void): void {
  printing(root.command("fit [model]"), "text or json")
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
    .option("--input-tokens <n>", "mean prompt, for throughput")
    .option("--output-tokens <n>", "mean answer, for throughput")
    .option("--concurrency <n>", "requests at once, for throughput")
    .option("--batch <file>", "CSV with these flags as columns")
    .description("does a model fit a GPU, with how much room, and how fast")
    .addHelpText(
      "after",
      "\nExamples:\n  freehold fit openai/gpt-oss-120b\n  freehold fit Qwen/Qwen3-8B-AWQ --gpu L4-24G --context 16384\n  freehold fit --batch candidates.csv -o json",
    )
    .action((model: string | undefined, flags: Flags) =>
      run(import("./commands/fit.ts").then((m) => m.fit(model, flags, io))),
    );
}

function costCommand(root: Command, io: Io, run: (code: number | Promise<number>) => void): void {
  const cost = printing(onStack(root.command("cost"), false), "text, json or markdown")
    .option("--graph <file>", "stack export or preview --json of any Pulumi program")
    .option("--region <region>", "region of resources that name none")
    .description("the bill of a month")
    .addHelpText(
      "after",
      "\nExamples:\n  freehold cost -s eu-gdpr\n  freehold cost --graph export.json --region eu-west-1\n  freehold cost diff dev eu-gdpr",
    )
    .action((flags: Flags) => run(import("./commands/cost.ts").then((m) => m.cost(flags, io))));
  cost
    .command("diff <old> <new>")
    .option("--stack-dir <dir>", "folder of the Pulumi project (default: here)")
    .description("two bills (JSON files) or two stacks, line by line")
    .addHelpText("after", "\nExample:\n  freehold cost diff main.json branch.json -o json")
    .action((old: string, next: string, _: Flags, command: Command) =>
      run(import("./commands/cost.ts").then((m) => m.costDiff(old, next, command.optsWithGlobals(), io))),
    );
}

/** Runs the command line and returns its exit code. Nothing a user types ends in a stack trace. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let pending: number | Promise<number> = EXIT.ok;
  const root = program(io, (code) => {
    pending = code;
  });
  const wantsJson = /(^| )(-o|--output)[= ]?json( |$)/.test(argv.join(" "));
  try {
    await root.parseAsync([...argv], { from: "user" });
    return await pending;
  } catch (cause) {
    return reportFailure(cause, root, io, wantsJson);
  }
}
