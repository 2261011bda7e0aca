import process from "node:process";
import { parseArgs } from "node:util";
import type { Measurement } from "./figure.ts";
import { memoryIdle } from "./memory-idle.ts";
import { proofLog } from "./proof-log.ts";
import { proofState } from "./proof-state.ts";
import { receiptVerify } from "./receipt-verify.ts";
import { startReady } from "./start-ready.ts";
import { startReplay } from "./start-replay.ts";
import { writeAck } from "./write-ack.ts";
import { writeThroughput } from "./write-throughput.ts";

/**
 * `npm run bench -- [--only NAME] [--json]`: one JSON line for each figure (--json is how it
 * prints in any case). Timings stand here and never in a test.
 */
const MEASUREMENTS: readonly Measurement[] = [
  writeThroughput,
  writeAck,
  proofLog,
  proofState,
  receiptVerify,
  startReplay,
  startReady,
  memoryIdle,
];

const { values } = parseArgs({
  options: { only: { type: "string" }, json: { type: "boolean", default: false } },
});
const wanted = MEASUREMENTS.filter(
  ({ names }) => values.only === undefined || names.includes(values.only),
);
if (wanted.length === 0) {
  const known = MEASUREMENTS.flatMap(({ names }) => names).join(", ");
  process.stderr.write(`There is no figure "${values.only}". There are: ${known}.\n`);
  process.exitCode = 2;
}
for (const { measure } of wanted) {
  for (const figure of await measure()) {
    if (values.only === undefined || values.only === figure.name) {
      process.stdout.write(`${JSON.stringify(figure)}\n`);
    }
  }
}
