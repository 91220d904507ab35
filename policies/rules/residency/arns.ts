/** ARNs anywhere in the inputs: their partition and their region. */
import { isSecret, isUnknown, type Resource, type ResourceGraph, walk } from "../../../graph/index.ts";
import { refsAt, rule } from "../helpers.ts";
import { judge } from "./boundary.ts";
import { type Arn, arnsIn } from "./regions.ts";

/** Properties that hold an ARN or a document full of them. */
const HOLDS_ARN = /(arns?|kms(Master)?KeyId|policy|policyDocument)(\[\d+\])?$/i;

export const partitionRule = rule(
  "RES-03",
  "One partition",
  "Every ARN uses the configured partition.",
  (found, graph, params) => {
    const partition = params.partition ?? "aws";
    eachText(graph, (resource, path, text) => {
      for (const arn of arnsIn(text)) {
        found.concerns();
        if (arn.partition === partition || arn.partition === "*") continue;
        found.violation(
          resource,
          path,
          `ARN of partition ${arn.partition}; this stack is in ${partition}`,
          arn.text,
          `write arn:${partition}:…`,
        );
      }
    });
  },
);

export const arnRegionRule = rule(
  "RES-04",
  "ARNs name allowed regions",
  "Every ARN with a region field, also inside JSON policy text, names an allowed region. One that is not known yet has to come from a resource of the graph, which is judged itself.",
  (found, graph, params) => {
    const judgeArn = (resource: Resource, path: string, arn: Arn) => {
      if (arn.region !== "" && arn.region !== "*")
        judge(found, resource, path, arn.region, params, "an ARN of region");
      else found.concerns();
    };
    eachText(
      graph,
      (resource, path, text) => {
        for (const arn of arnsIn(text)) judgeArn(resource, path, arn);
      },
      (resource, path) => {
        const sources = refsAt(resource, path);
        if (!resource.type.startsWith("aws:") || !HOLDS_ARN.test(path)) return;
        if (sources.length > 0 && sources.every((urn) => graph.byUrn.has(urn))) found.concerns();
        else
          found.unknown(resource, path, "an ARN is not known yet and comes from no resource of this graph");
      },
    );
  },
);

function eachText(
  graph: ResourceGraph,
  visit: (resource: Resource, path: string, text: string) => void,
  hidden: (resource: Resource, path: string) => void = () => {},
): void {
  for (const resource of graph.resources) {
    if (!resource.custom) continue;
    walk(resource.props, (path, leaf) => {
      if (typeof leaf === "string") visit(resource, path, leaf);
      else if (isUnknown(leaf) || isSecret(leaf)) hidden(resource, path);
    });
  }
}
