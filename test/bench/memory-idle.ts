import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { nodePids } from "../support/demonstration.ts";
import { type Figure, type Measurement, rounded } from "./figure.ts";
import { withDemonstration } from "./start-ready.ts";

const IDLE_MS = 3_000;
const LIMIT_MB = 400;
const KIB_PER_MB = 1_000_000 / 1024;

/**
 * Memory of `tallystick start` when idle: supervisor and three nodes. Resident memory counts what
 * the four share (the runtime's own code) four times; proportional memory counts it once.
 */
export const memoryIdle: Measurement = {
  names: ["memory.idle-mb", "memory.idle-proportional-mb"],
  measure: () =>
    withDemonstration(async ({ supervisor }) => {
      await pause(IDLE_MS);
      const pids = [supervisor.pid ?? 0, ...nodePids(supervisor).values()];
      if (pids.length !== 4) throw new Error(`${pids.length} processes run`);
      const rollups = pids.map((pid) => readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
      return [
        figure("memory.idle-mb", sum(rollups, "Rss")),
        figure("memory.idle-proportional-mb", sum(rollups, "Pss")),
      ];
    }),
};

const figure = (name: string, value: number): Figure => ({
  ...{ name, value: rounded(value, 0), unit: "MB" },
  ...{ ratio: rounded(value / LIMIT_MB), against: `limit ${LIMIT_MB} MB` },
});

/** In megabytes; the kernel says KiB. */
const sum = (rollups: readonly string[], field: "Rss" | "Pss"): number =>
  rollups
    .map((text) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? Number.NaN))
    .reduce((total, kib) => total + kib / KIB_PER_MB, 0);
