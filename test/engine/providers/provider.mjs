// A stand-in for a provider binary: stores inputs, invents ids and the computed outputs that the program reads.
// It makes the engine's own part real (registration order, state, diffs, secrets, deletes) and nothing else.
import { main } from "@pulumi/pulumi/provider/index.js";

const COMPUTED = {
  "aws:eks/cluster:Cluster": (name, inputs) => ({
    endpoint: `https://${name}.gr7.example.eks.amazonaws.com`,
    certificateAuthority: { data: "Q0E=" },
    vpcConfig: { ...inputs.vpcConfig, clusterSecurityGroupId: `sg-${name}` },
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": (name) => ({
    dnsEntries: [{ dnsName: `*.${name}.vpce.example.amazonaws.com` }],
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:kms/key:Key": (name) => ({ keyId: `key-${name}` }),
};

const typeOf = (urn) => urn.split("::")[2].split("$").at(-1);
const nameOf = (urn) => urn.split("::").slice(3).join("::");
/** Whether everything that was asked for is in the state; computed outputs may stand beside it. */
const holds = (state, asked) => {
  if (typeof asked !== "object" || asked === null) return state === asked;
  if (typeof state !== "object" || state === null || Array.isArray(asked) !== Array.isArray(state))
    return false;
  if (Array.isArray(asked) && asked.length !== state.length) return false;
  return Object.keys(asked).every((key) => holds(state[key], asked[key]));
};

class Provider {
  version = "0.0.1";

  async check(_urn, _olds, news) {
    return { inputs: news, failures: [] };
  }

  async diff(_id, _urn, olds, news) {
    return { changes: !holds(olds, news), replaces: [] };
  }

  async create(urn, inputs) {
    const [type, name] = [typeOf(urn), nameOf(urn)];
    const arn = type.startsWith("aws:")
      ? { arn: `arn:aws:${type.split(":")[1].split("/")[0]}:::${name}` }
      : {};
    return { id: `${name}-id`, outs: { ...arn, ...inputs, ...COMPUTED[type]?.(name, inputs) } };
  }

  async update(_id, urn, olds, news) {
    return { outs: { ...olds, ...(await this.create(urn, news)).outs } };
  }

  async delete() {}

  async invoke(_token, inputs) {
    return { outputs: inputs, failures: [] };
  }
}

await main(new Provider(), process.argv.slice(2));
