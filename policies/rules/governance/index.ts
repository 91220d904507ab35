import type { Rule } from "../../types.ts";
import { eligibleServices } from "./hipaa-services.ts";

/** Controls over the stack as a whole: services, state and licences. */
export const governanceRules: Rule[] = [eligibleServices];
