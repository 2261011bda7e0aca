import { type Capacity, decodeCapacity, encodeCapacity } from "./capacity.ts";
import { type Cbor, decode, encode } from "./cbor.ts";
import { decodeMessage, encodeMessage, type Message } from "./messages.ts";
import { decodePlace, encodePlace, type Place } from "./place.ts";
import { id16, name, natural, orNull } from "./shape.ts";
import type { TransactionCode } from "./transaction-code.ts";

/** What the signer signs. spec/transaction.md has a sample. */
export interface TransactionPayload {
  /** 16 random bytes: without them two equal acts would be one. */
  readonly nonce: Uint8Array;
  /** The last block time, in milliseconds since 1970, at which it may be recorded. */
  readonly validUntilMs: bigint;
  /** The actor's own clock; staff and devices only. */
  readonly actedAtMs: bigint | null;
  readonly place: Place;
  readonly capacity: Capacity;
  /** The member whose node packs the transaction of a key that belongs to no member. */
  readonly sponsor: string | null;
  /** 1 to MAX_MESSAGES; all take effect or none. */
  readonly messages: readonly Message[];
}

/** The version that this code writes, and the only one that it reads. */
export const TRANSACTION_VERSION: bigint = 1n;
export const MAX_MESSAGES: number = 16;
const ITEMS = 9;

export type PayloadDecoded =
  | { readonly ok: true; readonly payload: TransactionPayload }
  | { readonly ok: false; readonly code: TransactionCode };

const refuse = (code: TransactionCode): PayloadDecoded & { readonly ok: false } => ({
  ok: false,
  code,
});

/** The payload's bytes: nine items in a fixed order, the last one null. */
export const encodePayload = (payload: TransactionPayload): Uint8Array =>
  encode([
    TRANSACTION_VERSION,
    payload.nonce,
    payload.validUntilMs,
    payload.actedAtMs,
    encodePlace(payload.place),
    encodeCapacity(payload.capacity),
    payload.sponsor,
    payload.messages.map(encodeMessage),
    null,
  ]);

/** The payload out of its bytes; checked in the order of the items, as TRANSACTION_CODES lists. */
export const decodePayload = (bytes: Uint8Array): PayloadDecoded => {
  const decoded = decode(bytes);
  if (!decoded.ok) {
    const deep = decoded.code === "cbor/too-deep";
    return refuse(deep ? "transaction/payload-too-deep" : "transaction/payload-not-deterministic");
  }
  const items = decoded.value;
  if (!Array.isArray(items) || items.length !== ITEMS) {
    return refuse("transaction/payload-not-nine-items");
  }
  return decodeItems(items);
};

const decodeItems = (items: readonly Cbor[]): PayloadDecoded => {
  const at = (index: number): Cbor => items[index] as Cbor;
  if (at(0) !== TRANSACTION_VERSION) return refuse("transaction/unknown-version");
  const nonce = id16.decode(at(1));
  if (nonce === undefined) return refuse("transaction/bad-nonce");
  const validUntilMs = natural.decode(at(2));
  if (validUntilMs === undefined) return refuse("transaction/bad-valid-until");
  const actedAtMs = orNull(natural).decode(at(3));
  if (actedAtMs === undefined) return refuse("transaction/bad-acted-at");
  const place = decodePlace(at(4));
  if (place === undefined) return refuse("transaction/bad-place");
  const capacity = decodeCapacity(at(5));
  if (capacity === undefined) return refuse("transaction/bad-capacity");
  const sponsor = orNull(name).decode(at(6));
  if (sponsor === undefined) return refuse("transaction/bad-sponsor");
  const decoded = decodeMessages(at(7));
  if (!decoded.ok) return decoded;
  if (at(8) !== null) return refuse("transaction/reserved-item-used");
  const { messages } = decoded;
  return {
    ok: true,
    payload: { nonce, validUntilMs, actedAtMs, place, capacity, sponsor, messages },
  };
};

type MessagesDecoded =
  | { readonly ok: true; readonly messages: readonly Message[] }
  | { readonly ok: false; readonly code: TransactionCode };

const decodeMessages = (list: Cbor): MessagesDecoded => {
  if (!Array.isArray(list) || list.length < 1 || list.length > MAX_MESSAGES) {
    return refuse("transaction/bad-message-count");
  }
  const messages: Message[] = [];
  for (const item of list as readonly Cbor[]) {
    const decoded = decodeMessage(item);
    if (!decoded.ok) return refuse(decoded.code);
    messages.push(decoded.message);
  }
  return { ok: true, messages };
};
