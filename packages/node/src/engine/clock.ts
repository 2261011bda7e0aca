/** Time as the node is told it. */
export interface Clock {
  /** Milliseconds since 1970, as block times have them. */
  nowMs(): number;
  /** Milliseconds from any start, which no person and no time server sets. */
  monotonicMs(): number;
}

/** The machine's clock, moved by a demonstration's offset. */
export const systemClock = (offsetMs = 0): Clock => ({
  nowMs: (): number => Date.now() + offsetMs,
  monotonicMs: (): number => Math.floor(performance.now()),
});

/** How far a clock may be from the monotonic one, or from the followers', before a stop. */
export const MAX_CLOCK_JUMP_MS = 600_000;

/**
 * Notices a clock that jumps: a wrong clock must not fire statutory timers. Time that passes with
 * nothing to do is no jump.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #difference: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#difference = clock.nowMs() - clock.monotonicMs();
  }

  /** How far the clock has moved against the monotonic one, in milliseconds, when too far. */
  jumpMs(): number | null {
    const moved = this.#clock.nowMs() - this.#clock.monotonicMs() - this.#difference;
    return Math.abs(moved) > MAX_CLOCK_JUMP_MS ? moved : null;
  }
}
