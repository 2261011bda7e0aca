import { type Cbor, decode, decodeLeaf, type HeaderLeaf } from "@tallystick/ledger";
import type { LedgerRow } from "./read-columns.ts";
import type { Findings } from "./report.ts";

/** A block's row, each column taken apart; null where that cannot be done, which is told. */
export interface ReadBlock {
  readonly row: number;
  /** The header column, whatever it holds. */
  readonly header: Uint8Array | null;
  readonly leaves: readonly Uint8Array[] | null;
  readonly transactions: readonly Uint8Array[] | null;
  readonly effects: readonly Uint8Array[] | null;
}

/** The header in a leaf's bytes; null when they are no header leaf. */
export function headerIn(leaf: Uint8Array | null | undefined): HeaderLeaf | null {
  if (leaf === null || leaf === undefined) return null;
  const decoded = decodeLeaf(leaf);
  return decoded.ok && decoded.leaf.kind === "header" ? decoded.leaf : null;
}

/** The last leaf of a row's list; null when the column is no list or an empty one. */
export const lastLeaf = (row: LedgerRow<"block">): Uint8Array | null =>
  byteStringsIn(row.leaves)?.at(-1) ?? null;

/** Takes a block's row apart. */
export function readBlock(number: number, row: LedgerRow<"block">, findings: Findings): ReadBlock {
  const listOf = (column: "leaves" | "transactions" | "effects") => {
    const list = byteStringsIn(row[column]);
    if (list === null && row[column] !== null) {
      findings.add("block", row.rowKey, column, "The column is not one list of byte strings.");
    }
    return list;
  };
  return {
    row: row.number ?? number,
    header: row.header,
    leaves: listOf("leaves"),
    transactions: listOf("transactions"),
    effects: listOf("effects"),
  };
}

/** What the leaves of transactions say of their bytes, in order. */
export function bytesHashesOf(leaves: readonly Uint8Array[]): Uint8Array[] {
  return leaves.flatMap((leaf) => {
    const decoded = decodeLeaf(leaf);
    return decoded.ok && decoded.leaf.kind === "transaction" ? [decoded.leaf.bytesHash] : [];
  });
}

function byteStringsIn(column: Uint8Array | null): readonly Uint8Array[] | null {
  if (column === null) return null;
  const decoded = decode(column);
  if (!decoded.ok || !Array.isArray(decoded.value)) return null;
  const items: readonly Cbor[] = decoded.value;
  return items.every((item) => item instanceof Uint8Array) ? items : null;
}
