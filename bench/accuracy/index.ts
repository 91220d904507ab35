// How well the sizing does on public measurements that it has not seen: `npm run accuracy`.
// With `-- --write` the shipped throughput model is fitted anew (plan/fit/throughput/fitted.json).
import { memoryAccuracy, memoryReport } from "./memory.ts";
import { throughputAccuracy, throughputReport, writeFitted } from "./throughput.ts";

console.log(memoryReport(memoryAccuracy()));
const found = throughputAccuracy();
console.log(throughputReport(found));
if (process.argv.includes("--write")) writeFitted(found.shipped);
