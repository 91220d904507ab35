import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GraphError, isSecret, isUnknown, lookup, parseGraph, walk } from "../../graph/index.ts";

/** The engine's own spellings (pulumi/sdk/go/common/resource). */
const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' };

const plain = (resources: unknown, rest: object = {}) =>
  JSON.stringify({ schema: "freehold.resources/v1", resources, ...rest });
const URN = "urn:pulumi:dev::app::aws:s3/bucket:Bucket::data";
const state = (rest: object = {}) => ({ urn: URN, type: "aws:s3/bucket:Bucket", custom: true, ...rest });
const stackExport = (...resources: unknown[]) => JSON.stringify({ version: 3, deployment: { resources } });
const preview = (...steps: unknown[]) => JSON.stringify({ steps });

function errorOf(text: string): GraphError {
  try {
    parseGraph(text, "file.json");
  } catch (cause) {
    if (cause instanceof GraphError) return cause;
    throw cause;
  }
  throw new Error("the text was taken for a graph");
}

describe("a stack export", () => {
  test("gives inputs, references and providers", () => {
    const provider = "urn:pulumi:dev::app::pulumi:providers:aws::eu";
    const graph = parseGraph(
      stackExport(
        { urn: provider, type: "pulumi:providers:aws", inputs: { region: "eu-central-1" } },
        state({
          inputs: { bucket: "data", __defaults: ["acl"] },
          outputs: { arn: "arn:aws:s3:::data" },
          provider: `${provider}::04da6b54`,
          propertyDependencies: { bucket: [provider] },
          protect: true,
        }),
      ),
      "export",
    );
    expect(graph.resources[1]).toMatchObject({
      name: "data",
      props: { bucket: "data" },
      outputs: { arn: "arn:aws:s3:::data" },
      provider,
      refs: { bucket: [provider] },
      protect: true,
    });
    expect(graph.resources[1]!.props).not.toHaveProperty("__defaults");
  });

  test("leaves out what is being deleted", () => {
    expect(parseGraph(stackExport(state({ delete: true })), "x").resources).toEqual([]);
  });
});

describe("a preview", () => {
  test("gives what will be there afterwards", () => {
    const kept = state({ inputs: { bucket: "new" } });
    const graph = parseGraph(
      preview(
        { op: "create-replacement", newState: state({ inputs: { bucket: "old" } }) },
        { op: "replace", newState: kept },
        { op: "delete-replaced", newState: state({ inputs: { bucket: "gone" } }) },
        { op: "delete", newState: { ...state(), urn: `${URN}2` } },
        { op: "same" },
      ),
      "preview",
    );
    expect(graph.resources.map(({ props }) => props)).toEqual([{ bucket: "new" }]);
  });
});

