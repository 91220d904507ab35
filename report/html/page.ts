import { createHash } from "node:crypto";
import { type ComponentChild, h } from "preact";
import { render } from "preact-render-to-string";
import { SHEET } from "./style.ts";

/**
 * A whole page that needs nothing else: no font, no picture, no network; its own content security policy forbids
 * them. The only script that it lets run is the one given here, named by its hash.
 */
export function page(parts: {
  title: string;
  body: ComponentChild[];
  /** Rules beyond the common sheet. */
  sheet?: string;
  script?: string;
}): string {
  const { title, body, sheet = "", script } = parts;
  const hash = script && createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'${hash ? `; script-src 'sha256-${hash}'` : ""}`;
  const whole = h("html", { lang: "en" }, [
    h("head", null, [
      h("meta", { charset: "utf-8" }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("meta", { "http-equiv": "Content-Security-Policy", content: policy }),
      h("title", null, title),
      h("style", { dangerouslySetInnerHTML: { __html: SHEET + sheet } }),
    ]),
    h("body", null, [
      h("main", null, body),
      script && h("script", { dangerouslySetInnerHTML: { __html: script } }),
    ]),
  ]);
  return `<!doctype html>\n${render(whole)}\n`;
}
