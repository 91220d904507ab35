import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatError, parseStack } from "../../config/index.ts";
import { stackFields } from "../../config/json-schema.ts";
import { edited, errorsOf, findings, OWNED, STACK } from "./stack.ts";

const CIPHER = "v1:Zm9vYmFyYmF6:c2VjcmV0Y2lwaGVydGV4dA==";

/** Everything that reading a stack hands on, as text. */
function everything(text: string): string {
  const result = parseStack(text, "s.yaml");
  return `${JSON.stringify(result)}\n${errorsOf(result).map(formatError).join("\n")}`;
}

describe("secure: values", () => {
  it("a kubeconfig stays a mark, and its key is handed on as secret", () => {
    const result = parseStack(OWNED, "s.yaml");
    expect(result.ok && result.spec.cluster).toMatchObject({ kubeconfig: "[secret]" });
    expect(result.ok && result.secretKeys).toEqual(["freehold:cluster"]);
    expect(everything(OWNED)).not.toContain("Zm9v");
  });

  it("a kubeconfig in plain text warns, without showing it", () => {
    const result = parseStack(edited(`\n      secure: ${CIPHER}`, " plain-kubeconfig", OWNED), "s.yaml");
    expect(result.ok && result.warnings).toEqual([
      "s.yaml: cluster.kubeconfig is plain text; encrypt it with pulumi config set --secret --path freehold:cluster.kubeconfig",
    ]);
  });

  it("of other programs are handed on as secret keys, as a mark", () => {
    const result = parseStack(`${STACK}  other:token:\n    secure: ${CIPHER}\n`, "s.yaml");
    expect(result.ok && result.secretKeys).toEqual(["other:token"]);
    expect(everything(`${STACK}  other:token:\n    secure: ${CIPHER}\n`)).not.toContain("Zm9v");
  });

  it("elsewhere are refused where they stand", () => {
    expect(findings(edited("name: chat", `name: { secure: ${CIPHER} }`))).toEqual([
      "s.yaml:11:13: models[0].name cannot be a secret; only cluster.kubeconfig can\n  fix: write the value without secure:",
    ]);
    expect(findings(`${STACK}  freehold:tags:\n    owner:\n      secure: ${CIPHER}\n`)).toEqual([
      "s.yaml:21:7: tags.owner cannot be a secret; only cluster.kubeconfig can\n  fix: write the value without secure:",
    ]);
  });

  it.each([
    ["with a neighbour", `{ secure: ${CIPHER}, other: 1 }`],
    ["that is no text", "{ secure: 5 }"],
    ["given twice", `{ secure: ${CIPHER}, secure: ${CIPHER} }`],
    ["in a list", `[{ secure: ${CIPHER}, x: [${1}] }]`],
    ["with an anchor", `{ secure: &a ${CIPHER} }`],
    ["with a tag", `{ secure: !!str ${CIPHER} }`],
    ["with a misspelt bracket", `{ secure: ${CIPHER} ]`],
    ["after an open quote", `'\nx: y\n# '\n- { secure: ${CIPHER} }`],
    ["with an open quote", `{ secure: "${CIPHER} }`],
  ])("a malformed one, %s, is refused and not shown", (_name, value) => {
    const text = edited("via: ssm", `via: ${value}`);
    expect(findings(text).length).toBeGreaterThan(0);
    expect(everything(text)).not.toMatch(/Zm9v|c2Vj/);
  });

  it("are in no text or document, at whichever field they stand", () => {
    const paths = stackFields().map((field) => field.path.replace("freehold:", "").replaceAll("[]", "[0]"));
    expect(paths.length).toBeGreaterThan(80);
    for (const path of paths)
      for (const stack of [STACK, OWNED]) {
        const result = parseStack(stack, "s.yaml", [`freehold:${path}={ secure: "${CIPHER}" }`]);
        const text = `${JSON.stringify(result)}${errorsOf(result).map(formatError).join("\n")}`;
        expect(text, path).not.toMatch(/Zm9v|c2Vj/);
      }
  });

  it("are in no text or document, whatever else is wrong in the file", () => {
    const lines = OWNED.split("\n");
    const garbage = fc.constantFrom(
      "x",
      "  y: 1",
      "\t",
      "- a",
      "  freehold:models: 5",
      "'",
      "[",
      "&a",
      "? b",
      "*c",
      "!t",
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(lines.length), garbage), { minLength: 1, maxLength: 4 }),
        (edits) => {
          const copy = [...lines];
          for (const [at, text] of edits) {
            // Between `secure:` and its value stands nothing of ours: what follows is no secret then.
            if (copy[at - 1]?.includes("kubeconfig") || copy[at]?.includes("secure")) continue;
            copy.splice(at, 0, text);
          }
          expect(everything(copy.join("\n"))).not.toMatch(/Zm9v|c2Vj/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
