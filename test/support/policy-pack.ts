/** Starts a policy pack as the engine starts one that is a folder: through the SDK's own runner. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

export interface PackInfo {
  name: string;
  version: string;
  policies: string[];
}

/** What the pack in a folder says of itself. @throws with the pack's own message when it does not start */
export async function packInfo(folder: string, env: NodeJS.ProcessEnv): Promise<PackInfo> {
  const { resolve } = createRequire(join(folder, "package.json"));
  const server = spawn(
    process.execPath,
    [resolve("@pulumi/pulumi/cmd/run-policy-pack"), "127.0.0.1:9", "."],
    {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  try {
    return await analyzerInfo(Number(await firstLine(server)), resolve);
  } finally {
    server.kill();
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let out = "";
    let err = "";
    child.stderr!.on("data", (data) => {
      err += data;
    });
    child.stdout!.on("data", (data) => {
      out += data;
      if (out.includes("\n")) done(out.split("\n")[0]!);
    });
    child.on("close", () => fail(new Error(`the pack ended: ${err}`)));
  });
}

/** What the engine asks a pack first. */
async function analyzerInfo(port: number, resolve: NodeJS.RequireResolve) {
  const require = createRequire(resolve("@pulumi/pulumi/package.json"));
  const { AnalyzerClient } = require("./proto/analyzer_grpc_pb.js");
  const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js");
  const client = new AnalyzerClient(
    `127.0.0.1:${port}`,
    require("@grpc/grpc-js").credentials.createInsecure(),
  );
  try {
    return await new Promise<{ name: string; version: string; policies: string[] }>((done, fail) => {
      client.getAnalyzerInfo(
        new Empty(),
        (
          error: Error | null,
          info: {
            getName(): string;
            getVersion(): string;
            getPoliciesList(): { getName(): string }[];
          },
        ) =>
          error
            ? fail(error)
            : done({
                name: info.getName(),
                version: info.getVersion(),
                policies: info.getPoliciesList().map((policy) => policy.getName()),
              }),
      );
    });
  } finally {
    client.close();
  }
}
