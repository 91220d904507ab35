import type { StackSpec } from "../../config/index.ts";
import { PRE_STOP_SECONDS, SHUTDOWN_SECONDS } from "../engine-args.ts";
import { API_KEY_SECRET, ENGINE_PORT } from "../names.ts";
import { startUp } from "../startup.ts";
import type { ModelPlan } from "../types.ts";

/** What DaemonSets and the node itself keep of a GPU node: CNI, kube-proxy, device plugin, exporters. */
const NODE_RESERVE = { cpu: 1, memoryMib: 1536 };
/** User of the container; the image's own is root. */
const USER_ID = 10001;

/** CPU and memory of one replica: an equal share of the node after the reserve, so that a node is filled. */
export function podResources(model: ModelPlan, node: { vcpu: number; allocatableMib: number }) {
  const share = (whole: number) => whole / model.replicasPerNode;
  const memoryMib = Math.floor(share(node.allocatableMib - NODE_RESERVE.memoryMib) / 256) * 256;
  const cpu = Math.max(1, Math.floor(share(node.vcpu - NODE_RESERVE.cpu)));
  // /dev/shm counts against the memory limit; NCCL wants about 2 GiB a rank.
  const shmMib = Math.min(2048 * model.tensorParallel, Math.floor(memoryMib / 4));
  return { cpu, memoryMib, shmMib };
}

function environment(spec: StackSpec): Record<string, unknown>[] {
  const plain: Record<string, string> = {
    // Caches and the home directory live on a scratch volume: the image's own belong to root.
    HOME: "/cache",
    USER: "vllm",
    XDG_CACHE_HOME: "/cache",
    VLLM_CACHE_ROOT: "/cache/vllm",
    TORCHINDUCTOR_CACHE_DIR: "/cache/inductor",
    TRITON_CACHE_DIR: "/cache/triton",
    VLLM_NO_USAGE_STATS: "1",
    DO_NOT_TRACK: "1",
    HF_HUB_DISABLE_TELEMETRY: "1",
    VLLM_LOGGING_LEVEL: "INFO",
    VLLM_MAX_N_SEQUENCES: "128",
  };
  if (spec.weights.from !== "hub") Object.assign(plain, { HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" });
  if (spec.weights.from === "s3") {
    Object.assign(plain, { AWS_REGION: spec.aws!.region, AWS_EC2_METADATA_DISABLED: "true" });
  }
  return [
    { name: "VLLM_API_KEY", valueFrom: { secretKeyRef: { name: API_KEY_SECRET, key: "VLLM_API_KEY" } } },
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
  ];
}

/** The pod of one replica, for the restricted Pod Security level. */
export function podSpec(
  model: ModelPlan,
  spec: StackSpec,
  node: { vcpu: number; allocatableMib: number },
  nodeSelector: Record<string, string>,
): Record<string, unknown> {
  const { cpu, memoryMib, shmMib } = podResources(model, node);
  const { startupMinutes } = spec.models.find((m) => m.name === model.name)!;
  const startup = startUp(model, spec.weights.from, startupMinutes).probeSeconds;
  const health = { path: "/health", port: "http" };
  const volumes: Record<string, unknown>[] = [
    { name: "shm", emptyDir: { medium: "Memory", sizeLimit: `${shmMib}Mi` } },
    { name: "cache", emptyDir: { sizeLimit: "20Gi" } },
    { name: "tmp", emptyDir: { sizeLimit: "5Gi" } },
  ];
  const mounts: Record<string, unknown>[] = [
    { name: "shm", mountPath: "/dev/shm" },
    { name: "cache", mountPath: "/cache" },
    { name: "tmp", mountPath: "/tmp" },
  ];
  if (spec.weights.from === "pvc") {
    volumes.push({
      name: "models",
      persistentVolumeClaim: { claimName: spec.weights.claim, readOnly: true },
    });
    mounts.push({ name: "models", mountPath: "/models", readOnly: true });
  }
  return {
    serviceAccountName: model.name,
    automountServiceAccountToken: false,
    // Kubernetes would otherwise inject <SERVICE>_PORT variables, some of which the engine parses.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: PRE_STOP_SECONDS + SHUTDOWN_SECONDS + 15,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER_ID,
      runAsGroup: USER_ID,
      fsGroup: USER_ID,
      seccompProfile: { type: "RuntimeDefault" },
    },
    nodeSelector,
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    ...(model.replicas.max > 1 && {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: { "app.kubernetes.io/instance": model.name } },
        },
      ],
    }),
    containers: [
      {
        name: "engine",
        image: model.image,
        imagePullPolicy: "IfNotPresent",
        command: ["vllm", "serve"],
        args: model.engineArgs,
        env: environment(spec),
        ports: [{ name: "http", containerPort: ENGINE_PORT, protocol: "TCP" }],
        resources: {
          requests: {
            cpu: String(cpu),
            memory: `${memoryMib}Mi`,
            "nvidia.com/gpu": String(model.tensorParallel),
          },
          limits: { memory: `${memoryMib}Mi`, "nvidia.com/gpu": String(model.tensorParallel) },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          privileged: false,
          capabilities: { drop: ["ALL"] },
          // The NVIDIA container hook writes library links into the root file system at start.
          readOnlyRootFilesystem: false,
        },
        startupProbe: {
          httpGet: health,
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: Math.ceil(startup / 10),
        },
        // A saturated engine misses a short probe: only a minute of silence restarts it.
        livenessProbe: { httpGet: health, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6 },
        readinessProbe: { httpGet: health, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
        lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
        volumeMounts: mounts,
      },
    ],
    volumes,
  };
}
