import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Demonstration, freePorts, interrupt, start } from "../support/demonstration.ts";
import { type Measurement, median, rounded } from "./figure.ts";

const ROUNDS = 3;
const LIMIT_S = 5;

/** From the command to its word that it is ready: a new network is laid out and founded. */
export const startReady: Measurement = {
  names: ["start.ready-s"],
  measure: async () => {
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      took.push((await withDemonstration(async ({ readyMs }) => readyMs)) / 1000);
    }
    const value = median(took);
    return [
      {
        ...{ name: "start.ready-s", value: rounded(value), unit: "s" },
        ...{ ratio: rounded(value / LIMIT_S), against: `limit ${LIMIT_S} s` },
      },
    ];
  },
};

/** Runs the built program's demonstration while `work` looks at it. */
export async function withDemonstration<T>(work: (it: Demonstration) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "tallystick-bench-"));
  const place = { data: join(folder, "data"), stateHome: join(folder, "state") };
  const demonstration = await start({ ...place, port: await freePorts() });
  try {
    return await work(demonstration);
  } finally {
    await interrupt(demonstration);
    rmSync(folder, { recursive: true, force: true });
  }
}
