import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { catalogAsOf, FREEHOLD_VERSION } from "../../catalog/index.ts";
import { json, styleOf, wrap } from "../../report/index.ts";
import type { DoctorDocument } from "../../report/schema/facts.ts";
import { EXIT, type Io } from "../io.ts";
import { emit, format } from "../output.ts";
import { loadAndPlan, type StackFlags } from "../pipeline.ts";

type Check = DoctorDocument["checks"][number];

/** `freehold doctor`: what `pulumi up` will need on this machine. Names of credentials, never their values. */
export async function doctor(
  flags: Partial<StackFlags> & { output?: string; out?: string },
  io: Io,
): Promise<number> {
  const kind = format(flags.output, ["text", "json"]);
  const checks: Check[] = [
    node(),
    tool("pulumi", ["version"], "install the Pulumi CLI: https://www.pulumi.com/docs/install/"),
  ];
  let fits = true;
  if (flags.stack !== undefined) {
    const { plan, secretKeys } = await loadAndPlan(flags as StackFlags, io);
    fits = plan.verdict === "ok";
    checks.push({
      name: "stack",
      status: fits ? "ok" : "fail",
      detail: fits ? `${flags.stack} fits` : plan.refusals.map((refusal) => refusal.message).join("; "),
      fix: fits ? null : `freehold plan -s ${flags.stack}`,
    });
    if (plan.cluster.kind === "existing")
      checks.push(kubeconfig(plan.cluster.context, secretKeys), ...cluster(plan.cluster.context));
    else
      checks.push(
        credentials(),
        ...route(plan.infrastructure?.access.via ?? null, plan.infrastructure?.name ?? "", plan.region ?? ""),
      );
  }
  const document: DoctorDocument = {
    schema: "freehold.doctor/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: catalogAsOf(),
    stack: flags.stack ?? null,
    checks,
  };
  const style = styleOf(io.color && !flags.out);
  const paint = { ok: style.good, warn: style.warn, fail: style.bad, skipped: style.dim };
  const text = checks
    .flatMap((check) => [
      wrap(`${paint[check.status](check.status)} ${check.name}: ${check.detail}`, "", undefined, "    "),
      ...(check.fix ? [wrap(`fix: ${check.fix}`, "    ")] : []),
    ])
    .join("\n");
  emit(io, kind === "json" ? json(document) : text, flags.out);
  if (!fits) return EXIT.doesNotFit;
  return checks.some((check) => check.status === "fail") ? EXIT.unexpected : EXIT.ok;
}

function node(): Check {
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  const enough = major > 22 || (major === 22 && minor >= 18);
  return {
    name: "node",
    status: enough ? "ok" : "fail",
    detail: `Node ${process.versions.node}`,
    fix: enough ? null : "Node 22.18 or newer",
  };
}

function tool(command: string, args: string[], fix: string): Check {
  const result = spawnSync(command, args, { encoding: "utf8", timeout: 10_000 });
  if (result.error) {
    const { code } = result.error as NodeJS.ErrnoException;
    const detail =
      code === "ENOENT"
        ? `${command} is not on PATH`
        : `${command} did not answer (${code ?? "no reason given"})`;
    return { name: command, status: "warn", detail, fix };
  }
  if (result.status !== 0) {
    const said = (result.stderr || result.stdout).trim().split("\n")[0]!.slice(0, 120);
    return {
      name: command,
      status: "warn",
      detail: `${command} failed: ${said || `status ${result.status}`}`,
      fix,
    };
  }
  return {
    name: command,
    status: "ok",
    detail: result.stdout.trim().split("\n")[0]!.slice(0, 60),
    fix: null,
  };
}

function credentials(): Check {
  const named = [
    "AWS_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  ].filter((name) => process.env[name]);
  const file = existsSync(join(homedir(), ".aws/credentials")) || existsSync(join(homedir(), ".aws/config"));
  if (named.length > 0)
    return { name: "aws credentials", status: "ok", detail: `from ${named.join(", ")}`, fix: null };
  return file
    ? { name: "aws credentials", status: "ok", detail: "from the shared AWS files", fix: null }
    : {
        name: "aws credentials",
        status: "warn",
        detail: "none found in the environment or the shared files",
        fix: "aws sso login, then AWS_PROFILE",
      };
}

/** The route that the stack's `cluster.access.via` needs. */
function route(via: string | null, name: string, region: string): Check[] {
  if (via === "ssm") {
    return [
      tool("session-manager-plugin", ["--version"], "install the Session Manager plugin for the AWS CLI"),
      {
        name: "port-forward",
        status: "skipped",
        detail: `run it while \`pulumi up\` builds the kubernetes layer: aws ssm start-session --region ${region} --target <instance tagged Name=${name}-access> --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=<cluster endpoint>,portNumber=443,localPortNumber=9443`,
        fix: null,
      },
    ];
  }
  if (via === "staged") {
    return [
      {
        name: "stages",
        status: "skipped",
        detail:
          "1. pulumi up with freehold:layers [infrastructure]; 2. pulumi up with both layers from a runner inside the VPC",
        fix: null,
      },
    ];
  }
  const result = spawnSync(
    "aws",
    [
      "eks",
      "describe-cluster",
      "--name",
      name,
      "--region",
      region,
      "--query",
      "cluster.endpoint",
      "--output",
      "text",
    ],
    { encoding: "utf8", timeout: 15_000 },
  );
  const host = result.status === 0 ? result.stdout.trim().replace(/^https:\/\//, "") : "";
  if (!host)
    return [
      {
        name: "route to the endpoint",
        status: "skipped",
        detail: "the cluster does not exist yet, or the AWS CLI cannot see it",
        fix: null,
      },
    ];
  const probe = spawnSync(process.execPath, [
    "-e",
    "const s=require('net').connect(443,process.argv[1],()=>process.exit(0));s.on('error',()=>process.exit(1));setTimeout(()=>process.exit(1),4000)",
    host,
  ]);
  return [
    {
      name: "route to the endpoint",
      status: probe.status === 0 ? "ok" : "fail",
      detail: `${host}:443`,
      fix: probe.status === 0 ? null : "run from inside the VPC, or set cluster.access.via: ssm",
    },
  ];
}

function kubeconfig(context: string | null, secretKeys: readonly string[]): Check {
  const name = "kubeconfig";
  if (secretKeys.includes("freehold:cluster"))
    return { name, status: "ok", detail: "a secret of the stack", fix: null };
  // Several files may be named, as kubectl reads them.
  const files = (process.env["KUBECONFIG"] ?? join(homedir(), ".kube/config"))
    .split(delimiter)
    .filter(Boolean);
  return files.some((file) => existsSync(resolve(file)))
    ? { name, status: "ok", detail: `found${context ? `, context ${context}` : ""}`, fix: null }
    : {
        name,
        status: "fail",
        detail: "no kubeconfig: KUBECONFIG names no file",
        fix: "set KUBECONFIG, or the secret freehold:cluster.kubeconfig",
      };
}

function cluster(context: string | null): Check[] {
  const args = [...(context ? ["--context", context] : []), "version", "--request-timeout=5s", "-o", "json"];
  return [tool("kubectl", args, "the cluster does not answer, or kubectl is missing")];
}
