import { type Hash, hashLeaf, type Sha256 } from "@tallystick/log";
import { type Cbor, type CborInput, decode, encode } from "./cbor.ts";
import {
  bytes,
  hash,
  name,
  natural,
  type RecordShape,
  record,
  type Shape,
  words,
} from "./shape.ts";

/** How an act ended: in full, or refused by a rule because of one of its messages. */
export type Outcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** 0 to 15; 0 for a timer. */
      readonly messageIndex: number;
      /** `module/reason`, for instance `services/wrong-state`. */
      readonly code: string;
    };

/** That a transaction was recorded, and how it ended. Its bytes are kept beside the log. */
export interface TransactionLeaf {
  readonly kind: "transaction";
  readonly block: bigint;
  /** Its place in the block, from 0. */
  readonly index: number;
  readonly blockTimeMs: bigint;
  readonly id: Hash;
  /** SHA-256 of the transaction's bytes, signature included. */
  readonly bytesHash: Hash;
  readonly outcome: Outcome;
}

/** That a timer fell due. */
export interface TimerLeaf {
  readonly kind: "timer";
  readonly block: bigint;
  readonly index: number;
  readonly timerId: Uint8Array;
  readonly outcome: Outcome;
}

/** The last leaf of a block. It binds time, order, effects and state. */
export interface HeaderLeaf {
  readonly kind: "header";
  /** One more than the block before. */
  readonly number: bigint;
  readonly timeMs: bigint;
  /** Leaf hash of the previous header; of genesis for block 1. */
  readonly previousHeaderHash: Hash;
  /** Place in the log of the block's first leaf. */
  readonly firstIndex: number;
  /** Leaves of the block without this one. */
  readonly count: number;
  readonly effectsDigest: Hash;
  readonly stateRoot: Hash;
  /** Operator that ordered the block, and the registered site it did so at. */
  readonly proposer: string;
  readonly site: string;
  readonly protocolVersion: number;
}

/** The last leaf that the keys of an era may sign. */
export interface CloseLeaf {
  readonly kind: "close";
  readonly lastHeaderHash: Hash;
  readonly reason: string;
}

/** Leaf 0 of an era: see genesis.ts. */
export interface GenesisLeaf {
  readonly kind: "genesis";
  readonly bytes: Uint8Array;
}

export type Leaf = GenesisLeaf | TransactionLeaf | TimerLeaf | HeaderLeaf | CloseLeaf;

export type LeafCode =
  | "leaf/too-large"
  | "leaf/not-deterministic"
  | "leaf/unknown-kind"
  | "leaf/bad-shape";

export type LeafDecoded =
  | { readonly ok: true; readonly leaf: Leaf }
  | { readonly ok: false; readonly code: LeafCode };

/** An entry bundle of the log has two bytes for a leaf's length. */
export const MAX_LEAF_BYTES: number = 65_535;
export const MAX_OUTCOME_CODE_LENGTH: number = 64;
const MAX_MESSAGE_INDEX = 15;

const count: Shape<number> = {
  encode: (value) => value,
  decode: (cbor) =>
    typeof cbor === "bigint" && cbor >= 0n && cbor <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(cbor)
      : undefined,
};

/** Lower-case letters, digits and hyphens, with one slash between two such words. */
const isOutcomeCode = (text: string): boolean => {
  if (text.length > MAX_OUTCOME_CODE_LENGTH) return false;
  const parts = text.split("/");
  return parts.length === 2 && parts.every(isCodeWord);
};

