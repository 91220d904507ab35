import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  warnings: string[];
}

type Json = Record<string, unknown>;

/** A throwaway etcd and kube-apiserver on 127.0.0.1, with the real CRDs. */
export class Cluster {
  private readonly dir = mkdtempSync(join(tmpdir(), "freehold-kube-"));
  private readonly children: ChildProcess[] = [];
  private readonly cache: string;
  private port = 0;
  private readonly plurals = new Map<string, { plural: string; namespaced: boolean }>();

  constructor(cache: string) {
    this.cache = cache;
  }

  async start(): Promise<void> {
    const [etcd, peer, api] = await Promise.all([freePort(), freePort(), freePort()]);
    this.port = api;
    this.spawn("etcd", [
      "--data-dir",
      join(this.dir, "etcd"),
      "--listen-client-urls",
      `http://127.0.0.1:${etcd}`,
      "--advertise-client-urls",
      `http://127.0.0.1:${etcd}`,
      "--listen-peer-urls",
      `http://127.0.0.1:${peer}`,
      "--initial-advertise-peer-urls",
      `http://127.0.0.1:${peer}`,
      "--initial-cluster",
      `default=http://127.0.0.1:${peer}`,
    ]);
    const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
      type: "pkcs1",
      format: "pem",
    });
    writeFileSync(join(this.dir, "sa.key"), key);
    writeFileSync(join(this.dir, "tokens.csv"), 'engine,admin,admin,"system:masters"\n');
    this.spawn(join(this.cache, "kube-apiserver"), [
      `--etcd-servers=http://127.0.0.1:${etcd}`,
      `--service-account-key-file=${this.dir}/sa.key`,
      `--service-account-signing-key-file=${this.dir}/sa.key`,
      "--service-account-issuer=https://127.0.0.1",
      `--token-auth-file=${this.dir}/tokens.csv`,
      "--authorization-mode=RBAC",
      "--bind-address=127.0.0.1",
      `--secure-port=${api}`,
      `--cert-dir=${this.dir}/certs`,
      "--service-cluster-ip-range=172.20.0.0/16",
      "--allow-privileged=true",
      // Tokens are bound by the controller manager, which is not here.
      "--disable-admission-plugins=ServiceAccount",
    ]);
    await this.until(
      async () => (await this.call("GET", "/readyz")).status === 200,
      "kube-apiserver did not become ready",
    );
    await this.applyCrds();
  }

  private spawn(command: string, args: string[]): void {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr!.resume();
    this.children.push(child);
  }

  private async until(test: () => Promise<boolean>, message: string): Promise<void> {
    const end = Date.now() + 90_000;
    while (Date.now() < end) {
      if (await test().catch(() => false)) return;
      await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error(message);
  }

  private async applyCrds(): Promise<void> {
    const names: string[] = [];
    for (const folder of readdirSync(join(this.cache, "crds"))) {
      for (const file of readdirSync(join(this.cache, "crds", folder))) {
        for (const document of parseAllDocuments(
          readFileSync(join(this.cache, "crds", folder, file), "utf8"),
        )) {
          const crd = document.toJS() as { kind?: string; metadata: { name: string } } | null;
          if (crd?.kind !== "CustomResourceDefinition") continue;
          const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}?fieldManager=engine&force=true`;
          const answer = await this.call("PATCH", path, crd as unknown as Json);
          if (answer.status >= 300)
            throw new Error(`${crd.metadata.name}: ${JSON.stringify(answer.body).slice(0, 500)}`);
          names.push(crd.metadata.name);
        }
      }
    }
    if (names.length === 0) throw new Error("no CRDs were found");
    for (const name of names) {
      await this.until(async () => {
        const { body } = await this.call(
          "GET",
          `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`,
        );
        const conditions = ((body["status"] as Json | undefined)?.["conditions"] ?? []) as {
          type: string;
          status: string;
        }[];
        return conditions.some(
          (condition) => condition.type === "Established" && condition.status === "True",
        );
      }, `${name} was not established`);
    }
  }

  /** Server-side apply with strict field validation. */
  async apply(object: Json): Promise<Answer> {
    const metadata = object["metadata"] as { name: string; namespace?: string };
    const path = `${await this.path(String(object["apiVersion"]), String(object["kind"]), metadata.namespace)}/${metadata.name}`;
    return this.call("PATCH", `${path}?fieldManager=freehold&fieldValidation=Strict`, object);
  }

  async path(apiVersion: string, kind: string, namespace: string | undefined): Promise<string> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const id = `${apiVersion}/${kind}`;
    if (!this.plurals.has(id)) {
      const { status, body } = await this.call("GET", base);
      if (status !== 200) throw new Error(`${base} is not served`);
      for (const entry of body["resources"] as { name: string; kind: string; namespaced: boolean }[]) {
        if (!entry.name.includes("/"))
          this.plurals.set(`${apiVersion}/${entry.kind}`, {
            plural: entry.name,
            namespaced: entry.namespaced,
          });
      }
    }
    const found = this.plurals.get(id);
    if (!found) throw new Error(`${id} is not served`);
    return `${base}${found.namespaced ? `/namespaces/${namespace ?? "default"}` : ""}/${found.plural}`;
  }

  call(method: string, path: string, body?: Json): Promise<Answer> {
    return new Promise((done, fail) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const req = request(
        {
          host: "127.0.0.1",
          port: this.port,
          path,
          method,
          rejectUnauthorized: false,
          headers: {
            Authorization: "Bearer engine",
            ...(text !== undefined && {
              "Content-Type": method === "PATCH" ? "application/apply-patch+yaml" : "application/json",
            }),
          },
        },
        (response) => {
          let data = "";
          response.on("data", (chunk: Buffer) => {
            data += chunk.toString("utf8");
          });
          response.on("end", () => {
            const header = response.headers["warning"];
            const warnings = header === undefined ? [] : [String(header)];
            let parsed: Json = {};
            try {
              parsed = JSON.parse(data) as Json;
            } catch {
              parsed = { text: data };
            }
            done({ status: response.statusCode ?? 0, body: parsed, warnings });
          });
        },
      );
      req.on("error", fail);
      req.end(text);
    });
  }

  stop(): void {
    for (const child of this.children.reverse()) child.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

/** Whether a program is on PATH. */
export function onPath(command: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
