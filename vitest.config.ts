import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    reporters: ["default", "./scripts/closing-line.mjs"],
    include: ["test/**/*.test.ts"],
    exclude: ["test/engine/**", "node_modules/**"],
    // Files share no state of their own; one context for all of them halves the run.
    isolate: false,
    // Many tests wait for a process of their own; the default leaves one of two cores idle.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
