import { z } from "zod";
import { DATE, isDate } from "./schema-parts.ts";

const regionName = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
/** Description of the one field that may be a secret. */
export const KUBECONFIG =
  "Kubeconfig as a secret (`pulumi config set --secret --path freehold:cluster.kubeconfig`). Default: the file in KUBECONFIG.";
const KUBERNETES_VERSION = 'a Kubernetes minor version in quotes, e.g. "1.35"';
const duration = z.int().min(1);

/** The AWS account and region. Left out for `cluster.kind: existing`. */
export const awsSchema = z
  .strictObject({
    region: z
      .string()
      .regex(regionName, "an AWS region such as eu-central-1")
      .describe("Region of every resource."),
    accountId: z
      .string()
      .regex(/^\d{12}$/, "twelve digits, quoted")
      .describe(
        "Account the stack may be built in; becomes the provider's allowedAccountIds, and makes every ARN known before anything exists.",
      ),
  })
  .describe("Where the AWS resources live.");

/** The residency boundary that policies judge against. */
export const residencySchema = z
  .strictObject({
    allowedRegions: z
      .union([z.string(), z.array(z.string())])
      .default([])
      .describe("Regions, or sets: eea, eu-adequate, us, eusc. Required by gdpr and hipaa."),
    allowGlobalServices: z
      .array(z.string())
      .default([])
      .describe("Global AWS services that are accepted, e.g. cloudfront."),
  })
  .describe("Regions in which data may live.");

export const networkSchema = z
  .strictObject({
    cidr: z
      .string()
      .regex(
        /^(\d{1,3}\.){3}\d{1,3}\/(1[6-9]|20)$/,
        "a private IPv4 block from /16 to /20, e.g. 10.40.0.0/16",
      )
      .default("10.40.0.0/16")
      .describe("Address block of the VPC."),
    availabilityZones: z
      .int()
      .min(2)
      .max(4)
      .default(3)
      .describe("Availability Zones with a private subnet each."),
    egress: z
      .enum(["endpoints", "nat", "nat-per-az"])
      .default("nat-per-az")
      .describe(
        "How nodes reach image registries. nat: one NAT gateway. nat-per-az: one in each zone. endpoints: no route to the internet; every image, the operators' too, must come from your own registry.",
      ),
  })
  .describe("The VPC.");

const eksSchema = z.strictObject({
  kind: z.literal("eks").describe("A cluster that Freehold builds in AWS."),
  version: z
    .string()
    .regex(/^1\.\d{2}$/, KUBERNETES_VERSION)
    .default("1.35")
    .describe("Kubernetes version of the control plane."),
  access: z
    .strictObject({
      via: z
        .enum(["in-vpc", "ssm", "staged"])
        .describe(
          "How `pulumi up` reaches the private API endpoint. in-vpc: the runner has a route. ssm: an instance without ingress is built and the kubeconfig goes through its port-forward. staged: infrastructure first, the kubernetes layer from inside.",
        ),
    })
    .describe("The route to the private endpoint."),
  admins: z
    .array(z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:(role|user)\/.+$/, "an IAM role or user ARN"))
    .default([])
    .describe("IAM principals with cluster-admin through EKS access entries."),
  systemNodes: z
    .strictObject({
      instance: z
        .string()
        .default("m7i.large")
        .describe("Instance type of the nodes that run the operators."),
      count: z.int().min(2).max(20).default(2).describe("Number of them, spread over the zones."),
    })
    .prefault({})
    .describe("Nodes for the operators; models never run there."),
});

const existingSchema = z.strictObject({
  kind: z.literal("existing").describe("A cluster that you have; only the Kubernetes layer is built."),
  context: z.string().optional().describe("Context of the kubeconfig. Default: its current context."),
  kubeconfig: z.string().optional().describe(KUBECONFIG),
  version: z
    .string()
    .regex(/^1\.\d{2}$/, KUBERNETES_VERSION)
    .default("1.35")
    .describe("Kubernetes version of the cluster."),
  nodes: z
    .strictObject({
      gpu: z.string().describe("GPU of the catalogue, e.g. A100-80G."),
      gpusPerNode: z.int().min(1).max(16).describe("GPUs of one node."),
      count: z.int().min(1).max(1000).describe("Nodes of this kind."),
      memoryGib: z.number().positive().describe("Memory of one node that pods may request, GiB."),
      vcpu: z.int().positive().describe("Virtual CPUs of one node."),
      driver: z.string().default("580").describe("Branch of the NVIDIA driver on the nodes."),
      selector: z
        .record(z.string(), z.string())
        .default({ "nvidia.com/gpu.present": "true" })
        .describe("Node labels that select the GPU nodes."),
    })
    .describe("The GPU nodes that the cluster already has."),
  operators: z
    .enum(["install", "present"])
    .default("present")
    .describe(
      "present: KEDA, the Prometheus operator and the device plugin are there. install: Freehold installs them.",
    ),
});

/** The Kubernetes cluster: one we build, or one that exists. */
export const clusterSchema = z
  .discriminatedUnion("kind", [eksSchema, existingSchema])
  .describe("The Kubernetes cluster.");

