import type { Capacity, Message, Place, TransactionPayload } from "@tallystick/ledger";
import { BuildError } from "./errors.ts";

/** How long a transaction may wait for its block; the ledger allows at most 600 s. */
export const DEFAULT_VALIDITY_MS = 300_000n;
const MAX_VALIDITY_MS = 600_000n;
const NONCE_BYTES = 16;

/** What a person or body wants to have recorded, before a clock or randomness touches it. */
export interface Draft {
  readonly messages: readonly Message[];
  readonly place: Place;
  /** Default: on one's own behalf. */
  readonly capacity?: Capacity;
  /** The member whose node packs the transaction of a key that belongs to no member. */
  readonly sponsor?: string | null;
  /** The actor's own clock in milliseconds; staff and devices only. */
  readonly actedAtMs?: bigint | null;
}

export interface BuildOptions {
  /** Block time as the node tells it: a phone's clock may be wrong, a demonstration's is moved. */
  readonly nowMs: bigint;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly validityMs?: bigint;
}

/**
 * Gives a draft its nonce and its last valid moment. Throws BuildError `client/validity-too-long`
 * or `client/bad-nonce` (spec/transaction.md).
 */
export const buildPayload = (draft: Draft, options: BuildOptions): TransactionPayload => {
  const validityMs = options.validityMs ?? DEFAULT_VALIDITY_MS;
  if (validityMs <= 0n || validityMs > MAX_VALIDITY_MS) {
    throw new BuildError("client/validity-too-long", {
      message: `A transaction may be valid for at most ${MAX_VALIDITY_MS} ms.`,
    });
  }
  const nonce = options.randomBytes(NONCE_BYTES);
  if (nonce.length !== NONCE_BYTES) {
    throw new BuildError("client/bad-nonce", { message: `A nonce has ${NONCE_BYTES} bytes.` });
  }
  return {
    nonce,
    validUntilMs: options.nowMs + validityMs,
    actedAtMs: draft.actedAtMs ?? null,
    place: draft.place,
    capacity: draft.capacity ?? { kind: "self" },
    sponsor: draft.sponsor ?? null,
    messages: draft.messages,
  };
};
