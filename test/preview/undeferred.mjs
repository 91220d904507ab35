// Loaded with `node --import` before the preview's child process: takes its two accelerations out.
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    /\/(deferred|untraced)\.ts$/.test(specifier)
      ? { url: "data:text/javascript,", shortCircuit: true }
      : next(specifier, context),
});
