import { compare, concat, encodeUtf8, type Hash, type Sha256 } from "@tallystick/log";
import { type Cbor, decode, encode } from "./cbor.ts";
import { bytes, list, name, orNull, record, type Shape } from "./shape.ts";

/** One change of state: the new value, or null where the key is deleted. */
export interface Write {
  readonly module: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** What happened, for those who follow: [name, …fields], for instance ["services/opened", h'…']. */
export interface LedgerEvent {
  readonly name: string;
  readonly fields: readonly Cbor[];
}

/** All that one transaction or timer did; enough to follow the ledger without its bytes. */
export interface Effects {
  readonly writes: readonly Write[];
  readonly events: readonly LedgerEvent[];
}

export type EffectsCode =
  | "effects/not-deterministic"
  | "effects/bad-shape"
  | "effects/writes-out-of-order";

export type EffectsDecoded =
  | { readonly ok: true; readonly effects: Effects }
  | { readonly ok: false; readonly code: EffectsCode };

const DIGEST_PREFIX = encodeUtf8("tallystick/effects/v1");
const MAX_ITEMS = 65_536;

const write = record<Write>({ module: name, key: bytes, value: orNull(bytes) });

const event: Shape<LedgerEvent> = {
  encode: ({ name, fields }) => [name, ...fields],
  decode: (cbor) => {
    if (!Array.isArray(cbor)) return undefined;
    const [first, ...fields] = cbor as readonly Cbor[];
    const eventName = first === undefined ? undefined : name.decode(first);
    return eventName === undefined ? undefined : { name: eventName, fields };
  },
};

const shape = record<Effects>({ writes: list(write, MAX_ITEMS), events: list(event, MAX_ITEMS) });

/** By module, then by key, as bytes. */
const byPlace = (a: Write, b: Write): number =>
  compare(encodeUtf8(a.module), encodeUtf8(b.module)) || compare(a.key, b.key);

const areInOrder = (writes: readonly Write[]): boolean =>
  writes.every((write, at) => at === 0 || byPlace(writes[at - 1] as Write, write) < 0);

/**
 * The effects' bytes: [[[module, key, value], …], [[name, …fields], …]]. Writes are put in the
 * order of module and key, whatever order they come in; two writes of one key throw RangeError.
 * spec/effects.md.
 */
export const encodeEffects = (effects: Effects): Uint8Array => {
  const writes = [...effects.writes].sort(byPlace);
  if (!areInOrder(writes)) throw new RangeError("one key is written twice");
  return encode(shape.encode({ writes, events: effects.events }));
};

/** The effects out of their bytes; see EffectsCode, in the order of checking, for refusals. */
export const decodeEffects = (bytes: Uint8Array): EffectsDecoded => {
  const decoded = decode(bytes);
  if (!decoded.ok) return { ok: false, code: "effects/not-deterministic" };
  const effects = shape.decode(decoded.value);
  if (effects === undefined) return { ok: false, code: "effects/bad-shape" };
  if (!areInOrder(effects.writes)) return { ok: false, code: "effects/writes-out-of-order" };
  return { ok: true, effects };
};

/**
 * What a header says about its block: SHA-256("tallystick/effects/v1" ‖ CBOR array of the effects'
 * bytes of each leaf but the header, in leaf order).
 */
export const effectsDigest = (sha: Sha256, blockEffects: readonly Uint8Array[]): Hash =>
  sha.one(concat(DIGEST_PREFIX, encode(blockEffects)));
