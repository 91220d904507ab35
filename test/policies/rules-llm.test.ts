import { describe, expect, test } from "vitest";
import { shellWords } from "../../policies/rules/llm/shell.ts";
import { llmCases } from "./cases/llm.ts";
import { llmAdvisoryCases } from "./cases/llm-advisory.ts";
import { judge, testCases } from "./graphs.ts";

testCases([...llmCases, ...llmAdvisoryCases]);

test("LLM-03 never repeats the key", () => {
  const result = judge("LLM-03", {
    resources: [
      {
        type: "kubernetes:core/v1:Pod",
        name: "engine",
        props: {
          spec: {
            containers: [
              {
                name: "engine",
                image: "vllm/vllm-openai:v0.11.0",
                args: ["--api-key", "sk-example-1"],
                env: [{ name: "VLLM_API_KEY", value: "sk-example-2" }],
              },
            ],
          },
        },
      },
    ],
  });
  expect(result.violations.map(({ path }) => path)).toEqual([
    "spec.containers[0].args[0]",
    "spec.containers[0].env[0]",
  ]);
  expect(JSON.stringify(result)).not.toContain("sk-example");
});

describe("shell words", () => {
  const words = (text: string) => shellWords(text).map((word) => word.text);

  // Expected words are what `sh -c 'printf "%s\n" …'` prints.
  test.each([
    ["a  b\tc", ["a", "b", "c"]],
    ["'a b' \"c d\"", ["a b", "c d"]],
    ["a\\ b", ["a b"]],
    ["a'b'\"c\"", ["abc"]],
    ["a \\\n  b", ["a", "b"]],
    ['"a\\"b"', ['a"b']],
    ["'' a", ["", "a"]],
    ["a # b\nc", ["a", "\n", "c"]],
    ["a#b", ["a#b"]],
  ])("of %j", (text, expected) => expect(words(text)).toEqual(expected));

  test("end a command at an operator", () => {
    expect(shellWords("a&&b||c;d|e&").flatMap(({ text, operator }) => (operator ? [text] : []))).toEqual([
      "&&",
      "||",
      ";",
      "|",
      "&",
    ]);
  });

  test("keep expansions", () => {
    const braces = "$" + "{B}";
    expect(words(`$A "${braces}" $(cat /x y)`)).toEqual(["$A", braces, "$(cat /x y)"]);
  });
});
