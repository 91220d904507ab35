import { iamCases } from "./cases/iam.ts";
import { balancerCases } from "./cases/lb.ts";
import { testCases } from "./graphs.ts";

testCases([...balancerCases, ...iamCases]);
