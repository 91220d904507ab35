import { lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { Rule } from "../types.ts";
import { elements, type Found, ofType, rule, siblingsOf } from "./helpers.ts";
import { asNumber, asText } from "./text.ts";

/** 0.0.0.0/0 and ::/0, in all their spellings. */
const isWorld = (cidr: string) => /\/0+$/.test(cidr.trim());

/** One opening of a security group towards somewhere. */
interface Opening {
  resource: Resource;
  path: string;
  /** Addresses; null = not known. */
  cidrs: string[] | null;
  /** null = not given. */
  from: number | null;
  to: number | null;
  protocol: string | null;
  /** The property of the ports or the protocol that is not known yet. */
  hidden: string | null;
}

function openings(graph: ResourceGraph): Opening[] {
  const found: Opening[] = [];
  const read = (resource: Resource, base: string, keys: { cidr: string[]; protocol: string }) => {
    const at = (key: string) => lookup(resource.props, base === "" ? key : `${base}.${key}`);
    const cidrs: string[] = [];
    let unknown = false;
    for (const key of keys.cidr) {
      const value = at(key);
      if (value.state === "unknown" || value.state === "secret") unknown = true;
      else if (value.state === "known")
        for (const entry of Array.isArray(value.value) ? value.value : [value.value]) {
          if (typeof entry === "string") cidrs.push(entry);
          else unknown = true;
        }
    }
    const number = (key: string) => {
      const value = at(key);
      return value.state === "known" ? asNumber(value.value) : null;
    };
    const protocol = at(keys.protocol);
    const hidden = ["fromPort", "toPort", keys.protocol].find((key) =>
      ["unknown", "secret"].includes(at(key).state),
    );
    found.push({
      resource,
      path: base,
      cidrs: unknown && !cidrs.some(isWorld) ? null : cidrs,
      from: number("fromPort"),
      to: number("toPort"),
      protocol: protocol.state === "known" ? asText(protocol.value) : null,
      hidden: hidden === undefined ? null : base === "" ? hidden : `${base}.${hidden}`,
    });
  };
  const lists = { cidr: ["cidrBlocks", "ipv6CidrBlocks"], protocol: "protocol" };
  for (const group of [...ofType(graph, "ec2.SecurityGroup"), ...ofType(graph, "ec2.DefaultSecurityGroup")]) {
    const entries = elements(group, "ingress");
    if (entries === null)
      found.push({
        resource: group,
        path: "ingress",
        cidrs: null,
        from: null,
        to: null,
        protocol: null,
        hidden: null,
      });
    for (const entry of entries ?? []) read(group, entry.path, lists);
  }
  for (const entry of ofType(graph, "ec2.SecurityGroupRule"))
    if (entry.props["type"] !== "egress") read(entry, "", lists);
  for (const entry of ofType(graph, "vpc.SecurityGroupIngressRule"))
    read(entry, "", { cidr: ["cidrIpv4", "cidrIpv6"], protocol: "ipProtocol" });
  return found;
}

function allPorts(opening: Opening): boolean {
  return (
    opening.protocol === "-1" ||
    opening.protocol === "all" ||
    (opening.from !== null && opening.to !== null && opening.from <= 0 && opening.to >= 65535)
  );
}

function closed(
  found: Found,
  graph: ResourceGraph,
  covers: (opening: Opening) => boolean,
  what: string,
): void {
  for (const group of ofType(graph, "ec2.SecurityGroup", "ec2.DefaultSecurityGroup"))
    if (group) found.concerns();
  for (const opening of openings(graph)) {
    found.concerns();
    if (opening.cidrs === null)
      found.unknown(opening.resource, opening.path, "the addresses are not known yet");
    else if (!opening.cidrs.some(isWorld)) continue;
    else if (opening.hidden !== null && opening.protocol !== "-1")
      found.unknown(
        opening.resource,
        opening.hidden,
        "which ports are open to every address is not known yet",
      );
    else if (covers(opening)) {
      found.violation(
        opening.resource,
        opening.path,
        `${what} is open to every address`,
        opening.cidrs,
        "name the networks, or remove the rule",
      );
    }
  }
}

const port = (id: string, number: number, name: string): Rule =>
  rule(
    id,
    `${name} is not open to the internet`,
    `No security group admits 0.0.0.0/0 or ::/0 to port ${number}.`,
    (found, graph) => {
      closed(
        found,
        graph,
        (opening) =>
          allPorts(opening) ||
          ((opening.protocol === null || ["tcp", "6"].includes(opening.protocol)) &&
            opening.from !== null &&
            opening.to !== null &&
            opening.from <= number &&
            number <= opening.to),
        `port ${number} (${name})`,
      );
    },
  );

export const networkRules: Rule[] = [
  rule("NET-01", "Each VPC has a flow log", "A flow log covers each VPC.", (found, graph) => {
    for (const vpc of ofType(graph, "ec2.Vpc")) {
      found.concerns();
      const logs = siblingsOf(graph, vpc, "ec2.FlowLog", "vpcId", "id");
      if (logs.length > 0) continue;
      const unknown = ofType(graph, "ec2.FlowLog").some(
        (log) => lookup(log.props, "vpcId").state === "unknown" && Object.keys(log.refs).length === 0,
      );
      if (unknown) found.unknown(vpc, "", "a flow log names a VPC that is not known yet");
      else
        found.violation(vpc, "", "no flow log covers the VPC", null, "add a FlowLog with vpcId of this VPC");
    }
  }),
  port("NET-05", 22, "SSH"),
  port("NET-06", 3389, "RDP"),
  port("NET-07", 80, "HTTP"),
  rule(
    "NET-08",
    "No group is open on every port",
    "No security group admits 0.0.0.0/0 or ::/0 to all ports.",
    (found, graph) => {
      closed(found, graph, allPorts, "every port");
    },
  ),
];
