/** `npm run docs:build`: writes docs/commands.md from the command tree; `--check` compares. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { examplesOf } from "./command-line.ts";
import { EXIT_TABLE, everyCommand, program } from "./program.ts";

const root = join(import.meta.dirname, "..");
const FILE = "docs/commands.md";

/** Words of a command as a user types them. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function section(command: Command): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "\\<");
  const rows = command.options.map(({ flags, description }) => `| \`${flags}\` | ${cell(description)} |`);
  const description = command.description();
  const usage = `${pathOf(command)} ${command.usage()}`;
  return [
    `## ${pathOf(command)}`,
    `${description[0]!.toUpperCase()}${description.slice(1)}${/[.?]$/.test(description) ? "" : "."}`,
    `\`\`\`\n${usage}\n\`\`\``,
    ...(rows.length > 0 ? [`| flag | meaning |\n| --- | --- |\n${rows.join("\n")}`] : []),
    `\`\`\`sh\n${examplesOf(command).join("\n")}\n\`\`\``,
  ].join("\n\n");
}

/** The generated files by path, relative to the checkout. */
export function generated(): Record<string, string> {
  const io = { out: () => undefined, err: () => undefined, color: false, cwd: root, today: "" };
  const [top, ...commands] = everyCommand(program(io, () => undefined));
  const codes = EXIT_TABLE.map(([code, meaning]) => `| ${code} | ${meaning} |`);
  const text = [
    "# Commands",
    `${top!.description()} Generated from the command tree (\`npm run docs:build\`). In a checkout the command is \`bin/freehold\`.`,
    "Results go to standard output, progress and warnings to standard error. `-o json` prints exactly one JSON document. `--out FILE` is written whole or not at all. Colour is for terminals, unless `NO_COLOR` is set.",
    "## Exit codes",
    `The first that applies, in the order 1, 2, 11, 5, 10. After 1 and 2, \`-o json\` prints a \`freehold.error/v1\` document; so does 11, where the document itself needs a stack that fits. \`fit\` ends with 11 for \`no\` and with 0 for \`fits\`, \`tight\` and \`unknown\`; \`fit --batch\` with 0 once its file is read.`,
    `| code | meaning |\n| --- | --- |\n${codes.join("\n")}`,
    ...commands.map(section),
  ].join("\n\n");
  return { [FILE]: `${text}\n` };
}

if (process.argv[1] === import.meta.filename) {
  const check = process.argv.includes("--check");
  for (const [path, text] of Object.entries(generated())) {
    if (!check) writeFileSync(join(root, path), text);
    else if (readFileSync(join(root, path), "utf8") !== text) {
      console.error(`${path} is stale; run npm run docs:build`);
      process.exitCode = 1;
    }
  }
}
