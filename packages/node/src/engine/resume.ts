import { type Host, type LedgerState, recallLiveIds, resumeLedger } from "@tallystick/ledger";
import type { LedgerStore, StoredBlock } from "../store/ledger-store.ts";
import type { StateStore } from "../store/state-store.ts";

/**
 * A copy of the state is taken at the latest after so many transactions: a start replays no more.
 */
export const FLUSH_EVERY_TRANSACTIONS = 50_000;
/** At a clean stop a copy is worth taking when a start would replay at least this many. */
export const FLUSH_AT_STOP_TRANSACTIONS = 2_000;

interface ResumeOptions {
  readonly host: Host;
  readonly genesisBytes: Uint8Array;
  readonly store: LedgerStore;
  readonly states: StateStore;
}

/** The ledger as the kept copy of its state has it; null when no copy fits the stored headers. */
export function resumeFrom({
  host,
  genesisBytes,
  store,
  states,
}: ResumeOptions): LedgerState | null {
  const number = states.block;
  const header = number === null ? undefined : store.block(number)?.leaves.at(-1);
  if (header === undefined) return null;
  return resumeLedger(host, genesisBytes, { header, entries: safely(states) });
}

/** Remembers the ids in a block that the copy already covers, while they could be sent again. */
export function recallBlock(
  host: Host,
  state: LedgerState,
  block: StoredBlock,
  timeMs: bigint,
): void {
  if (timeMs + state.parameters.maxValidityMs < state.lastHeader.timeMs) return;
  recallLiveIds(host, state, block.transactions);
}

/** A damaged copy ends the reading: the state root then refuses it. */
function* safely(states: StateStore): ReturnType<StateStore["entries"]> {
  try {
    yield* states.entries();
  } catch {
    return;
  }
}
