import { s3Cases } from "./cases/s3.ts";
import { secretCases } from "./cases/secrets.ts";
import { storeCases } from "./cases/stores.ts";
import { testCases } from "./graphs.ts";

testCases([...s3Cases, ...storeCases, ...secretCases]);
