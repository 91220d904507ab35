/** The cases of every control, for the tests that hold for all of them. */
import type { Case } from "../graphs.ts";
import { awsCases } from "./aws.ts";
import { eksNetworkCases } from "./eks-network.ts";
import { governanceCases } from "./governance.ts";
import { iamCases } from "./iam.ts";
import { accessCases } from "./k8s-access.ts";
import { advisoryCases } from "./k8s-advisory.ts";
import { networkCases } from "./k8s-network.ts";
import { objectCases } from "./k8s-objects.ts";
import { podCases } from "./k8s-pods.ts";
import { storageCases } from "./k8s-storage.ts";
import { balancerCases } from "./lb.ts";
import { llmCases } from "./llm.ts";
import { llmAdvisoryCases } from "./llm-advisory.ts";
import { residencyCases } from "./residency.ts";
import { copyCases } from "./residency-copies.ts";
import { s3Cases } from "./s3.ts";
import { secretCases } from "./secrets.ts";
import { storeCases } from "./stores.ts";

export const allCases: Case[] = [
  ...residencyCases,
  ...copyCases,
  ...governanceCases,
  ...awsCases,
  ...s3Cases,
  ...storeCases,
  ...secretCases,
  ...eksNetworkCases,
  ...balancerCases,
  ...iamCases,
  ...podCases,
  ...accessCases,
  ...networkCases,
  ...objectCases,
  ...advisoryCases,
  ...storageCases,
  ...llmCases,
  ...llmAdvisoryCases,
];
