import process from "node:process";
import { parseArgs } from "node:util";
import type { Measurement } from "./figure.ts";
import { write } from "./write.ts";

/** Everything that is measured. Timings stand here and never in a test. */
const MEASUREMENTS: readonly Measurement[] = [write];

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
