import sdk from "@pulumi/pulumi/runtime/debuggable.js";

/**
 * The SDK formats a stack for every promise, several per resource, for a report on leaked promises that names them
 * only under PULUMI_DEBUG_PROMISE_LEAKS. Without that, none is taken: 160 of 900 ms for the 137 resources of a stack,
 * measured in November 2026 with @pulumi/pulumi 3.270.0 on Node 24. Errors of the program keep their stacks.
 */
if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) {
  const debuggable = sdk as unknown as {
    debuggablePromise(...args: unknown[]): unknown;
  };
  const tracked = debuggable.debuggablePromise;
  debuggable.debuggablePromise = (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return tracked(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}
