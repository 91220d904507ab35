import { type Case, type Doc, type Entry, edit, type Json, UNKNOWN, unknownAt } from "../graphs.ts";

export const listener = (props: Json, name = "listener"): Entry => ({
  type: "aws:lb/listener:Listener",
  name,
  props,
});
export const balancer = (props: Json = {}, name = "balancer"): Entry => ({
  type: "aws:lb/loadBalancer:LoadBalancer",
  name,
  props,
});
const doc = (...resources: Entry[]): Doc => ({ resources });
export const redirect = {
  type: "redirect",
  redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
};
export const forward = { type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:1:t" };

const POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";
const https = { protocol: "HTTPS", sslPolicy: POLICY, defaultActions: [forward] };
const plain = { protocol: "HTTP", defaultActions: [redirect] };
const one = doc(listener(https));
const turned = doc(listener(plain));
/** Older modules hold the same types. */
const aliased = (entry: Entry, module: string): Entry => ({
  ...entry,
  type: entry.type.replace("lb/", `${module}/`),
});

const owned = (props: Json, rule?: Json): Doc =>
  doc(
    balancer(),
    { ...listener({ ...props, loadBalancerArn: UNKNOWN }), refs: { loadBalancerArn: "balancer" } },
    ...(rule
      ? [
          {
            type: "aws:lb/listenerRule:ListenerRule",
            name: "rule",
            props: { listenerArn: UNKNOWN, ...rule },
            refs: { listenerArn: "listener" },
          },
        ]
      : []),
  );

const safe = doc(
  balancer({
    internal: true,
    loadBalancerType: "application",
    accessLogs: { bucket: "logs", enabled: true },
    dropInvalidHeaderFields: true,
    enableDeletionProtection: true,
  }),
);
const gateway = doc(balancer({ loadBalancerType: "gateway" }));

/** One switch of a load balancer that has to be true. */
function switchCase(id: string, path: string, notApplicable: Doc[]): Case {
  return {
    id,
    pass: [safe, edit(safe, "balancer", path, "true"), doc(aliased(safe.resources[0]!, "alb"))],
    fail: [
      [edit(safe, "balancer", path), "balancer", path],
      [edit(safe, "balancer", path, false), "balancer", path],
      [edit(doc(aliased(safe.resources[0]!, "alb")), "balancer", path, false), "balancer", path],
    ],
    unknown: [
      unknownAt(safe, "balancer", path),
      ...(notApplicable.length > 1 ? [unknownAt(safe, "balancer", "loadBalancerType")] : []),
    ],
    notApplicable,
  };
}

const acl: Entry = { type: "aws:wafv2/webAcl:WebAcl", name: "acl", props: { scope: "REGIONAL" } };
const association = (type: string): Entry => ({
  type,
  name: "association",
  props: { resourceArn: UNKNOWN },
  refs: { resourceArn: "balancer" },
});
const WAF = "aws:wafv2/webAclAssociation:WebAclAssociation";
const logging: Doc = doc(acl, {
  type: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  name: "logging",
  props: { resourceArn: UNKNOWN, redactedFields: [{ singleHeader: { name: "authorization" } }] },
  refs: { resourceArn: "acl" },
});

export const balancerCases: Case[] = [
  {
    id: "LB-01",
    pass: [one, turned, doc(listener({ protocol: "TLS" })), edit(turned, "listener", "protocol", "http")],
    fail: [
      [edit(turned, "listener", "defaultActions", [forward]), "listener", "defaultActions[0].type"],
      [
        edit(turned, "listener", "defaultActions[0].redirect.protocol", "HTTP"),
        "listener",
        "defaultActions[0].redirect.protocol",
      ],
      // The redirect keeps the protocol of the request.
      [
        edit(turned, "listener", "defaultActions[0].redirect.protocol"),
        "listener",
        "defaultActions[0].redirect.protocol",
      ],
      // The default of an application load balancer.
      [doc(listener({ defaultActions: [forward] })), "listener", "defaultActions[0].type"],
      [
        doc(aliased(listener({ protocol: "HTTP", defaultActions: [forward] }), "alb")),
        "listener",
        "defaultActions[0].type",
      ],
      [edit(turned, "listener", "defaultActions"), "listener", "defaultActions"],
    ],
    unknown: [
      unknownAt(one, "listener", "protocol"),
      unknownAt(turned, "listener", "defaultActions"),
      unknownAt(turned, "listener", "defaultActions[0].type"),
      unknownAt(turned, "listener", "defaultActions[0].redirect.protocol"),
    ],
    notApplicable: [
      doc(listener({ protocol: "TCP", defaultActions: [forward] })),
      {
        resources: [
          balancer({ loadBalancerType: "gateway" }),
          {
            ...listener({ loadBalancerArn: UNKNOWN, defaultActions: [forward] }),
            refs: { loadBalancerArn: "balancer" },
          },
        ],
      },
    ],
  },
  {
    id: "LB-02",
    pass: [
      one,
      edit(one, "listener", "sslPolicy", "ELBSecurityPolicy-TLS13-1-3-2021-06"),
      { ...edit(one, "listener", "sslPolicy", "Own"), config: { tlsPolicies: ["Own"] } },
    ],
    fail: [
      // AWS's default.
      [edit(one, "listener", "sslPolicy"), "listener", "sslPolicy"],
      [edit(one, "listener", "sslPolicy", "ELBSecurityPolicy-2016-08"), "listener", "sslPolicy"],
      // Named after TLS 1.3, and offers 1.0.
      [edit(one, "listener", "sslPolicy", "ELBSecurityPolicy-TLS13-1-0-2021-06"), "listener", "sslPolicy"],
      [edit(one, "listener", "sslPolicy", "ELBSecurityPolicy-TLS-1-2-Ext-2018-06"), "listener", "sslPolicy"],
    ],
    unknown: [unknownAt(one, "listener", "sslPolicy"), unknownAt(one, "listener", "protocol")],
    notApplicable: [turned, doc(listener({ protocol: "UDP" }))],
  },
  switchCase("LB-03", "accessLogs.enabled", [gateway, doc(acl)]),
  switchCase("LB-04", "dropInvalidHeaderFields", [gateway, doc(balancer({ loadBalancerType: "network" }))]),
  switchCase("LB-05", "enableDeletionProtection", [doc(acl)]),
  {
    id: "LB-06",
    pass: [
      doc(balancer(), association(WAF)),
      doc(balancer({ internal: false }), association("aws:wafregional/webAclAssociation:WebAclAssociation")),
      // By its ARN, which an export knows.
      doc(balancer({ arn: "arn:lb" }), { type: WAF, name: "association", props: { resourceArn: "arn:lb" } }),
    ],
    fail: [
      [doc(balancer()), "balancer", ""],
      [doc(balancer({ internal: false, loadBalancerType: "application" })), "balancer", ""],
      [
        doc(balancer(), { ...association(WAF), props: { resourceArn: "arn:other" }, refs: {} }),
        "balancer",
        "",
      ],
    ],
    unknown: [
      doc(balancer({ internal: UNKNOWN })),
      doc(balancer({ loadBalancerType: UNKNOWN })),
      doc(balancer(), { ...association(WAF), refs: {} }),
    ],
    notApplicable: [safe, doc(balancer({ loadBalancerType: "network" }))],
  },
  {
    id: "LB-07",
    pass: [owned(https), owned(plain), owned(plain, { actions: [redirect] })],
    fail: [
      [owned({ protocol: "HTTP", defaultActions: [forward] }), "listener", "defaultActions[0].type"],
      [owned(plain, { actions: [forward] }), "rule", "actions[0].type"],
    ],
    unknown: [owned({ ...plain, protocol: UNKNOWN }), owned(plain, { actions: UNKNOWN })],
    notApplicable: [doc(balancer())],
  },
  switchCase("LB-08", "internal", [gateway, doc(acl)]),
  {
    id: "LB-09",
    pass: [logging, edit(logging, "logging", "redactedFields[0].singleHeader.name", "Authorization")],
    fail: [
      [doc(acl), "acl", ""],
      [edit(logging, "logging", "redactedFields"), "logging", "redactedFields"],
      [
        edit(logging, "logging", "redactedFields[0].singleHeader.name", "user-agent"),
        "logging",
        "redactedFields",
      ],
    ],
    unknown: [
      unknownAt(logging, "logging", "redactedFields"),
      { resources: logging.resources.map(({ refs: _, ...entry }) => entry) },
    ],
    notApplicable: [safe],
  },
];