describe("values", () => {
  test("of the engine that are not known, alone or in a text, are unknown", () => {
    const { props } = parseGraph(
      stackExport(state({ inputs: { a: SENTINEL, b: `arn:aws:s3:::${SENTINEL}/*`, c: [{ d: SENTINEL }] } })),
      "x",
    ).resources[0]!;
    expect(lookup(props, "a").state).toBe("unknown");
    expect(lookup(props, "b").state).toBe("unknown");
    expect(lookup(props, "c[0].d").state).toBe("unknown");
  });

  test("that are secret lose their content", () => {
    const graph = parseGraph(stackExport(state({ inputs: { a: SECRET, b: [SECRET] } })), "x");
    expect(JSON.stringify(graph.resources)).not.toContain("hunter2");
    expect(lookup(graph.resources[0]!.props, "b[0]").state).toBe("secret");
  });

  test("named like parts of a prototype are properties like others", () => {
    const text = `{"schema":"freehold.resources/v1","resources":[{"type":"t","name":"n",
      "props":{"__proto__":{"polluted":1},"constructor":"c","toString":1},"refs":{"__proto__":"n"}}]}`;
    const [resource] = parseGraph(text, "x").resources;
    expect(lookup(resource!.props, "constructor")).toEqual({ state: "known", value: "c" });
    expect(lookup(resource!.props, "__proto__.polluted")).toEqual({ state: "known", value: 1 });
    expect(lookup(resource!.props, "hasOwnProperty").state).toBe("absent");
    expect(Object.hasOwn(resource!.refs, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("a reference", () => {
  const bucket = { type: "aws:s3/bucket:Bucket", name: "data", props: { note: "missing" } };

  test("is resolved by name, and by type::name where names are not unique", () => {
    const other = { type: "aws:kms/key:Key", name: "data", props: {} };
    const user = { type: "t:m:X", name: "user", refs: { key: "aws:kms/key:Key::data" } };
    const { resources } = parseGraph(plain([bucket, other, user]), "x");
    expect(resources[2]!.refs).toEqual({ key: ["aws:kms/key:Key::data"] });
    const error = errorOf(plain([bucket, other, { ...user, refs: { key: "data" } }]));
    expect([error.code, error.fix]).toEqual(["ambiguous-ref", "write type::name"]);
  });

  test("that dangles is an error at its own place, wherever else the text stands", () => {
    const text = `{ "schema": "freehold.resources/v1",
  "resources": [
    ${JSON.stringify(bucket)},
    { "type": "t:m:X", "name": "user",
      "refs": { "rules[0].bucket": ["data", "missing"] } }
  ] }`;
    const { code, line, col, message } = errorOf(text);
    expect([code, line, col]).toEqual(["dangling-ref", 5, text.split("\n")[4]!.indexOf('"missing"') + 1]);
    expect(message).toBe('resources[1].refs.rules[0].bucket.1: no resource is named "missing"');
  });

  test.each(["provider", "parent"])("as %s dangles, too", (key) => {
    const error = errorOf(plain([bucket, { type: "t", name: "n", [key]: "nobody" }]));
    expect([error.code, error.line]).toEqual(["dangling-ref", 1]);
    expect(error.col).toBeGreaterThan(1);
  });

  test.each([7, true, {}, [[]]])("of a wrong kind dangles: %j", (reference) => {
    expect(errorOf(plain([{ type: "t", name: "n", refs: { a: reference } }])).code).toBe("dangling-ref");
  });
});

describe("a malformed file", () => {
  test.each([
    ["an empty file", "", "not-json", 1],
    ["white space", " \n ", "not-json", 1],
    ["a text", "hello", "not-json", 1],
    ["a cut file", '{"schema": "freehold.resources/v1",\n "resources": [', "not-json", 2],
    ["a comma too many", '{\n"a": 1,\n}', "not-json", 3],
  ])("%s is not JSON, at a line", (_, text, code, line) => {
    const error = errorOf(text);
    expect([error.code, error.line]).toEqual([code, line]);
    expect(error.fix).not.toBeNull();
  });

  test.each([
    "null",
    "[]",
    "7",
    '"text"',
    "{}",
    '{"schema":"freehold.resources/v2","resources":[]}',
    '{"schema":"freehold.resources/v1"}',
    plain({}),
    plain([7]),
    plain([null]),
    plain([{}]),
    plain([{ type: "t" }]),
    plain([{ type: 7, name: "n" }]),
    plain([{ type: "t", name: "" }]),
    plain([{ type: "t", name: "n", props: [] }]),
    plain([{ type: "t", name: "n", props: "text" }]),
    plain([{ type: "t", name: "n", refs: ["x"] }]),
    plain([], { config: [] }),
    '{"deployment":{"resources":{}}}',
    stackExport(7),
    stackExport({}),
    stackExport(state({ inputs: "text" })),
    preview(7),
    preview({ op: "create", newState: {} }),
  ])("is refused: %s", (text) => {
    expect(errorOf(text).code).toBe("not-a-graph");
  });

  test("nested too deeply is refused", () => {
    const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    const text = (levels: number) =>
      `{"schema":"freehold.resources/v1","resources":[{"type":"t","name":"n","props":${deep(levels)}}]}`;
    expect(parseGraph(text(150), "x").resources).toHaveLength(1);
    for (const levels of [300, 200_000])
      expect(["not-a-graph", "not-json"]).toContain(errorOf(text(levels)).code);
  });

  test("that is huge is read", () => {
    const resources = Array.from({ length: 20_000 }, (_, index) => ({
      type: "aws:s3/bucket:Bucket",
      name: `bucket-${index}`,
      props: { bucket: "x".repeat(200) },
      refs: index > 0 ? { bucket: `bucket-${index - 1}` } : {},
    }));
    expect(parseGraph(plain(resources), "x").resources).toHaveLength(20_000);
  });
});

describe("any text", () => {
  const refusesOrReads = (text: string) => {
    try {
      const graph = parseGraph(text, "fuzz");
      for (const { props } of graph.resources)
        walk(props, (_, leaf) => {
          expect(typeof leaf !== "object" || leaf === null || isUnknown(leaf) || isSecret(leaf)).toBe(true);
        });
    } catch (cause) {
      expect(cause).toBeInstanceOf(GraphError);
    }
  };

  test("is read or refused", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), refusesOrReads), { numRuns: 500 });
  });

  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.constantFrom(SENTINEL, SECRET, { $unknown: true }, { [SIGNATURE]: "unheard-of" }),
  );
  const odd = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("data", "key", URN, "t") },
    { weight: 1, arbitrary: value },
  );
  const entry = fc.oneof(
    value,
    fc.record(
      {
        type: odd,
        name: odd,
        urn: odd,
        props: value,
        inputs: value,
        outputs: value,
        refs: fc.oneof(value, fc.dictionary(fc.string(), odd)),
        propertyDependencies: value,
        dependencies: value,
        provider: odd,
        parent: odd,
        delete: value,
        protect: value,
      },
      { requiredKeys: [] },
    ),
  );

  test("in the form of a graph is read or refused", () => {
    const document = fc
      .array(entry, { maxLength: 4 })
      .chain((resources) =>
        fc.constantFrom<object>(
          { schema: "freehold.resources/v1", resources, config: resources[0] },
          { deployment: { resources } },
          { steps: resources.map((newState) => ({ op: "create", newState })) },
          { steps: resources },
        ),
      );
    fc.assert(
      fc.property(document, (graph) => refusesOrReads(JSON.stringify(graph))),
      { numRuns: 1000 },
    );
  });
});
