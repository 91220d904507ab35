/**
 * Loads the parts of the Pulumi SDK that a preview rarely uses when they are first used. Import this before the SDK.
 *
 * Measured in November 2026 with @pulumi/pulumi 3.270.0 on Node 24, compile cache warm, two cores: of 300 ms that
 * `require("@pulumi/pulumi")` takes, 150 go to @npmcli/arborist, 50 to typescript and 12 to normalize-package-data.
 * All three serve the serialization of functions (dynamic providers). Nothing is left out: whoever reads from such a
 * package gets the real one.
 */
import { createRequire, Module } from "node:module";
import packages from "./deferred.json" with { type: "json" };

/**
 * A stand-in for the exports of a CommonJS module: the module is loaded by the first look at it.
 *
 * The SDK is compiled by TypeScript, whose import helpers copy every name out of a module unless it says that it is
 * an ES module. The stand-in says so and keeps what that would have given: `default` is the module itself.
 */
export function deferred(load: () => unknown): object {
  let loaded: { exports: Record<PropertyKey, unknown> } | undefined;
  const real = (): Record<PropertyKey, unknown> => {
    loaded ??= { exports: load() as Record<PropertyKey, unknown> };
    return loaded.exports;
  };
  // An empty object stands for what may be a function, whose `prototype` may not be left out.
  const names = () => Reflect.ownKeys(real()).filter((key) => key !== "prototype");
  return new Proxy(
    {},
    {
      get(_, key) {
        if (key === "__esModule") return true;
        const exports = real();
        if (key === "default" && !exports["__esModule"]) return exports;
        return exports[key];
      },
      has: (_, key) => key === "__esModule" || key in real(),
      ownKeys: names,
      getOwnPropertyDescriptor: (_, key) =>
        names().includes(key)
          ? {
              value: real()[key],
              // A function's own `length` and `name` are not listed with what it exports.
              enumerable: Object.prototype.propertyIsEnumerable.call(real(), key),
              configurable: true,
              writable: true,
            }
          : undefined,
      set: (_, key, value) => Reflect.set(real(), key, value),
    },
  );
}

/** Puts stand-ins for the packages of deferred.json into the cache of `require`; what is not installed is left alone. */
export function putOff(sdk: NodeJS.Require): void {
  for (const name of packages) {
    let file: string;
    try {
      file = sdk.resolve(name);
    } catch {
      continue;
    }
    if (sdk.cache[file]) continue;
    const stand = new Module(file);
    stand.filename = file;
    stand.loaded = true;
    stand.exports = deferred(() => {
      delete sdk.cache[file];
      return sdk(file) as unknown;
    });
    sdk.cache[file] = stand;
  }
}

putOff(createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi")));
