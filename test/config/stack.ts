import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatError, type Parsed, parseStack } from "../../config/index.ts";

export const ROOT = join(import.meta.dirname, "../..");

/** The shipped stacks. */
export const STACKS = ["dev", "eu-gdpr", "us-hipaa", "onprem"];

/** Text of a shipped stack. */
export function shipped(name: string): string {
  return readFileSync(join(ROOT, `stacks/Pulumi.${name}.yaml`), "utf8");
}

/** A small stack; the line numbers that tests name are counted here by hand. */
export const STACK = [
  /*  1 */ "config:",
  /*  2 */ "  freehold:aws:",
  /*  3 */ "    region: eu-west-1",
  /*  4 */ '    accountId: "111122223333"',
  /*  5 */ "  freehold:cluster:",
  /*  6 */ "    kind: eks",
  /*  7 */ '    version: "1.35"',
  /*  8 */ "    access:",
  /*  9 */ "      via: ssm",
  /* 10 */ "  freehold:models:",
  /* 11 */ "    - name: chat",
  /* 12 */ "      model: Qwen/Qwen2.5-7B-Instruct-AWQ",
  /* 13 */ "      context: 16384",
  /* 14 */ "      replicas:",
  /* 15 */ "        min: 1",
  /* 16 */ "        max: 2",
  /* 17 */ "  freehold:budget:",
  /* 18 */ "    monthlyUsd: 650",
  "",
].join("\n");

/** A stack on a cluster that exists. */
export const OWNED = [
  /*  1 */ "config:",
  /*  2 */ "  freehold:layers: [kubernetes]",
  /*  3 */ "  freehold:cluster:",
  /*  4 */ "    kind: existing",
  /*  5 */ "    kubeconfig:",
  /*  6 */ "      secure: v1:Zm9vYmFyYmF6:c2VjcmV0Y2lwaGVydGV4dA==",
  /*  7 */ "    nodes:",
  /*  8 */ "      gpu: A100-80G",
  /*  9 */ "      gpusPerNode: 4",
  /* 10 */ "      count: 2",
  /* 11 */ "      memoryGib: 480",
  /* 12 */ "      vcpu: 128",
  /* 13 */ "  freehold:weights:",
  /* 14 */ "    from: hub",
  /* 15 */ "  freehold:models:",
  /* 16 */ "    - name: chat",
  /* 17 */ "      model: Qwen/Qwen2.5-72B-Instruct-GPTQ-Int4",
  /* 18 */ "      context: 16384",
  "",
].join("\n");

/** The stack with one text replaced; fails where the text is not there exactly once. */
export function edited(from: string, to: string, stack = STACK): string {
  if (stack.split(from).length !== 2) throw new Error(`not once in the stack: ${from}`);
  return stack.replace(from, () => to);
}

export function errorsOf(result: Parsed) {
  return result.ok ? [] : result.errors;
}

/** Findings about a stack file as a terminal shows them. */
export function findings(text: string | Uint8Array, overrides: string[] = []): string[] {
  return errorsOf(parseStack(text, "s.yaml", overrides)).map(formatError);
}
