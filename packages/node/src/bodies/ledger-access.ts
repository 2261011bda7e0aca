import type { Genesis, Host, StateReader } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";

/** A transaction as it stands on the ledger. */
export interface RecordedTransaction {
  readonly id: Hash;
  readonly bytes: Uint8Array;
  readonly leafIndex: number;
  readonly blockTimeMs: bigint;
  /** Null when the rules let it through, else the refusal's code. */
  readonly refusal: string | null;
}

export interface RecordedBlock {
  readonly number: number;
  readonly transactions: readonly RecordedTransaction[];
}

/** What a submission came to, once this node's own copy of the ledger shows it. */
export type Submitted =
  | {
      readonly ok: true;
      readonly id: Hash;
      readonly leafIndex: number;
      readonly blockTimeMs: bigint;
    }
  /** Not admitted, or refused by a rule; `node/…` codes may pass, all others stay. */
  | { readonly ok: false; readonly code: string };

/** A checkpoint with a cosignature by a member of this node among its lines. */
export interface CosignedCheckpoint {
  /** The signed note as text. */
  readonly note: string;
  /** Leaves that it covers. */
  readonly size: number;
}

/** All that the private side of a node asks of the ledger's side. */
export interface LedgerAccess {
  readonly host: Host;
  readonly networkId: Hash;
  readonly genesis: Genesis;
  /** The state after the newest durable block. */
  state(): StateReader;
  /** Block time as it would be now, in milliseconds. */
  now(): bigint;
  /** Resolves when the outcome is durable here; on a follower, when it has executed the block. */
  submit(transaction: Uint8Array): Promise<Submitted>;
  recorded(id: Hash): RecordedTransaction | null;
  /** The durable blocks from this number on, in order; 1 is the first. */
  blocks(from: number): Iterable<RecordedBlock>;
  /** Called after each durable block; returns what stops it. */
  onBlock(listener: () => void): () => void;
  /** The newest checkpoint that this member cosigned as executor; null for none. */
  cosigned(member: string): CosignedCheckpoint | null;
}