const isCodeWord = (word: string): boolean => {
  for (let at = 0; at < word.length; at += 1) {
    const unit = word.charCodeAt(at);
    const fits = (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x2d;
    if (!fits) return false;
  }
  return word.length > 0;
};

const outcome: Shape<Outcome> = {
  encode: (value) => (value.ok ? 0 : [value.messageIndex, value.code]),
  decode: (cbor) => {
    if (cbor === 0n) return { ok: true };
    if (!Array.isArray(cbor) || cbor.length !== 2) return undefined;
    const [first, code] = cbor as [Cbor, Cbor];
    const messageIndex = count.decode(first);
    if (messageIndex === undefined || messageIndex > MAX_MESSAGE_INDEX) return undefined;
    if (typeof code !== "string" || !isOutcomeCode(code)) return undefined;
    return { ok: false, messageIndex, code };
  },
};

type Fields<L extends Leaf> = RecordShape<Omit<L, "kind">>;

const transaction: Fields<TransactionLeaf> = record<Omit<TransactionLeaf, "kind">>({
  block: natural,
  index: count,
  blockTimeMs: natural,
  id: hash,
  bytesHash: hash,
  outcome,
});

const timer: Fields<TimerLeaf> = record<Omit<TimerLeaf, "kind">>({
  block: natural,
  index: count,
  timerId: bytes,
  outcome,
});

const header: Fields<HeaderLeaf> = record<Omit<HeaderLeaf, "kind">>({
  number: natural,
  timeMs: natural,
  previousHeaderHash: hash,
  firstIndex: count,
  count,
  effectsDigest: hash,
  stateRoot: hash,
  proposer: name,
  site: name,
  protocolVersion: count,
});

const close: Fields<CloseLeaf> = record<Omit<CloseLeaf, "kind">>({
  lastHeaderHash: hash,
  reason: words,
});

/**
 * The leaf's bytes: a CBOR array that begins with its kind, for instance [1, 7, 0, …]. A leaf that
 * breaks its own form or MAX_LEAF_BYTES throws RangeError. spec/leaves.md.
 */
export const encodeLeaf = (leaf: Leaf): Uint8Array => {
  const encoded = leaf.kind === "genesis" ? leaf.bytes : encode(itemsOf(leaf));
  const read = decodeLeaf(encoded);
  if (!read.ok) throw new RangeError(`${leaf.kind} leaf cannot be written: ${read.code}`);
  return encoded;
};

const itemsOf = (leaf: Exclude<Leaf, GenesisLeaf>): readonly CborInput[] => {
  switch (leaf.kind) {
    case "transaction":
      return [1n, ...transaction.encode(leaf)];
    case "timer":
      return [2n, ...timer.encode(leaf)];
    case "header":
      return [3n, ...header.encode(leaf)];
    case "close":
      return [4n, ...close.encode(leaf)];
  }
};

/** The leaf out of its bytes; see LeafCode, in the order of checking, for refusals. */
export const decodeLeaf = (encoded: Uint8Array): LeafDecoded => {
  if (encoded.length > MAX_LEAF_BYTES) return { ok: false, code: "leaf/too-large" };
  const decoded = decode(encoded);
  if (!decoded.ok) return { ok: false, code: "leaf/not-deterministic" };
  if (!Array.isArray(decoded.value)) return { ok: false, code: "leaf/bad-shape" };
  const [kind, ...fields] = decoded.value as readonly Cbor[];
  const leaf = leafOf(kind, fields, encoded);
  if (leaf === null) return { ok: false, code: "leaf/unknown-kind" };
  return leaf === undefined ? { ok: false, code: "leaf/bad-shape" } : { ok: true, leaf };
};

/** Null for a kind that protocol 1 does not have. */
const leafOf = (
  kind: Cbor | undefined,
  fields: readonly Cbor[],
  encoded: Uint8Array,
): Leaf | undefined | null => {
  switch (kind) {
    case 0n:
      return { kind: "genesis", bytes: encoded };
    case 1n:
      return withKind("transaction", transaction.decode(fields));
    case 2n:
      return withKind("timer", timer.decode(fields));
    case 3n:
      return withKind("header", header.decode(fields));
    case 4n:
      return withKind("close", close.decode(fields));
    default:
      return null;
  }
};

const withKind = <K extends Leaf["kind"], T extends object>(
  kind: K,
  fields: T | undefined,
): ({ readonly kind: K } & T) | undefined =>
  fields === undefined ? undefined : { kind, ...fields };

/** The hash that stands for the leaf in the log: RFC 6962, SHA-256(0x00 ‖ bytes). */
export const leafHash = (sha: Sha256, leaf: Leaf): Hash => hashLeaf(sha, encodeLeaf(leaf));
