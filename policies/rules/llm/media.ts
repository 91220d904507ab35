/** Images, audio and video that a caller names by address and the engine fetches. */
import type { Rule } from "../../types.ts";
import { type Engine, engineRule, flag, hiddenFlags } from "./engine.ts";

/** Flags that only an engine for media is given. */
const MEDIA_FLAGS = ["--allowed-media-domains", "--allowed-local-media-path", "--limit-mm-per-prompt"];
/** Model names that say so. */
const MEDIA_MODEL = /-(?:vl|omni)\b|vision|llava|pixtral/i;

/**
 * A caller's address may point into the network of the cluster (vllm-project/vllm@00b005c docs/usage/security.md,
 * Restrict Domains Access for Media URLs).
 */
export const mediaHosts: Rule = engineRule(
  "LLM-08",
  "Engines for media fetch from named hosts",
  "Engines for media (by the parameter multimodal, else by their flags or the name of the model) have --allowed-media-domains, and VLLM_MEDIA_URL_ALLOW_REDIRECTS is 0.",
  (engine, found, params) => {
    const { resource } = engine.container.pod;
    const hidden = hiddenFlags(engine);
    if (!(params.multimodal ?? takesMedia(engine))) {
      if (params.multimodal === undefined && hidden) found.unknown(resource, hidden.path, hidden.why);
      return;
    }
    const domains = flag(engine, "--allowed-media-domains");
    if (domains === null && hidden) found.unknown(resource, hidden.path, hidden.why);
    else if (domains?.value === null) found.unknown(resource, domains.path, "the list of hosts is not known");
    else if (domains === null || domains.value === true)
      found.fail(
        resource,
        domains?.path ?? `${engine.container.path}.args`,
        null,
        "a caller may have the engine fetch any address, those of the cluster included; needed: --allowed-media-domains",
        "add --allowed-media-domains with the hosts that media come from",
      );
    const redirects = engine.env("VLLM_MEDIA_URL_ALLOW_REDIRECTS");
    if (redirects !== null && redirects.state !== "known")
      found.unknown(resource, redirects.path, "whether redirects are followed is not known");
    else if (redirects?.value !== "0")
      found.fail(
        resource,
        redirects?.path ?? `${engine.container.path}.env`,
        redirects?.value ?? null,
        "a redirect leads past the list of hosts; needed: VLLM_MEDIA_URL_ALLOW_REDIRECTS 0",
        'set env VLLM_MEDIA_URL_ALLOW_REDIRECTS to "0"',
      );
  },
);

function takesMedia(engine: Engine): boolean {
  return (
    MEDIA_FLAGS.some((name) => flag(engine, name) !== null) ||
    engine.words.some((word) => word.text !== null && MEDIA_MODEL.test(word.text))
  );
}
