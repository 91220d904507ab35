import { type Case, type Doc, type Entry, type Json, SECRET, UNKNOWN } from "../graphs.ts";
import { doc, noWorkload } from "./workloads.ts";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";
const storageClass = (parameters: unknown, provisioner: unknown = "ebs.csi.aws.com"): Entry => ({
  type: "kubernetes:storage.k8s.io/v1:StorageClass",
  name: "class",
  props: { metadata: { name: "fast" }, provisioner, parameters },
});
const claim = (storageClassName: unknown): Entry => ({
  type: "kubernetes:core/v1:PersistentVolumeClaim",
  name: "claim",
  props: { metadata: { namespace: "serving" }, spec: { storageClassName } },
});
const GOOD = { type: "gp3", encrypted: "true", kmsKeyId: KEY };

const external = (externalName: unknown, type: unknown = "ExternalName"): Entry => ({
  type: "kubernetes:core/v1:Service",
  name: "web",
  props: { metadata: { namespace: "serving" }, spec: { type, externalName } },
});
const allowing = (entry: Entry, ...allowedEgressHosts: string[]): Doc => ({
  config: { allowedEgressHosts },
  resources: [entry],
});
const EXTERNAL = "spec.externalName";

export const storageCases: Case[] = [
  {
    id: "K8S-36",
    pass: [
      doc(storageClass(GOOD)),
      doc(storageClass({ ...GOOD, encrypted: true }, "kubernetes.io/aws-ebs")),
      doc(storageClass(GOOD), claim("fast")),
      {
        resources: [
          { type: "aws:kms/key:Key", name: "key", props: {} },
          {
            ...storageClass({ encrypted: "true", kmsKeyId: UNKNOWN }),
            refs: { "parameters.kmsKeyId": "key" },
          },
        ],
      },
    ],
    fail: [
      [doc(storageClass({})), "class", "parameters.encrypted"],
      [doc(storageClass(undefined)), "class", "parameters.encrypted"],
      [doc(storageClass({ ...GOOD, encrypted: "false" })), "class", "parameters.encrypted"],
      [doc(storageClass({ encrypted: "true" })), "class", "parameters.kmsKeyId"],
      [doc(storageClass({ encrypted: "true", kmsKeyId: "alias/aws/ebs" })), "class", "parameters.kmsKeyId"],
      [
        doc({
          type: "kubernetes:storage.k8s.io/v1:StorageClassList",
          name: "class",
          props: { items: [storageClass({ kmsKeyId: KEY }).props as Json] },
        }),
        "class",
        "items[0].parameters.encrypted",
      ],
    ],
    unknown: [
      doc(storageClass(GOOD, UNKNOWN)),
      doc(storageClass(UNKNOWN)),
      doc(storageClass({ ...GOOD, encrypted: UNKNOWN })),
      doc(storageClass({ ...GOOD, kmsKeyId: SECRET })),
      doc(storageClass(GOOD), claim("other")),
      doc(storageClass(GOOD), claim(undefined)),
      doc(storageClass(GOOD), claim(UNKNOWN)),
    ],
    notApplicable: [noWorkload, doc(storageClass({}, "efs.csi.aws.com"))],
  },
  {
    id: "K8S-38",
    pass: [
      doc(external("chat.llm-serving.svc.cluster.local")),
      allowing(external("db.example"), "db.example"),
      allowing(external("a.db.example."), "*.db.example"),
    ],
    fail: [
      [doc(external("api.openai.com")), "web", EXTERNAL],
      [allowing(external("db.example.evil"), "db.example"), "web", EXTERNAL],
      [doc(external(undefined)), "web", EXTERNAL],
      [doc(external("svc.example")), "web", EXTERNAL],
    ],
    unknown: [doc(external(UNKNOWN)), doc(external("db.example", UNKNOWN)), doc(external(SECRET))],
    notApplicable: [noWorkload, doc(external(undefined, "ClusterIP"))],
  },
];
