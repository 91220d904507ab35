import { spawnSync } from "node:child_process";
import { nearest } from "../config/nearest.ts";
import { usageError } from "./io.ts";
import type { Elsewhere } from "./pipeline.ts";

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Stack files of a project as they were at a git revision.
 *
 * @param folder of the project, inside the repository
 * @throws CommandError when git is missing, the folder is in no repository, or the revision is not known
 */
export function atRevision(revision: string, folder: string): Elsewhere {
  const commit = resolveCommit(revision, folder);
  return { name: revision, read: (file) => readAt(commit, revision, file, folder) };
}

function resolveCommit(revision: string, folder: string): string {
  // A name that starts with a dash would be read as an option; git allows no such name for a branch or a tag.
  const found =
    revision === "" || revision.startsWith("-")
      ? null
      : git(folder, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
  if (found?.ok) return found.out.toString("utf8").trim();
  const inside = git(folder, ["rev-parse", "--git-dir"]);
  if (!inside.ok)
    throw usageError(
      "not-a-repository",
      `${folder} is in no git repository${/^not a git repo/.test(inside.message) ? "" : `: ${inside.message}`}`,
      {
        value: revision,
        fix: "--stack-dir FOLDER of a checkout, or a bill as a JSON file",
      },
    );
  const listed = git(folder, ["for-each-ref", "--format=%(refname:short)"]);
  const names = listed.ok ? listed.out.toString("utf8").split("\n").filter(Boolean) : [];
  const close = nearest(revision, names, 3);
  throw usageError("unknown-revision", `git knows no revision '${revision}'`, {
    value: revision,
    allowed: close.length > 0 ? close : names.slice(0, 10),
    fix: close[0] ? `did you mean ${close[0]}?` : "git log --oneline",
  });
}

function readAt(commit: string, revision: string, file: string, folder: string): Uint8Array {
  const path = `./${file.replaceAll("\\", "/").replace(/^\.\//, "")}`;
  const shown = git(folder, ["cat-file", "blob", `${commit}:${path}`]);
  if (shown.ok) return shown.out;
  const listed = git(folder, ["ls-tree", "--name-only", commit, path.replace(/[^/]*$/, "")]);
  const stacks = (listed.ok ? listed.out.toString("utf8").split("\n") : []).flatMap(
    (name) => /Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? [],
  );
  throw usageError("not-in-revision", `there is no ${file} at ${revision}`, {
    file: `${revision}:${file}`,
    allowed: stacks,
    fix: stacks[0] ? `${revision}:${stacks[0]}` : `git ls-tree -r --name-only ${revision}`,
  });
}

type Answer = { ok: true; out: Buffer } | { ok: false; message: string };

/** Runs git without a shell. @throws CommandError when there is no git */
function git(folder: string, args: string[]): Answer {
  const { status, error, stdout, stderr } = spawnSync("git", ["-C", folder, ...args], {
    maxBuffer: MAX_BYTES,
    env: { ...process.env, LC_ALL: "C" },
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT")
    throw usageError("git-missing", "REV:STACK needs git, which is not on PATH", { fix: "install git" });
  if (status === 0 && !error) return { ok: true, out: stdout };
  const [line] = (stderr?.toString("utf8") ?? "").split("\n");
  return {
    ok: false,
    message: line!.replace(/^fatal: /, "") || (error?.message ?? `git ended with ${status}`),
  };
}
