import { encode, encodeStateProof } from "@tallystick/ledger";
import { formatTlogProof } from "@tallystick/log";
import type { Replica } from "../engine/replica.ts";
import type { CheckpointBook, SignedCheckpoint } from "./book.ts";

/** What a receipt is about. */
export interface ReceiptSubject {
  readonly leafIndex: number;
  readonly leaf: Uint8Array;
  /** Null for a reader who may not see the transaction's bytes; who has them can put them in. */
  readonly transaction: Uint8Array | null;
}

/** The newest checkpoint that meets the policy and covers this leaf; null when none does yet. */
export function finalCheckpointOver(
  book: CheckpointBook,
  leafIndex: number,
): SignedCheckpoint | null {
  const { final } = book;
  return final !== null && final.checkpoint.size > leafIndex ? final : null;
}

/**
 * The receipt as a C2SP tlog-proof: the leaf's path to a cosigned checkpoint, and in `extra` the
 * CBOR of [leaf, transaction bytes or null, network id]. spec/receipt.md.
 */
export function formatReceipt(
  replica: Replica,
  book: CheckpointBook,
  entry: SignedCheckpoint,
  { leafIndex, leaf, transaction }: ReceiptSubject,
): string {
  return formatTlogProof({
    extra: encode([leaf, transaction, replica.networkId]),
    index: leafIndex,
    proof: replica.tree.inclusionProof(leafIndex, entry.checkpoint.size),
    checkpoint: book.noteOf(entry),
  });
}

/**
 * What stood, or did not stand, under a key of the state: a tlog-proof of the header leaf that
 * names the state root, and in `extra` the CBOR of [header leaf, module, key, state proof].
 * Null when the checkpoint's state is no longer at hand. spec/state-proof.md.
 */
export function formatStateReceipt(
  replica: Replica,
  book: CheckpointBook,
  entry: SignedCheckpoint,
  { module, key }: { readonly module: string; readonly key: Uint8Array },
): string | null {
  const headerIndex = entry.checkpoint.size - 1;
  // Under genesis alone no header names a state root.
  if (entry.snapshot === null || headerIndex === 0) return null;
  const [header] = replica.leaves(headerIndex, headerIndex + 1);
  if (header === undefined) return null;
  const proof = encodeStateProof(entry.snapshot.prove(module, key));
  return formatTlogProof({
    extra: encode([header, module, key, proof]),
    index: headerIndex,
    proof: replica.tree.inclusionProof(headerIndex, entry.checkpoint.size),
    checkpoint: book.noteOf(entry),
  });
}
