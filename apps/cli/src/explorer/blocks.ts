import { decodeLeaf, type HeaderLeaf } from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import type { BlockRow, BlocksPage, BlocksQuery, BlockView } from "@tallystick/portal";
import type { ExplorerNode } from "./explorer-node.ts";
import type { Register } from "./register.ts";
import { entriesOf, type Transactions, timersIn } from "./transactions.ts";

/** Blocks newest first; only their headers are read. */
export const blocksPage = (
  { replica }: ExplorerNode,
  register: Register,
  { before, limit }: BlocksQuery,
): BlocksPage => {
  const end = Math.min(before ?? Number.MAX_SAFE_INTEGER, replica.blockNumber + 1);
  const first = Math.max(1, end - limit);
  const rows = end <= first ? [] : replica.store.headers(first, end - first);
  const blocks = rows.flatMap(({ header }) => {
    const decoded = headerIn(header);
    return decoded === null ? [] : [rowOf(decoded, register)];
  });
  return { blocks: blocks.reverse(), older: first > 1 && end > first ? first : null };
};

/** One block with its transactions told; null when there is none of this number. */
export const blockView = (
  node: ExplorerNode,
  parts: { readonly register: Register; readonly transactions: Transactions },
  number: number,
): BlockView | null => {
  const stored = node.replica.store.block(number);
  const header = stored === null ? null : headerIn(stored.leaves.at(-1) ?? new Uint8Array());
  if (stored === null || header === null) return null;
  const { register, transactions } = parts;
  return {
    ...rowOf(header, register),
    site: register.operatorSite(header.proposer, header.site),
    firstIndex: header.firstIndex,
    previousHeader: toHex(header.previousHeaderHash),
    effectsDigest: toHex(header.effectsDigest),
    stateRoot: toHex(header.stateRoot),
    protocolVersion: header.protocolVersion,
    transactions: entriesOf(node, stored).map((entry) => transactions.row(entry)),
    timers: timersIn(stored),
    newest: node.replica.blockNumber,
  };
};

const headerIn = (bytes: Uint8Array): HeaderLeaf | null => {
  const decoded = decodeLeaf(bytes);
  return decoded.ok && decoded.leaf.kind === "header" ? decoded.leaf : null;
};

const rowOf = (header: HeaderLeaf, register: Register): BlockRow => ({
  number: Number(header.number),
  timeMs: Number(header.timeMs),
  entries: header.count,
  proposer: register.operator(header.proposer),
});
