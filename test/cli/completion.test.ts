import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { everyCommand, program } from "../../cli/program.ts";
import { project, ROOT, run } from "./project.ts";

const has = (tool: string) => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
/** A project whose folder holds a script per shell. */
let dir: string;
beforeAll(async () => {
  dir = project();
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, out } = await run(["completion", shell]);
    expect(code).toBe(0);
    writeFileSync(join(dir, `freehold.${shell}`), out);
  }
});

/** What bash offers for a command line whose last word is being typed. */
function bash(line: string): string[] {
  const words = line.split(" ");
  const script = `source freehold.bash
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_freehold
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", script], {
    cwd: dir,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").filter(Boolean);
}

/** What fish offers, without descriptions. */
function fish(line: string): string[] {
  const script = `source freehold.fish; complete -C '${line}'`;
  const { stdout, stderr } = spawnSync("fish", ["--no-config", "-c", script], {
    cwd: dir,
    encoding: "utf8",
    env: { ...process.env, HOME: dir, XDG_CONFIG_HOME: dir, XDG_DATA_HOME: dir, XDG_CACHE_HOME: dir },
  });
  expect(stderr).toBe("");
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((offer) => offer.split("\t")[0]!);
}

/** The command line after the tab key, in an interactive zsh on a pseudo-terminal. */
function zsh(line: string, autoload = false): string {
  const result = join(dir, "buffer");
  const source = autoload
    ? "mkdir -p fns; cp freehold.zsh fns/_freehold; fpath=($PWD/fns $fpath); autoload -Uz compinit; compinit -u -D"
    : "autoload -Uz compinit; compinit -u -D; source ./freehold.zsh";
  const script = `zmodload zsh/zpty
rm -f ${result}
zpty -b z zsh -f -i
zpty -w z ${quote(`cd ${dir}; ${source}; dump() { print -r -- "$BUFFER" > ${result}.tmp; mv ${result}.tmp ${result} }; zle -N dump; bindkey '^X' dump; bindkey '^I' expand-or-complete; touch ready`)}
for i in {1..400}; do [[ -e ${dir}/ready ]] && break; sleep 0.05; zpty -r -t z out; done
zpty -n -w z ${quote(`${line}\t`)}
sleep 0.3
zpty -n -w z $'\\x18'
for i in {1..400}; do [[ -e ${result} ]] && break; sleep 0.05; zpty -r -t z out; done
zpty -d z
cat ${result}; rm -f ${dir}/ready`;
  return spawnSync("zsh", ["-f", "-c", script], { cwd: dir, encoding: "utf8" }).stdout.trimEnd();
}
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const CASES: [line: string, offers: string[]][] = [
  ["freehold prev", ["preview"]],
  ["freehold cost d", ["diff"]],
  ["freehold preview --stack-", ["--stack-dir"]],
  ["freehold cost diff --outp", ["--output"]],
  ["freehold preview -s eu", ["eu-gdpr"]],
  ["freehold check --stack us", ["us-hipaa"]],
  ["freehold check -o s", ["sarif"]],
  ["freehold completion z", ["zsh"]],
  ["freehold schema sta", ["stack"]],
];

describe("bash", () => {
  it.each(CASES)("%s", (line, offers) => {
    expect(bash(line)).toEqual(offers);
  });

  it("offers every command and every flag of each", () => {
    const io = { out: () => undefined, err: () => undefined, color: false, cwd: ROOT, today: "" };
    const root = program(io, () => undefined);
    expect(bash("freehold ")).toEqual(expect.arrayContaining(root.commands.map((command) => command.name())));
    for (const command of everyCommand(root).slice(1)) {
      const path = command.parent === root ? command.name() : `${command.parent!.name()} ${command.name()}`;
      const flags = command.options.map((option) => option.long!);
      expect(bash(`freehold ${path} --`)).toEqual(expect.arrayContaining(flags));
    }
  });

  it("leaves files to the shell", () => {
    expect(bash("freehold fit --batch Pul")).toEqual([]);
    expect(readFileSync(join(dir, "freehold.bash"), "utf8")).toContain(
      "complete -o default -F _freehold freehold",
    );
  });
});

describe.skipIf(!has("fish"))("fish", () => {
  it.each(CASES)("%s", (line, offers) => {
    expect(fish(line)).toEqual(offers);
  });

  it("offers files where a file belongs, and nothing where nothing does", () => {
    expect(fish("freehold fit --batch Pul")).toEqual(["Pulumi.yaml"]);
    expect(fish("freehold fit --gpu Pul")).toEqual([]);
  });
});

describe.skipIf(!has("zsh"))("zsh", () => {
  it.each(CASES)("%s", (line, offers) => {
    expect(zsh(line)).toBe(`${line.split(" ").slice(0, -1).join(" ")} ${offers[0]}`);
  });

  it("works as an autoloaded function too, from the first key on", () => {
    expect(zsh("freehold prev", true)).toBe("freehold preview");
    expect(existsSync(join(dir, "fns/_freehold"))).toBe(true);
  });

  it("offers files where a file belongs", () => {
    expect(zsh("freehold fit --batch Pulumi.y")).toBe("freehold fit --batch Pulumi.yaml");
  });
});
