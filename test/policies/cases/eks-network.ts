import { type Case, type Doc, edit, unknownAt } from "../graphs.ts";

/** A cluster with all that the EKS controls ask for. */
const cluster: Doc = {
  resources: [
    {
      type: "aws:eks/cluster:Cluster",
      name: "cluster",
      props: {
        name: "cluster",
        vpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true },
        encryptionConfig: {
          provider: { keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1" },
          resources: ["secrets"],
        },
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      },
    },
    {
      type: "aws:eks/addon:Addon",
      name: "cni",
      props: {
        clusterName: "cluster",
        addonName: "vpc-cni",
        configurationValues: '{"enableNetworkPolicy":"true"}',
      },
    },
  ],
};
const publicTo = (...networks: unknown[]): Doc =>
  edit(edit(cluster, "cluster", "vpcConfig.endpointPublicAccess", true), "cluster", CIDRS, networks);
const CIDRS = "vpcConfig.publicAccessCidrs";

/** Auto Mode has no add-on; a ConfigMap turns the controller on. */
const autoMode: Doc = {
  resources: [
    { type: "aws:eks/cluster:Cluster", name: "cluster", props: { name: "cluster" } },
    {
      type: "kubernetes:core/v1:ConfigMap",
      name: "switch",
      props: {
        metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
        data: { "enable-network-policy-controller": "true" },
      },
    },
  ],
};

