import type { Framework, FrameworkControl } from "../types.ts";

function row(
  level: FrameworkControl["level"],
  sections: string[],
  why: string,
  onUnknown: FrameworkControl["onUnknown"] = "warn",
): FrameworkControl {
  return { level, references: sections.map((section) => `HIPAA 164.${section}`), onUnknown, why };
}

/** HIPAA has no location rule: where ePHI lives enters the risk analysis. The mapping is inferred from that. */
const residency = (why: string, level: FrameworkControl["level"] = "mandatory") =>
  row(level, ["308(a)(1)(ii)(B)"], why, "error");
const POD = ["312(a)(1)", "308(a)(4)"];

/**
 * 45 CFR Part 164 Subpart C. Sections follow the published mappings of cdk-nag (RULES.md) and prowler
 * (hipaa_aws.json) where one of them has the control; the Kubernetes and engine rows are inferred from the text.
 */
export const hipaa: Framework = {
  name: "hipaa",
  title: "HIPAA Security Rule",
  source:
    "45 CFR 164.308-316; cdklabs/cdk-nag@ca6d1b5 RULES.md; prowler-cloud/prowler@3e000fa prowler/compliance/aws/hipaa_aws.json",
  controls: {
    "RES-01": residency("the risk analysis names where ePHI is"),
    "RES-02": residency("a resource's own region overrides its provider's"),
    "RES-03": residency("another partition is another operator and another agreement"),
    "RES-04": residency("an ARN names the region in which ePHI is read or written"),
    "RES-05": residency("a zone decides the building, Local Zones included"),
    "RES-06": residency("replication is a copy of ePHI"),
    "RES-07": residency("a Multi-Region Access Point answers from every bucket behind it"),
    "RES-08": residency("uploads enter through edge sites outside of any region", "advisory"),
    "RES-09": residency("a multi-Region key makes ePHI readable in another region"),
    "RES-10": residency("a secret's replica is a copy"),
    "RES-11": residency("a backup copy is a copy of the data"),
    "RES-12": residency("a copied snapshot or image holds what its disk held"),
    "RES-13": residency("a schedule copies snapshots without anyone asking"),
    "RES-14": residency("registry replication is a copy"),
    "RES-15": residency("images come through an upstream that was agreed on", "advisory"),
    "RES-16": residency("a replica of a file system is a copy into another region"),
    "RES-17": residency("a global table keeps every item in each of its regions"),
    "RES-18": residency("replicated backups and global clusters are copies into another region"),
    "RES-19": residency("edge services handle data outside of any region", "advisory"),
    "RES-20": residency("a peering carries data into the peer's region"),
    "RES-21": residency("an endpoint of another region carries ePHI there"),
    "RES-22": residency(
      "query logs, certificates and web ACLs of global services are kept in one fixed region",
      "advisory",
    ),
    "RES-23": residency("an inference profile answers in any of its regions, and the prompt goes with it"),
    "S3-01": row(
      "mandatory",
      ["308(a)(3)(i)", "308(a)(4)(ii)(A)", "308(a)(4)(ii)(C)", "312(a)(1)", "312(e)(1)"],
      "ePHI is not public",
    ),
    "S3-02": row(
      "mandatory",
      ["312(a)(2)(iv)", "312(c)(2)", "312(e)(1)", "312(e)(2)(i)", "312(e)(2)(ii)"],
      "ePHI in transit is encrypted",
    ),
    "S3-03": row("mandatory", ["312(a)(2)(iv)", "312(e)(2)(ii)"], "ePHI at rest is encrypted"),
    "S3-07": row(
      "mandatory",
      ["308(a)(3)(i)", "308(a)(4)(ii)(A)", "308(a)(4)(ii)(C)", "312(a)(1)", "312(e)(1)"],
      "no statement opens the bucket to everyone",
    ),
    "STO-01": row("mandatory", ["312(a)(2)(iv)", "312(e)(2)(ii)"], "volumes are encrypted at rest"),
    "KMS-01": row("mandatory", ["312(a)(2)(iv)"], "keys are renewed"),
    "KMS-02": row("mandatory", ["312(a)(1)"], "no one else may use the key"),
    "EKS-01": row("mandatory", ["312(a)(1)", "312(e)(1)"], "the control plane is not on the internet"),
    "EKS-02": row(
      "mandatory",
      ["312(a)(1)", "312(e)(1)"],
      "a public endpoint is open to named networks only",
    ),
    "EKS-03": row(
      "mandatory",
      ["308(a)(4)(ii)(A)", "312(a)(2)(iv)", "312(e)(2)(ii)"],
      "Kubernetes secrets are encrypted",
    ),
    "EKS-04": row("mandatory", ["312(b)"], "audit controls record access"),
    "EKS-08": row("mandatory", ["312(e)(1)"], "network policies are enforced, not only accepted"),
    "EC2-01": row(
      "mandatory",
      ["308(a)(3)(i)", "308(a)(4)(ii)(A)", "308(a)(4)(ii)(C)", "312(a)(1)"],
      "instance credentials cannot be fetched by request forgery",
    ),
    "EC2-03": row("mandatory", ["308(a)(3)(i)", "312(a)(1)", "312(e)(1)"], "nodes are not on the internet"),
    "NET-01": row("mandatory", ["308(a)(3)(ii)(A)", "312(b)"], "network access is recorded"),
    "NET-05": row(
      "mandatory",
      ["308(a)(3)(i)", "308(a)(3)(ii)(B)", "308(a)(4)(i)", "308(a)(4)(ii)", "312(a)(1)", "312(e)(1)"],
      "SSH is not open to the internet",
    ),
    "NET-06": row(
      "mandatory",
      ["308(a)(3)(i)", "308(a)(3)(ii)(B)", "308(a)(4)(i)", "308(a)(4)(ii)", "312(a)(1)", "312(e)(1)"],
      "RDP is not open to the internet",
    ),
    "NET-07": row(
      "mandatory",
      ["308(a)(3)(i)", "308(a)(3)(ii)(B)", "308(a)(4)(i)", "308(a)(4)(ii)", "312(a)(1)", "312(e)(1)"],
      "plain HTTP is not open to the internet",
    ),
    "NET-08": row(
      "mandatory",
      ["308(a)(3)(i)", "308(a)(3)(ii)(B)", "308(a)(4)(i)", "308(a)(4)(ii)", "312(a)(1)", "312(e)(1)"],
      "no group is open on every port",
    ),
    "LOG-01": row("mandatory", ["312(b)"], "retention of audit records is a decision, not a default"),
    "LOG-02": row(
      "mandatory",
      ["312(b)"],
      "audit records are kept for a year at least; the text gives no number",
    ),
    "LOG-03": row("mandatory", ["312(a)(2)(iv)", "312(e)(2)(ii)"], "logs are encrypted"),
    "K8S-01": row("mandatory", POD, "a privileged container is root on the node"),
    "K8S-02": row("mandatory", POD, "a process cannot gain rights"),
    "K8S-03": row("mandatory", POD, "containers do not run as root"),
    "K8S-04": row("advisory", POD, "what runs cannot be changed while it runs"),
    "K8S-05": row("mandatory", POD, "kernel capabilities are dropped"),
    "K8S-06": row("mandatory", POD, "a container cannot forge packets of its neighbours"),
    "K8S-07": row("mandatory", POD, "containers get no rights beyond the runtime's own"),
    "K8S-08": row("mandatory", POD, "SYS_ADMIN is nearly root on the node"),
    "K8S-09": row("mandatory", POD, "system calls are filtered"),
    "K8S-10": row("mandatory", POD, "pods do not share the node's namespaces"),
    "K8S-11": row("mandatory", POD, "pods do not see the node's file system"),
    "K8S-12": row("mandatory", POD, "who talks to the runtime reads every container of the node"),
    "K8S-13": row("mandatory", POD, "a port of the node is past network policies"),
    "K8S-14": row("mandatory", POD, "kernel settings of the node hold for its other pods, too"),
    "K8S-15": row("advisory", POD, "one workload cannot starve the others of a node"),
    "K8S-16": row("advisory", POD, "one workload cannot starve the others of a node"),
    "K8S-17": row("advisory", POD, "the service stays available under load"),
    "K8S-18": row("advisory", POD, "the service stays available under load"),
    "K8S-19": row("mandatory", POD, "what runs is named"),
    "K8S-20": row("mandatory", POD, "what runs cannot be exchanged under its name"),
    "K8S-21": row("mandatory", POD, "images come from sources that were agreed on"),
    "K8S-22": row("advisory", POD, "child processes and crash reports do not carry secrets"),
    "K8S-23": row("mandatory", POD, "a ConfigMap is read by everyone with a look at the namespace"),
    "K8S-24": row("mandatory", POD, "workloads are separated by namespace"),
    "K8S-25": row("advisory", POD, "a pod that is taken over holds no token of the cluster"),
    "K8S-26": row("mandatory", POD, "access is limited to what is needed"),
    "K8S-27": row("mandatory", POD, "every workload has a network boundary"),
    "K8S-28": row("mandatory", [...POD, "312(e)(1)"], "egress is denied unless allowed"),
    "K8S-29": row("mandatory", [...POD, "312(e)(1)"], "no workload can send ePHI to the internet"),
    "K8S-30": row(
      "mandatory",
      [...POD, "312(e)(1)", "312(e)(2)(i)", "312(e)(2)(ii)"],
      "ePHI in transit is encrypted",
    ),
    "K8S-31": row("advisory", POD, "the service is not reachable from outside the cluster"),
    "K8S-32": row("mandatory", POD, "the service is not on the internet"),
    "K8S-33": row("mandatory", POD, "clients reach the load balancer encrypted"),
    "K8S-34": row("advisory", POD, "the service does not open ports of the nodes"),
    "LLM-01": row("mandatory", ["312(e)(1)"], "the engine's usage statistics leave the boundary"),
    "LLM-02": row(
      "mandatory",
      ["312(a)(1)", "502(b)"],
      "prompts are not written to logs (minimum necessary, inferred)",
    ),
    "LLM-03": row(
      "mandatory",
      ["312(a)(1)", "312(d)"],
      "the API asks for a key, and the key is not in the manifest",
    ),
    "LLM-04": row(
      "advisory",
      ["312(e)(1)"],
      "weights come from storage of one's own, not from a hub at start-up",
    ),
    "LLM-05": row("mandatory", ["312(a)(1)"], "development endpoints run code and reset state"),
    "LLM-06": row(
      "mandatory",
      ["308(a)(5)(ii)(B)"],
      "a model repository must not run its own code (inferred)",
    ),
    "LLM-07": row("mandatory", ["312(a)(1)"], "the engine does not run code that a model wrote (inferred)"),
    "LLM-09": row(
      "mandatory",
      ["308(b)(1)", "314(a)"],
      "who receives ePHI is a business associate and needs an agreement",
    ),
  },
};
