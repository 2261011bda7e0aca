import type { Clock } from "@tallystick/node";

/** Friday 20 November 2026, 10:00 in London: every definition and agreement here is in force. */
const START_MS = Date.UTC(2026, 10, 20, 10);

/** A clock that runs from a fixed day, so that what is in force does not depend on today. */
export interface MovableClock extends Clock {
  /** Lets time pass at once. */
  readonly advance: (ms: number) => void;
}

export function movableClock(): MovableClock {
  const began = performance.now();
  let moved = 1_000;
  const elapsed = (): number => Math.floor(performance.now() - began) + moved;
  return {
    nowMs: () => START_MS + elapsed(),
    monotonicMs: elapsed,
    advance: (ms) => {
      moved += ms;
    },
  };
}

export const genesisTimeMs = BigInt(START_MS);
