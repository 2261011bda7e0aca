import { equal, hashLeaf } from "@tallystick/log";
import type { Host } from "../host.ts";
import { decodeLeaf } from "../leaves.ts";
import { StateMap } from "../state/state-map.ts";
import { decodeTransaction } from "../transaction.ts";
import { type LedgerState, openLedger } from "./ledger-state.ts";

/** A state that somebody kept, and the header leaf of the block after which it stood. */
export interface KeptState {
  readonly header: Uint8Array;
  readonly entries: Iterable<readonly [module: string, key: Uint8Array, value: Uint8Array]>;
}

/**
 * The ledger as it stood after a block, from a copy of its state: no block before it is executed.
 * Null unless the copy gives the very root that the header names. The ids that could be sent again
 * are not in the state: `recallLiveIds` fills them in from the last blocks.
 */
export const resumeLedger = (
  host: Pick<Host, "sha256">,
  genesisBytes: Uint8Array,
  kept: KeptState,
): LedgerState | null => {
  const decoded = decodeLeaf(kept.header);
  if (!decoded.ok || decoded.leaf.kind !== "header") return null;
  const { number, timeMs, stateRoot, firstIndex, count } = decoded.leaf;
  const map = new StateMap(host.sha256);
  for (const [module, key, value] of kept.entries) map.put(module, key, value);
  if (!equal(map.root(), stateRoot)) return null;
  return {
    ...openLedger(host, genesisBytes),
    map,
    lastHeader: { number, timeMs, leafHash: hashLeaf(host.sha256, kept.header) },
    leafCount: firstIndex + count + 1,
  };
};

/** Remembers the ids of a block's transactions; those that have run out are forgotten again. */
export const recallLiveIds = (
  host: Host,
  state: LedgerState,
  transactions: readonly Uint8Array[],
): void => {
  for (const bytes of transactions) {
    const decoded = decodeTransaction(host, state.networkId, bytes);
    if (!decoded.ok) continue;
    const { id, payload } = decoded.transaction;
    state.liveIds.add(id, payload.validUntilMs);
  }
  state.liveIds.prune(state.lastHeader.timeMs);
};
