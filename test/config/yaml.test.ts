import { describe, expect, it } from "vitest";
import { parseStack } from "../../config/index.ts";
import { edited, errorsOf, findings, STACK } from "./stack.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const codes = (text: string | Uint8Array) => errorsOf(parseStack(text, "s.yaml")).map(({ code }) => code);

describe("bytes of a stack file", () => {
  it("drops a UTF-8 byte order mark, and counts columns after it", () => {
    expect(parseStack(bytes(`\uFEFF${STACK}`), "s.yaml").ok).toBe(true);
    expect(findings(bytes("\uFEFFconfi: 1\n"))[0]).toMatch(/^s\.yaml:1:1: confi is not a key/);
  });

  it.each([
    ["UTF-16, little-endian", [0xff, 0xfe, 0x63, 0x00], "UTF-16"],
    ["UTF-16, big-endian", [0xfe, 0xff, 0x00, 0x63], "UTF-16"],
    ["UTF-32", [0xff, 0xfe, 0x00, 0x00, 0x63, 0x00, 0x00, 0x00], "UTF-32"],
  ])("names %s and how to convert it", (_name, input, encoding) => {
    expect(findings(new Uint8Array(input))).toEqual([
      `s.yaml:1:1: not UTF-8 text: the file is ${encoding}\n  fix: save the file as UTF-8 (in an editor: "Save with encoding"; or iconv -f ${encoding} -t UTF-8)`,
    ]);
  });

  it("finds the NUL bytes of UTF-16 without a mark", () => {
    expect(findings(new Uint8Array(Buffer.from("config: 1", "utf16le")))).toEqual([
      "s.yaml:1:2: a NUL byte is not allowed in YAML\n  fix: save the file as UTF-8; NUL bytes come from UTF-16 or from a file that is not text",
    ]);
  });

  it.each([
    // ä is one character of two bytes; the bad byte stands after it, in column 5 of line 2.
    ["in a line", Buffer.concat([bytes("config:\n# ä "), Buffer.from([0xe4]), bytes(" x\n")]), "2:5", "e4"],
    ["after a mark", Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x61]), "1:1", "ff"],
    ["cut at the end of the file", Buffer.from([0x61, 0x3a, 0x20, 0xe2, 0x82]), "1:4", "e2"],
  ])("places a byte that is not UTF-8 %s", (_name, input, position, byte) => {
    expect(findings(input)[0]).toMatch(
      new RegExp(`^s\\.yaml:${position}: not UTF-8 text: byte 0x${byte} begins no character\\n`),
    );
  });

  it.each([
    ["an escape", "a: \u001b[2J", "1:4", "the control character U+001B"],
    ["a C1 control", "a:\n  b: \u009b", "2:6", "the control character U+009B"],
    ["a lone carriage return", "a: 1\rb: 2", "1:5", "the control character U+000D"],
    ["a mark inside", "a: \uFEFFb", "1:4", "the control character U+FEFF"],
    ["a lone surrogate", "a: \uD800", "1:4", "the control character U+D800"],
    ["a form feed", "a: 1\n\f", "2:1", "the control character U+000C"],
  ])("refuses %s", (_name, text, position, what) => {
    expect(findings(text)[0]).toMatch(
      new RegExp(`^s\\.yaml:${position}: ${what.replace("+", "\\+")} is not allowed in YAML\\n`),
    );
  });

  it("reads Windows line ends", () => {
    expect(parseStack(STACK.replaceAll("\n", "\r\n"), "s.yaml").ok).toBe(true);
    expect(findings(edited("min: 1", "min: -1").replaceAll("\n", "\r\n"))[0]).toMatch(/^s\.yaml:15:14: /);
  });

  it("refuses a file of 10 MB without reading it as YAML", () => {
    expect(findings(`config:\n${"# x\n".repeat(2_621_440)}`)).toEqual([
      "s.yaml:1:1: a stack file is at most 1 MB; this one has 10.0 MB\n  fix: check that this is the stack file, not a dump or an image",
    ]);
  });

  it("reads characters outside the basic plane", () => {
    // The editor counts 😀 as two columns, and so do we.
    expect(findings("😀: 1\n")[0]).toMatch(/^s\.yaml:1:1: 😀 is not a key/);
    expect(findings(`${STACK}# 😀\n"😀": 1\n`)[0]).toMatch(/^s\.yaml:20:1: /);
  });
});

