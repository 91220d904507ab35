const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

export interface State {
  urn: string;
  type: string;
  custom?: boolean;
  parent?: string;
  inputs?: Record<string, unknown>;
  provider?: string;
}

/** Resources that the engine itself adds, or that only it has. */
function relevant(state: State): boolean {
  return (
    !/^pulumi:providers:pulumi|default_/.test(state.urn.split("::").slice(2).join("::")) &&
    state.type !== "pulumi:pulumi:Stack"
  );
}

export function byUrn(states: State[]): Map<string, State> {
  return new Map(
    states.filter(relevant).map((state) => [state.urn.replace(/^urn:pulumi:[^:]+::[^:]+::/, ""), state]),
  );
}

/** Whether a value is, or holds, something that is not known or secret on one side. */
function opaque(value: unknown): boolean {
  if (typeof value === "string") return value.includes(SENTINEL) || value === "[secret]";
  return typeof value === "object" && value !== null && SIGNATURE in value;
}

/** Paths at which two values differ although both are known. */
export function differences(mine: unknown, theirs: unknown, path = ""): string[] {
  if (opaque(mine) || opaque(theirs)) return [];
  if (typeof mine === "object" && mine !== null && typeof theirs === "object" && theirs !== null) {
    const keys = new Set(
      [...Object.keys(mine), ...Object.keys(theirs)].filter(
        (key) => !["__defaults", "__internal", "version"].includes(key),
      ),
    );
    return [...keys].flatMap((key) =>
      differences(
        (mine as Record<string, unknown>)[key],
        (theirs as Record<string, unknown>)[key],
        path ? `${path}.${key}` : key,
      ),
    );
  }
  // Provider configuration travels as text: "true" and true are the same there.
  return mine === theirs || JSON.stringify(mine) === theirs || JSON.stringify(theirs) === mine
    ? []
    : [`${path}: ${JSON.stringify(mine)} ≠ ${JSON.stringify(theirs)}`];
}
