import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/engine/**", "node_modules/**"],
    // Files share no state of their own; one context for all of them halves the run.
    isolate: false,
    testTimeout: 60_000,
  },
});