describe("YAML that a stack file does not use", () => {
  it("refuses anchors, aliases and merge keys, each where it stands, all at once", () => {
    const text = edited("freehold:aws:", "freehold:aws: &place")
      .replace("access:\n", "access: &way\n")
      .replace("    version:", "    <<: *place\n    version:");
    expect(findings(text)).toEqual([
      "s.yaml:2:17: anchors are not read: &place\n  fix: remove &place",
      "s.yaml:7:5: merge keys are not read: <<\n  fix: write the keys out",
      "s.yaml:9:13: anchors are not read: &way\n  fix: remove &way",
    ]);
  });

  it("says nothing else about a value that an alias stands for", () => {
    const text = edited("region: eu-west-1", "region: &r eu-west-1").replace("via: ssm", "via: *r");
    expect(findings(text)).toEqual([
      "s.yaml:3:13: anchors are not read: &r\n  fix: remove &r",
      "s.yaml:9:12: aliases are not read: *r\n  fix: write the value out",
    ]);
  });

  it("does not expand aliases that multiply", () => {
    const lines = ["a0: &a0 [x]"];
    for (let i = 1; i < 30; i++) lines.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
    expect(codes(`config:\n  ${lines.join("\n  ")}\n`)).toContain("yaml-alias");
  });

  it.each([
    ["name: chat", "name: !!str chat", "11:13"],
    ["context: 16384", 'context: !!int "16384"', "13:16"],
    ["region: eu-west-1", "region: !custom eu-west-1", "3:13"],
    ["freehold:aws:", "freehold:aws: !!map", "2:17"],
    ["    - name: chat", "    - !thing\n      name: chat", "11:7"],
  ])("refuses the tag of %s → %s", (from, to, position) => {
    expect(findings(edited(from, to))).toEqual([
      `s.yaml:${position}: YAML tags are not read\n  fix: remove the tag`,
    ]);
  });

  it("refuses a key that is given twice, and names the first", () => {
    const text = edited("    region: eu-west-1", "    region: eu-west-1\n    region: eu-west-2").replace(
      "  freehold:budget:",
      "  freehold:cluster: {}\n  freehold:budget:",
    );
    expect(findings(text)).toEqual([
      "s.yaml:4:5: aws.region is given twice; first in line 3\n  fix: keep one of the two",
      "s.yaml:18:3: cluster is given twice; first in line 6\n  fix: keep one of the two",
    ]);
  });

  it("refuses directives, second documents and keys that are no words", () => {
    expect(findings(`%YAML 1.1\n---\n${STACK}`)[0]).toMatch(/^s\.yaml:1:1: YAML directives/);
    expect(findings(`${STACK}---\nconfig: {}\n`)[0]).toMatch(
      /^s\.yaml:19:1: a stack file is one YAML document; a second one begins here/,
    );
    expect(findings(edited("kind: eks", "kind: eks\n    ? [a, b]\n    : c"))).toEqual([
      "s.yaml:7:7: a key must be plain text\n  fix: write a single word before the colon",
    ]);
  });

  it.each([
    ["brackets", `config:\n  freehold:models: ${"[".repeat(100_000)}`, 2],
    ["braces", `config:\n  freehold:tags: ${"{a: ".repeat(100_000)}`, 2],
    ["indentation", Array.from({ length: 500 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), 65],
    ["dashes", `config:\n  ${"- ".repeat(100_000)}`, 2],
  ])("refuses deep nesting by %s", (_name, text, line) => {
    const found = errorsOf(parseStack(text, "s.yaml"));
    expect(found.map(({ code }) => code)).toEqual(["yaml-depth"]);
    expect(found[0]!.line).toBeGreaterThanOrEqual(Math.min(line, 20));
  });

  it("points at a tab, and at nothing that follows from it", () => {
    expect(findings(edited("    region:", "\tregion:"))).toEqual([
      "s.yaml:3:1: a tab indents this line; YAML allows spaces only\n  fix: replace the tab with spaces",
    ]);
    expect(findings(edited("    region:", "  \tregion:").replace("    kind:", "    \tkind:"))).toEqual([
      "s.yaml:3:3: a tab indents this line; YAML allows spaces only\n  fix: replace the tab with spaces",
      "s.yaml:6:5: a tab indents this line; YAML allows spaces only\n  fix: replace the tab with spaces",
    ]);
  });

  it.each([
    ["name: chat", "name: 'chat", "11:13: this quote is not closed"],
    ["name: chat", 'name: "chat', "11:13: this quote is not closed"],
    [
      "monthlyUsd: 650",
      "monthlyUsd: [650",
      "18:17: this bracket is not closed, or what it holds is not indented",
    ],
    [
      "monthlyUsd: 650",
      "monthlyUsd: {a: 6",
      "18:17: this bracket is not closed, or what it holds is not indented",
    ],
    ["kind: eks", "kind:eks", "6:5: this is no key: the colon and the space after it are missing"],
    ["    version:", "   version:", "7:1: this line does not line up with its neighbours"],
    ["kind: eks", "kind: eks: x", "6:11: a second colon in one value, or a line that is indented too far"],
    ["kind: eks", "kind: @eks", "6:11: a text cannot begin with this character"],
    ["kind: eks", 'kind: "e\\qks"', "6:13: not valid YAML: Invalid escape sequence \\q"],
  ])("says where a mistake of spelling is: %s → %s", (from, to, expected) => {
    expect(findings(edited(from, to)).map((text) => text.split("\n")[0])).toEqual([`s.yaml:${expected}`]);
  });

  it("does not repeat itself where the parser stumbles on", () => {
    const found = findings(edited("      model:", "     model:").replace("      access:", "     access:"));
    const messages = found.map((text) => text.replace(/^s\.yaml:\d+:\d+/, ""));
    expect(new Set(messages).size).toBe(messages.length);
    expect(found[0]).toBe(
      "s.yaml:12:1: this line does not line up with its neighbours\n  fix: indent it with the same number of spaces as they have",
    );
  });

  it.each([
    ["purchasedOn: 2026-06-30", "a date without quotes is a time stamp to Pulumi", '"2026-06-30"'],
    ["context: 016384", "016384 is a different number, or none, to YAML 1.1, which Pulumi reads", '"016384"'],
    ["context: 16_384", "16_384 is a different number, or none, to YAML 1.1, which Pulumi reads", '"16_384"'],
    ["context: 0b1000", "0b1000 is a different number, or none, to YAML 1.1, which Pulumi reads", '"0b1000"'],
  ])("refuses %s, which the engine would read as something else", (line, message, quoted) => {
    const [found, ...more] = findings(edited("context: 16384", line)).filter((text) =>
      text.startsWith("s.yaml:13:"),
    );
    if (line.startsWith("context")) expect(more).toEqual([]);
    const col = "      ".length + line.indexOf(":") + 3;
    expect([found, ...more].join("\n")).toContain(`s.yaml:13:${col}: ${message}`);
    expect([found, ...more].join("\n")).toContain(quoted);
  });

  it("keeps times, versions and quoted dates", () => {
    const text = `${STACK}  freehold:schedule: { start: 08:00, end: "19:00" }\n`;
    const result = parseStack(text, "s.yaml");
    expect(result.ok && result.spec.schedule).toMatchObject({ start: "08:00", end: "19:00" });
  });
});

describe("keys named like parts of JavaScript", () => {
  it("are unknown keys like any other", () => {
    const text = edited(
      "    region:",
      "    __proto__: { polluted: yes }\n    constructor: a\n    toString: b\n    region:",
    ).replace("  freehold:budget:", "  freehold:__proto__: {}\n  freehold:valueOf: {}\n  freehold:budget:");
    expect(
      errorsOf(parseStack(text, "s.yaml")).map(({ line, col, code, path }) => ({ line, col, code, path })),
    ).toEqual([
      { line: 3, col: 5, code: "unknown-key", path: "aws.__proto__" },
      { line: 4, col: 5, code: "unknown-key", path: "aws.constructor" },
      { line: 5, col: 5, code: "unknown-key", path: "aws.toString" },
      { line: 20, col: 3, code: "unknown-key", path: "__proto__" },
      { line: 21, col: 3, code: "unknown-key", path: "valueOf" },
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("are values and tags like any other", () => {
    expect(findings(edited("via: ssm", "via: toString"))).toEqual([
      's.yaml:9:12: cluster.access.via cannot be "toString"\n  fix: via: in-vpc',
    ]);
    const result = parseStack(`${STACK}  freehold:tags: { constructor: a, toString: b }\n`, "s.yaml");
    expect(result.ok && result.spec.tags).toEqual({ constructor: "a", toString: "b" });
  });
});