export const encryptionSchema = z
  .strictObject({
    customerKeys: z
      .boolean()
      .default(true)
      .describe(
        "Customer-managed KMS keys for secrets, volumes, buckets and logs. Required by gdpr and hipaa.",
      ),
  })
  .describe("Encryption at rest.");

export const weightsSchema = z
  .strictObject({
    from: z
      .enum(["s3", "pvc", "hub"])
      .default("s3")
      .describe(
        "s3: the stack's own bucket. pvc: a claim that exists in the namespace. hub: Hugging Face at start-up.",
      ),
    claim: z
      .string()
      .optional()
      .describe("Name of the PersistentVolumeClaim for `from: pvc`; weights at /<model id>."),
  })
  .describe("Where the engines read the weights from.");

export const monitoringSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe("PodMonitor, alert rules and dashboard."),
    labels: z
      .record(z.string(), z.string())
      .default({ release: "kube-prometheus-stack" })
      .describe("Labels by which your Prometheus finds monitors and rules."),
    prometheusUrl: z
      .string()
      .optional()
      .describe("Address of the Prometheus that KEDA reads. Default: the one Freehold installs."),
  })
  .describe("Metrics, alerts, dashboard.");

export const retentionSchema = z
  .strictObject({
    logDays: duration.default(365).describe("Days that log groups keep events."),
    auditLogDays: duration
      .default(365)
      .describe(
        "Days that control-plane and flow logs are kept (hipaa: 2192 is the common six-year reading).",
      ),
  })
  .describe("How long logs are kept. CloudWatch accepts a fixed list of values.");

export const budgetSchema = z
  .strictObject({
    monthlyUsd: z.number().min(0).optional().describe("Budget of a month, US dollars."),
    perMillionTokensUsd: z
      .number()
      .min(0)
      .optional()
      .describe("Budget per million tokens, input and output together."),
    basis: z.enum(["expected", "max"]).default("expected").describe("Which case of the bill counts."),
  })
  .describe("Over it, `freehold preview` exits 10.");

export const pricingSchema = z
  .strictObject({
    discountPct: z
      .number()
      .min(0)
      .lt(100)
      .default(0)
      .describe("Per cent that your agreement with AWS takes off every list price; not off spot prices."),
  })
  .describe("Terms of your own with AWS.");

export const hardwareSchema = z
  .strictObject({
    purchaseUsd: z.number().positive().describe("Purchase price of all GPU nodes together."),
    purchasedOn: z.string().refine(isDate, DATE).optional().describe("Date of the quotation or invoice."),
    source: z.string().min(1).describe("Where the price comes from: the quotation or invoice."),
    salvagePct: z
      .number()
      .min(0)
      .max(100)
      .default(10)
      .describe("Share of the price that is left after `years`."),
    years: z.number().positive().max(15).default(4).describe("Years of use."),
    interestPct: z.number().min(0).max(100).default(5).describe("Yearly cost of capital, per cent."),
    powerWatts: z.number().positive().describe("Mean draw of all nodes together under load."),
    pue: z.number().min(1).max(3).default(1.4).describe("Power usage effectiveness of the room."),
    usdPerKwh: z.number().positive().describe("Price of electricity."),
    colocationUsdPerMonth: z.number().min(0).default(0).describe("Rack space and network."),
    sparesPctPerYear: z
      .number()
      .min(0)
      .max(100)
      .default(0)
      .describe("Spare parts and repairs of a year, per cent of the purchase price."),
    engineerHoursPerMonth: z.number().min(0).describe("Hours of work a month on these nodes."),
    usdPerEngineerHour: z.number().positive().describe("Full cost of such an hour."),
  })
  .describe("What owned hardware costs; every figure is the user's own.");

const waiverSchema = z.strictObject({
  control: z.string().min(1).describe("Control that the waiver is for, e.g. S3-03."),
  resource: z
    .string()
    .min(1)
    .describe("URN or name of the resources that it covers; `*` stands for any text."),
  owner: z.string().min(1).describe("Who answers for the exception."),
  reason: z.string().min(10).describe("Why the finding is accepted, at least ten characters."),
  ticket: z.string().min(1).describe("Where the decision is recorded."),
  expires: z.string().refine(isDate, DATE).describe("Last day on which it holds (UTC), YYYY-MM-DD."),
  approver: z.string().min(1).describe("Who approved it."),
  alternativeMeasure: z.string().optional().describe("What protects instead (hipaa addressable controls)."),
});

export const policySchema = z
  .strictObject({
    allowedRegistries: z
      .array(z.string())
      .default(["docker.io/vllm/"])
      .describe("Registries (with a trailing slash) that images may come from."),
    allowedEgressHosts: z.array(z.string()).default([]).describe("Hosts that pods may reach."),
    allowedLlmHosts: z.array(z.string()).default([]).describe("Hosted LLM APIs that may be called."),
    waivers: z
      .array(waiverSchema)
      .default([])
      .describe("Accepted findings, each with an owner and a last day."),
  })
  .describe("Parameters of the policy rules.");
