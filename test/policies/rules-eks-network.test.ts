import { eksNetworkCases } from "./cases/eks-network.ts";
import { testCases } from "./graphs.ts";

testCases(eksNetworkCases);
