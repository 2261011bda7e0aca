import type { Hash } from "@tallystick/log";

/** At the bound none is taken until some have run out: 600 s at 1,700 a second. */
export const MAX_LIVE_IDS: number = 1_048_576;

const BUCKET_MS = 1_000n;

/** A byte string as a map key. */
const nameOf = (id: Hash): string => String.fromCharCode(...id);

/**
 * The ids of transactions that are recorded and could still be sent again, because their
 * valid-until has not passed. It follows from the log alone and is not part of the state:
 * `replayEffects` fills it again from the stored transactions.
 */
export class LiveIds {
  readonly #untilMs: Map<string, bigint> = new Map();
  readonly #buckets: Map<bigint, string[]> = new Map();

  get size(): number {
    return this.#untilMs.size;
  }

  has(id: Hash): boolean {
    return this.#untilMs.has(nameOf(id));
  }

  add(id: Hash, validUntilMs: bigint): void {
    const name = nameOf(id);
    this.#untilMs.set(name, validUntilMs);
    const bucket = validUntilMs / BUCKET_MS;
    const names = this.#buckets.get(bucket);
    if (names === undefined) this.#buckets.set(bucket, [name]);
    else names.push(name);
  }

  /** Forgets every id that a block at this time, or later, would refuse as expired. */
  prune(nowMs: bigint): void {
    for (const [bucket, names] of this.#buckets) {
      if ((bucket + 1n) * BUCKET_MS > nowMs) continue;
      for (const name of names) this.#untilMs.delete(name);
      this.#buckets.delete(bucket);
    }
  }
}
