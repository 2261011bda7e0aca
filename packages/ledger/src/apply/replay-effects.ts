import { equal, hashLeaf } from "@tallystick/log";
import { decodeEffects, type Effects, effectsDigest, type LedgerEvent } from "../effects.ts";
import type { Host } from "../host.ts";
import { decodeLeaf, type HeaderLeaf, type TimerLeaf, type TransactionLeaf } from "../leaves.ts";
import { decodeTransaction } from "../transaction.ts";
import type { LedgerState } from "./ledger-state.ts";
import { takeIn } from "./overlay.ts";

/** A block as it is stored. */
export interface EffectsBlock {
  /** The header last. */
  readonly leaves: readonly Uint8Array[];
  /** For each leaf but the header. */
  readonly effects: readonly Uint8Array[];
  /**
   * The bytes of each transaction in leaf order; an empty item where the body has been dropped.
   * From them the ids that could be sent again are known.
   */
  readonly transactions: readonly Uint8Array[];
}

export type ReplayCode =
  | "replay/no-header"
  | "replay/wrong-header"
  | "replay/wrong-leaf"
  | "replay/wrong-transaction"
  | "replay/wrong-effects"
  | "replay/wrong-digest"
  | "replay/wrong-root";

export type Replayed =
  | { readonly ok: true; readonly header: HeaderLeaf; readonly events: readonly LedgerEvent[] }
  | { readonly ok: false; readonly code: ReplayCode };

const refuse = (code: ReplayCode): Replayed => ({ ok: false, code });

/**
 * Moves the state on by a stored block without executing it: every hash that its header gives is
 * checked, and the state root last of all. After `replay/wrong-root` the state is of no use.
 */
export const replayEffects = (host: Host, state: LedgerState, block: EffectsBlock): Replayed => {
  const headerBytes = block.leaves.at(-1);
  const header = headerBytes === undefined ? null : headerIn(headerBytes);
  if (headerBytes === undefined || header === null) return refuse("replay/no-header");
  if (!follows(state, header, block)) return refuse("replay/wrong-header");
  const leaves = readLeaves(header, block.leaves.slice(0, -1));
  if (leaves === null) return refuse("replay/wrong-leaf");
  const liveIds = readTransactions(host, state, leaves, block.transactions);
  if (liveIds === null) return refuse("replay/wrong-transaction");
  const effects = readEffects(leaves, block.effects);
  if (effects === null) return refuse("replay/wrong-effects");
  if (!equal(effectsDigest(host.sha256, block.effects), header.effectsDigest)) {
    return refuse("replay/wrong-digest");
  }
  // Commit point.
  for (const { writes } of effects) takeIn(state.map, writes);
  if (!equal(state.map.root(), header.stateRoot)) return refuse("replay/wrong-root");
  state.liveIds.prune(header.timeMs);
  for (const { id, validUntilMs } of liveIds) state.liveIds.add(id, validUntilMs);
  const { number, timeMs } = header;
  state.lastHeader = { number, timeMs, leafHash: hashLeaf(host.sha256, headerBytes) };
  state.leafCount += block.leaves.length;
  return { ok: true, header, events: effects.flatMap(({ events }) => events) };
};

const headerIn = (bytes: Uint8Array): HeaderLeaf | null => {
  const decoded = decodeLeaf(bytes);
  return decoded.ok && decoded.leaf.kind === "header" ? decoded.leaf : null;
};

const follows = (state: LedgerState, header: HeaderLeaf, block: EffectsBlock): boolean =>
  header.number === state.lastHeader.number + 1n &&
  header.timeMs > state.lastHeader.timeMs &&
  equal(header.previousHeaderHash, state.lastHeader.leafHash) &&
  header.firstIndex === state.leafCount &&
  header.count === block.leaves.length - 1 &&
  header.count === block.effects.length;

type BodyLeaf = TransactionLeaf | TimerLeaf;

const readLeaves = (header: HeaderLeaf, leaves: readonly Uint8Array[]): BodyLeaf[] | null => {
  const read: BodyLeaf[] = [];
  for (const [index, bytes] of leaves.entries()) {
    const decoded = decodeLeaf(bytes);
    if (!decoded.ok) return null;
    const { leaf } = decoded;
    if (leaf.kind !== "transaction" && leaf.kind !== "timer") return null;
    if (leaf.block !== header.number || leaf.index !== index) return null;
    if (leaf.kind === "transaction" && leaf.blockTimeMs !== header.timeMs) return null;
    read.push(leaf);
  }
  return read;
};

interface LiveId {
  readonly id: Uint8Array;
  readonly validUntilMs: bigint;
}

/** The ids of the bodies that are still there, each checked against its leaf. */
const readTransactions = (
  host: Host,
  state: LedgerState,
  leaves: readonly BodyLeaf[],
  bodies: readonly Uint8Array[],
): LiveId[] | null => {
  const recorded = leaves.filter((leaf) => leaf.kind === "transaction");
  if (recorded.length !== bodies.length) return null;
  const ids: LiveId[] = [];
  for (const [at, bytes] of bodies.entries()) {
    if (bytes.length === 0) continue;
    const leaf = recorded[at] as TransactionLeaf;
    if (!equal(host.sha256.one(bytes), leaf.bytesHash)) return null;
    const decoded = decodeTransaction(host, state.networkId, bytes);
    if (!decoded.ok || !equal(decoded.transaction.id, leaf.id)) return null;
    ids.push({ id: leaf.id, validUntilMs: decoded.transaction.payload.validUntilMs });
  }
  return ids;
};

/** The effects of each leaf; a transaction that was refused has none. */
const readEffects = (
  leaves: readonly BodyLeaf[],
  stored: readonly Uint8Array[],
): Effects[] | null => {
  const all: Effects[] = [];
  for (const [at, bytes] of stored.entries()) {
    const decoded = decodeEffects(bytes);
    if (!decoded.ok) return null;
    const { effects } = decoded;
    const isRefused = leaves[at]?.kind === "transaction" && leaves[at]?.outcome.ok === false;
    if (isRefused && effects.writes.length + effects.events.length > 0) return null;
    all.push(effects);
  }
  return all;
};
