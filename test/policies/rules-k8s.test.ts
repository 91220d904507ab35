import { podCases } from "./cases/k8s-pods.ts";
import { testCases } from "./graphs.ts";

testCases(podCases);
