// A Pulumi program without Freehold: registers as many resources as asked under the SDK's own mocks. The bench
// compares the embedded preview with it.

import { Vpc } from "@pulumi/aws/ec2/index.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";

const count = Number(process.argv[2]);
await pulumi.runtime.setMocks(
  { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: ({ inputs }) => inputs },
  "bare",
  "bench",
  true,
);
await pulumi.runtime.runInPulumiStack(async () => {
  for (let index = 0; index < count; index += 2) {
    const vpc = new Vpc(`vpc-${index}`, { cidrBlock: "10.0.0.0/16", tags: { Name: `vpc-${index}` } });
    if (index + 1 < count)
      new ConfigMap(`map-${index}`, { metadata: { name: `map-${index}` }, data: { vpc: vpc.id } });
  }
  return {};
});
