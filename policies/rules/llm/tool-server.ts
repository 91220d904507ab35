/** Tools that the engine itself runs for a model. */
import type { Rule } from "../../types.ts";
import { engineRule, flag, hiddenFlags } from "./engine.ts";

/**
 * Code that a model wrote runs in a container without a network boundary, and searches leave for a third party
 * (vllm-project/vllm@00b005c docs/usage/security.md, Tool Server and MCP Security).
 */
export const demoTools: Rule = engineRule(
  "LLM-07",
  "The engine runs no demonstration tools",
  "--tool-server is not demo.",
  (engine, found) => {
    const { resource } = engine.container.pod;
    const given = flag(engine, "--tool-server");
    if (given === null) {
      const hidden = hiddenFlags(engine);
      if (hidden) found.unknown(resource, hidden.path, hidden.why);
    } else if (given.value === "demo") {
      found.fail(
        resource,
        given.path,
        "--tool-server demo",
        "the demonstration tools run code that a model wrote and search the web; allowed: no tool server, or one of your own",
        "remove --tool-server demo",
      );
    } else if (given.value === null || (typeof given.value === "string" && /[$`]/.test(given.value)))
      found.unknown(resource, given.path, "which tool server is meant is not known");
  },
);
