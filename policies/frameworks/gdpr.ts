import type { Framework, FrameworkControl } from "../types.ts";

const PREFIX = "GDPR";

function row(
  level: FrameworkControl["level"],
  articles: string[],
  why: string,
  onUnknown: FrameworkControl["onUnknown"] = "warn",
): FrameworkControl {
  return { level, references: articles.map((article) => `${PREFIX} ${article}`), onUnknown, why };
}

const TRANSFER = ["44", "45-46", "28(3)(a)", "30(2)(c)"];
/** Residency: the text conditions transfers to third countries; it does not itself ask for one region. */
const residency = (why: string, level: FrameworkControl["level"] = "mandatory") =>
  row(level, TRANSFER, why, "error");

/**
 * Regulation (EU) 2016/679. Articles 25, 30 and 32 follow prowler's gdpr_aws mapping; all others are inferred from
 * the text and say what a control supports, not that it alone satisfies the article.
 */
export const gdpr: Framework = {
  name: "gdpr",
  title: "General Data Protection Regulation",
  source: "Regulation (EU) 2016/679; prowler-cloud/prowler@3e000fa prowler/compliance/aws/gdpr_aws.json",
  controls: {
    "RES-01": residency("a provider without a known, allowed region can write anywhere"),
    "RES-02": residency("a resource's own region overrides its provider's"),
    "RES-03": residency("another partition is another legal operator"),
    "RES-04": residency("an ARN names the region in which data is read or written"),
    "RES-05": residency("a zone decides the building, Local Zones included"),
    "RES-06": residency("replication is a copy into another region"),
    "RES-07": residency("a Multi-Region Access Point answers from every bucket behind it"),
    "RES-08": residency("uploads enter through edge sites outside of any region"),
    "RES-09": residency("a multi-Region key makes data readable in another region"),
    "RES-10": residency("a secret's replica is a copy into another region"),
    "RES-11": residency("a backup copy is a copy of the data"),
    "RES-12": residency("a copied snapshot or image holds what its disk held"),
    "RES-13": residency("a schedule copies snapshots without anyone asking"),
    "RES-14": residency("registry replication is a copy into another region"),
    "RES-15": residency("images come through an upstream that was agreed on", "advisory"),
    "RES-16": residency("a replica of a file system is a copy into another region"),
    "RES-17": residency("a global table keeps every item in each of its regions"),
    "RES-18": residency("replicated backups and global clusters are copies into another region"),
    "RES-19": residency("edge services handle data outside of any region"),
    "RES-20": residency("a peering carries data into the peer's region"),
    "RES-21": residency("an endpoint of another region carries data there"),
    "RES-22": residency(
      "query logs, certificates and web ACLs of global services are kept in one fixed region",
      "advisory",
    ),
    "RES-23": residency("an inference profile answers in any of its regions, and the prompt goes with it"),
    "S3-01": row("mandatory", ["25(2)", "32(1)(b)"], "personal data is not public by default"),
    "S3-02": row("mandatory", ["32(1)(a)"], "data in transit is encrypted"),
    "S3-03": row("mandatory", ["32(1)(a)"], "data at rest is encrypted with a key under control"),
    "S3-07": row("mandatory", ["25(2)", "32(1)(b)"], "no statement opens the bucket to everyone"),
    "STO-01": row("mandatory", ["32(1)(a)"], "volumes are encrypted at rest"),
    "KMS-01": row("mandatory", ["32(1)(a)"], "keys are renewed"),
    "KMS-02": row("mandatory", ["32(1)(b)"], "no one else may use the key"),
    "EKS-01": row("mandatory", ["25(2)", "32(1)(b)"], "the control plane is not on the internet"),
    "EKS-02": row("mandatory", ["25(2)", "32(1)(b)"], "a public endpoint is open to named networks only"),
    "EKS-03": row("mandatory", ["32(1)(a)"], "Kubernetes secrets are encrypted with an own key"),
    "EKS-04": row("mandatory", ["30", "32(1)(d)"], "access is recorded"),
    "EKS-08": row("mandatory", ["32(1)(b)"], "network policies are enforced, not only accepted"),
    "EC2-01": row("mandatory", ["32(1)(b)"], "instance credentials cannot be fetched by request forgery"),
    "EC2-03": row("mandatory", ["25(2)"], "nodes are not on the internet"),
    "NET-01": row("mandatory", ["30", "32(1)(d)"], "network access is recorded"),
    "NET-05": row("mandatory", ["32(1)(b)"], "SSH is not open to the internet"),
    "NET-06": row("mandatory", ["32(1)(b)"], "RDP is not open to the internet"),
    "NET-07": row("mandatory", ["32(1)(b)"], "plain HTTP is not open to the internet"),
    "NET-08": row("mandatory", ["32(1)(b)"], "no group is open on every port"),
    "LOG-01": row("mandatory", ["5(1)(e)"], "storage limitation: logs have an end"),
    "LOG-02": row(
      "advisory",
      ["32(1)(d)"],
      "long enough to test and evaluate the measures; the text gives no number",
    ),
    "LOG-03": row("mandatory", ["32(1)(a)"], "logs are encrypted with an own key"),
    "K8S-01": row("mandatory", ["25", "32(1)(b)"], "a privileged container is root on the node"),
    "K8S-02": row("mandatory", ["25", "32(1)(b)"], "a process cannot gain rights"),
    "K8S-03": row("mandatory", ["25", "32(1)(b)"], "containers do not run as root"),
    "K8S-04": row("advisory", ["25", "32(1)(b)"], "what runs cannot be changed while it runs"),
    "K8S-05": row("mandatory", ["25", "32(1)(b)"], "kernel capabilities are dropped"),
    "K8S-06": row("mandatory", ["25", "32(1)(b)"], "a container cannot forge packets of its neighbours"),
    "K8S-07": row("mandatory", ["25", "32(1)(b)"], "containers get no rights beyond the runtime's own"),
    "K8S-08": row("mandatory", ["25", "32(1)(b)"], "SYS_ADMIN is nearly root on the node"),
    "K8S-09": row("mandatory", ["25", "32(1)(b)"], "system calls are filtered"),
    "K8S-10": row("mandatory", ["25", "32(1)(b)"], "pods do not share the node's namespaces"),
    "K8S-11": row("mandatory", ["25", "32(1)(b)"], "pods do not see the node's file system"),
    "K8S-12": row(
      "mandatory",
      ["25", "32(1)(b)"],
      "who talks to the runtime reads every container of the node",
    ),
    "K8S-13": row("mandatory", ["25", "32(1)(b)"], "a port of the node is past network policies"),
    "K8S-14": row(
      "mandatory",
      ["25", "32(1)(b)"],
      "kernel settings of the node hold for its other pods, too",
    ),
    "K8S-15": row("advisory", ["25", "32(1)(b)"], "one workload cannot starve the others of a node"),
    "K8S-16": row("advisory", ["25", "32(1)(b)"], "one workload cannot starve the others of a node"),
    "K8S-17": row("advisory", ["25", "32(1)(b)"], "the service stays available under load"),
    "K8S-18": row("advisory", ["25", "32(1)(b)"], "the service stays available under load"),
    "K8S-19": row("mandatory", ["25", "32(1)(b)"], "what runs is named"),
    "K8S-20": row("mandatory", ["25", "32(1)(b)"], "what runs cannot be exchanged under its name"),
    "K8S-21": row("mandatory", ["25", "32(1)(b)"], "images come from sources that were agreed on"),
    "K8S-22": row("advisory", ["25", "32(1)(b)"], "child processes and crash reports do not carry secrets"),
    "K8S-23": row(
      "mandatory",
      ["25", "32(1)(b)"],
      "a ConfigMap is read by everyone with a look at the namespace",
    ),
    "K8S-24": row("mandatory", ["25", "32(1)(b)"], "workloads are separated by namespace"),
    "K8S-25": row("advisory", ["25", "32(1)(b)"], "a pod that is taken over holds no token of the cluster"),
    "K8S-26": row("mandatory", ["25", "32(1)(b)"], "access is limited to what is needed"),
    "K8S-27": row("mandatory", ["25", "32(1)(b)"], "every workload has a network boundary"),
    "K8S-28": row("mandatory", ["25", "32(1)(b)", "44"], "egress is denied unless allowed"),
    "K8S-29": row("mandatory", ["25", "32(1)(b)", "44"], "no workload can send data to the internet"),
    "K8S-30": row("mandatory", ["25", "32(1)(b)"], "clients reach the service encrypted"),
    "K8S-31": row(
      "mandatory",
      ["25", "32(1)(b)"],
      "the service is not reachable from outside the cluster by default",
    ),
    "K8S-32": row("mandatory", ["25", "32(1)(b)"], "the service is not on the internet"),
    "K8S-33": row("mandatory", ["25", "32(1)(b)"], "clients reach the load balancer encrypted"),
    "K8S-34": row("advisory", ["25", "32(1)(b)"], "the service does not open ports of the nodes"),
    "LLM-01": row("mandatory", ["44", "25"], "the engine's usage statistics go to a third country"),
    "LLM-02": row("mandatory", ["5(1)(c)", "25", "9"], "prompts are not written to logs"),
    "LLM-03": row("mandatory", ["32(1)(b)"], "the API asks for a key, and the key is not in the manifest"),
    "LLM-04": row("mandatory", ["44"], "weights come from storage of one's own, not from a hub at start-up"),
    "LLM-05": row("mandatory", ["32(1)(b)"], "development endpoints run code and reset state"),
    "LLM-06": row("mandatory", ["32(1)(b)"], "a model repository must not run its own code"),
    "LLM-07": row("mandatory", ["32(1)(b)"], "the engine does not run code that a model wrote"),
    "LLM-09": row("mandatory", ["28", "44"], "a hosted model is a processor, and may be in a third country"),
  },
};