const instances: Doc = {
  resources: [
    {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      name: "template",
      props: {
        metadataOptions: { httpTokens: "required" },
        networkInterfaces: [{ associatePublicIpAddress: "false" }],
      },
    },
    {
      type: "aws:ec2/instance:Instance",
      name: "node",
      props: { launchTemplate: { name: "t" }, associatePublicIpAddress: false },
    },
    { type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", name: "class", props: { spec: {} } },
  ],
};

const vpc: Doc = {
  resources: [
    { type: "aws:ec2/vpc:Vpc", name: "vpc", props: { cidrBlock: "10.0.0.0/16" } },
    {
      type: "aws:ec2/flowLog:FlowLog",
      name: "flow",
      props: { vpcId: { $unknown: true } },
      refs: { vpcId: "vpc" },
    },
  ],
};

interface Opening {
  fromPort: number;
  toPort: number;
  protocol: string;
}

/** The three ways in which a group gets an opening, each towards the private network. */
function groups({ fromPort, toPort, protocol }: Opening): Doc {
  const ports = { fromPort, toPort };
  return {
    resources: [
      {
        type: "aws:ec2/securityGroup:SecurityGroup",
        name: "group",
        props: { ingress: [{ ...ports, protocol, cidrBlocks: ["10.0.0.0/8"] }] },
      },
      {
        type: "aws:ec2/securityGroupRule:SecurityGroupRule",
        name: "rule",
        props: { type: "ingress", ...ports, protocol, cidrBlocks: ["10.0.0.0/8"] },
      },
      {
        type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        name: "ingress",
        props: { ...ports, ipProtocol: protocol, cidrIpv4: "10.0.0.0/8" },
      },
    ],
  };
}

function portCase(id: string, opening: Opening, elsewhere: Opening): Case {
  const closed = groups(opening);
  const world = (doc: Doc) => edit(doc, "group", "ingress[0].cidrBlocks", ["10.0.0.0/8", "0.0.0.0/0"]);
  return {
    id,
    pass: [
      closed,
      world(groups(elsewhere)),
      // What goes out is no opening.
      edit(edit(closed, "rule", "type", "egress"), "rule", "cidrBlocks", ["0.0.0.0/0"]),
    ],
    fail: [
      [world(closed), "group", "ingress[0]"],
      [edit(closed, "group", "ingress[0].ipv6CidrBlocks", ["::/0"]), "group", "ingress[0]"],
      [edit(closed, "rule", "cidrBlocks", ["0.0.0.0/0"]), "rule", ""],
      [edit(closed, "ingress", "cidrIpv6", "::/0"), "ingress", ""],
      [world(groups({ fromPort: 0, toPort: 0, protocol: "-1" })), "group", "ingress[0]"],
    ],
    unknown: [
      unknownAt(closed, "group", "ingress"),
      unknownAt(closed, "group", "ingress[0].cidrBlocks"),
      unknownAt(closed, "rule", "cidrBlocks"),
      unknownAt(closed, "ingress", "cidrIpv4"),
      // Open to everyone, but on which ports?
      unknownAt(world(closed), "group", "ingress[0].fromPort"),
      unknownAt(world(closed), "group", "ingress[0].protocol"),
      unknownAt(edit(closed, "rule", "cidrBlocks", ["0.0.0.0/0"]), "rule", "toPort"),
      unknownAt(edit(closed, "ingress", "cidrIpv4", "0.0.0.0/0"), "ingress", "ipProtocol"),
    ],
  };
}

const at = (port: number): Opening => ({ fromPort: port, toPort: port, protocol: "tcp" });

export const eksNetworkCases: Case[] = [
  {
    id: "EKS-01",
    pass: [cluster],
    fail: [
      [
        edit(cluster, "cluster", "vpcConfig.endpointPublicAccess", true),
        "cluster",
        "vpcConfig.endpointPublicAccess",
      ],
      // The provider's default is public.
      [
        edit(cluster, "cluster", "vpcConfig.endpointPublicAccess"),
        "cluster",
        "vpcConfig.endpointPublicAccess",
      ],
      [
        edit(cluster, "cluster", "vpcConfig.endpointPrivateAccess", false),
        "cluster",
        "vpcConfig.endpointPrivateAccess",
      ],
    ],
    unknown: [
      unknownAt(cluster, "cluster", "vpcConfig"),
      unknownAt(cluster, "cluster", "vpcConfig.endpointPublicAccess"),
    ],
  },
  {
    id: "EKS-02",
    pass: [cluster, publicTo("203.0.113.0/24")],
    fail: [
      [publicTo(), "cluster", CIDRS],
      [publicTo("203.0.113.0/24", "0.0.0.0/0"), "cluster", `${CIDRS}[1]`],
      [publicTo("::/0"), "cluster", `${CIDRS}[0]`],
      [edit(publicTo(), "cluster", CIDRS), "cluster", CIDRS],
    ],
    unknown: [
      unknownAt(cluster, "cluster", "vpcConfig.endpointPublicAccess"),
      unknownAt(publicTo(), "cluster", CIDRS),
      publicTo({ $unknown: true }),
    ],
  },
  {
    id: "EKS-03",
    pass: [cluster],
    fail: [
      [edit(cluster, "cluster", "encryptionConfig"), "cluster", "encryptionConfig.resources"],
      [edit(cluster, "cluster", "encryptionConfig.resources", []), "cluster", "encryptionConfig.resources"],
      [
        edit(cluster, "cluster", "encryptionConfig.provider.keyArn"),
        "cluster",
        "encryptionConfig.provider.keyArn",
      ],
    ],
    unknown: [
      unknownAt(cluster, "cluster", "encryptionConfig"),
      unknownAt(cluster, "cluster", "encryptionConfig.provider.keyArn"),
    ],
  },
  {
    id: "EKS-04",
    pass: [cluster],
    fail: [
      [
        edit(cluster, "cluster", "enabledClusterLogTypes", ["api", "audit"]),
        "cluster",
        "enabledClusterLogTypes",
      ],
      [edit(cluster, "cluster", "enabledClusterLogTypes"), "cluster", "enabledClusterLogTypes"],
    ],
    unknown: [
      unknownAt(cluster, "cluster", "enabledClusterLogTypes"),
      unknownAt(cluster, "cluster", "enabledClusterLogTypes[2]"),
    ],
  },
  {
    id: "EKS-08",
    pass: [cluster, autoMode],
    fail: [
      [edit(cluster, "cni", "addonName", "coredns"), "cluster", ""],
      [edit(cluster, "cni", "clusterName", "another"), "cluster", ""],
      [
        edit(cluster, "cni", "configurationValues", '{"enableNetworkPolicy":"false"}'),
        "cni",
        "configurationValues",
      ],
      [edit(cluster, "cni", "configurationValues", "not JSON"), "cni", "configurationValues"],
      [edit(cluster, "cni", "configurationValues"), "cni", "configurationValues"],
      [edit(autoMode, "switch", "data", { "enable-network-policy-controller": "false" }), "cluster", ""],
    ],
    unknown: [unknownAt(cluster, "cni", "configurationValues"), unknownAt(autoMode, "switch", "data")],
  },
  {
    id: "EC2-01",
    pass: [instances],
    fail: [
      [
        edit(instances, "template", "metadataOptions.httpTokens", "optional"),
        "template",
        "metadataOptions.httpTokens",
      ],
      [edit(instances, "template", "metadataOptions"), "template", "metadataOptions.httpTokens"],
      [edit(instances, "node", "launchTemplate"), "node", "metadataOptions.httpTokens"],
      [
        edit(instances, "class", "spec.metadataOptions.httpTokens", "optional"),
        "class",
        "spec.metadataOptions.httpTokens",
      ],
    ],
    unknown: [
      unknownAt(instances, "template", "metadataOptions"),
      unknownAt(instances, "class", "spec.metadataOptions.httpTokens"),
    ],
  },
  {
    id: "EC2-03",
    pass: [instances],
    fail: [
      [edit(instances, "node", "associatePublicIpAddress", true), "node", "associatePublicIpAddress"],
      [
        edit(instances, "template", "networkInterfaces[0].associatePublicIpAddress", "true"),
        "template",
        "networkInterfaces[0].associatePublicIpAddress",
      ],
    ],
    unknown: [
      unknownAt(instances, "node", "associatePublicIpAddress"),
      unknownAt(instances, "template", "networkInterfaces"),
    ],
  },
  {
    id: "NET-01",
    pass: [vpc],
    fail: [[{ resources: vpc.resources.slice(0, 1) }, "vpc", ""]],
    // Without its reference the flow log may be any VPC's.
    unknown: [{ resources: vpc.resources.map(({ refs: _, ...entry }) => entry) }],
  },
  portCase("NET-05", at(22), at(443)),
  portCase("NET-06", { fromPort: 3000, toPort: 4000, protocol: "tcp" }, at(3390)),
  portCase("NET-07", at(80), { fromPort: 80, toPort: 80, protocol: "udp" }),
  portCase(
    "NET-08",
    { fromPort: 0, toPort: 65535, protocol: "tcp" },
    { fromPort: 1024, toPort: 65535, protocol: "tcp" },
  ),
];
