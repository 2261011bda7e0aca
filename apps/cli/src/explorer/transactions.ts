import { decodeLeaf, decodeTransaction, refusalOf, type TransactionLeaf } from "@tallystick/ledger";
import { fromHex, toHex } from "@tallystick/log";
import type { Refusal, TransactionRow, TransactionView } from "@tallystick/portal";
import type { ExplorerNode, StoredBlock } from "./explorer-node.ts";
import type { Teller, Told } from "./tell.ts";

const WITHHELD =
  "This belongs to a person’s case, so its text is shown only to those who take part in it. " +
  "Anybody can see that it stands here, since when, and check its receipt.";

const NEWEST_LISTED = 10;

/** A transaction where it stands in its block. */
export interface Entry {
  readonly block: number;
  readonly leafIndex: number;
  readonly leafBytes: Uint8Array;
  readonly leaf: TransactionLeaf;
  readonly bytes: Uint8Array;
}

/** The transactions of a block, in order. */
export const entriesOf = (node: ExplorerNode, stored: StoredBlock): Entry[] =>
  stored.transactions.flatMap((_, at) => entryIn(node, stored, at) ?? []);

/** The transaction at a place in its block, from 0. */
const entryIn = ({ replica }: ExplorerNode, stored: StoredBlock, at: number): Entry | null => {
  const timers = timersIn(stored);
  const leafBytes = stored.leaves[timers + at] ?? new Uint8Array();
  const bytes = stored.transactions[at];
  const decoded = decodeLeaf(leafBytes);
  if (bytes === undefined || !decoded.ok || decoded.leaf.kind !== "transaction") return null;
  const leafIndex = replica.firstIndex(stored.number) + timers + at;
  return { block: stored.number, leafIndex, leafBytes, leaf: decoded.leaf, bytes };
};

/** Timers come first in a block, and its header last. */
export const timersIn = ({ leaves, transactions }: StoredBlock): number =>
  leaves.length - 1 - transactions.length;

/** Where the bytes of a transaction are, for those who may see them. */
export const bytesPath = (id: string): string => `/transactions/${id}/transaction.cose`;

/** Transactions as pages show them. */
export class Transactions {
  readonly #node: ExplorerNode;
  readonly #teller: Teller;
  #found: { readonly id: string; readonly entry: Entry } | null = null;

  constructor(node: ExplorerNode, teller: Teller) {
    this.#node = node;
    this.#teller = teller;
  }

  /** The entry of a transaction that is recorded; null when none of this id is. */
  find(id: string): Entry | null {
    // A page asks for its transaction several times, and what is recorded never changes.
    if (this.#found?.id === id) return this.#found.entry;
    const { views, replica } = this.#node;
    const place = views.find(fromHex(id) ?? new Uint8Array());
    const stored = place === null ? null : replica.store.block(place.block);
    if (place === null || stored === null) return null;
    const first = replica.firstIndex(place.block) + timersIn(stored);
    const entry = entryIn(this.#node, stored, place.leafIndex - first);
    if (entry !== null) this.#found = { id, entry };
    return entry;
  }

  /** The newest, each block read once. */
  newest(): TransactionRow[] {
    const { views, replica } = this.#node;
    const rows = views.transactions(Number.MAX_SAFE_INTEGER, NEWEST_LISTED);
    const entries = new Map<number, Entry>();
    for (const number of new Set(rows.map(({ block }) => block))) {
      const stored = replica.store.block(number);
      if (stored === null) continue;
      for (const entry of entriesOf(this.#node, stored)) entries.set(entry.leafIndex, entry);
    }
    return rows.flatMap(({ leafIndex }) => {
      const entry = entries.get(leafIndex);
      return entry === undefined ? [] : [this.row(entry)];
    });
  }

  row(entry: Entry): TransactionRow {
    return rowOf(entry, this.#tell(entry));
  }

  view(entry: Entry): TransactionView {
    const told = this.#tell(entry);
    const row = rowOf(entry, told);
    const isOpen = told?.isOpen === true;
    return {
      ...row,
      block: entry.block,
      leafIndex: entry.leafIndex,
      leaf: toHex(entry.leafBytes),
      facts: told?.facts ?? [],
      rawUrl: isOpen ? bytesPath(row.id) : null,
      withheld: isOpen ? null : WITHHELD,
    };
  }

  /** The signed bytes when everybody may see them, else null. */
  openBytes(entry: Entry): Uint8Array | null {
    const { host, networkId } = this.#node.replica;
    const decoded = decodeTransaction(host, networkId, entry.bytes);
    return decoded.ok && this.#teller.isOpen(decoded.transaction) ? entry.bytes : null;
  }

  #tell({ bytes, leaf }: Entry): Told | null {
    const { host, networkId } = this.#node.replica;
    const decoded = decodeTransaction(host, networkId, bytes);
    return decoded.ok ? this.#teller.tell(decoded.transaction, leaf.outcome.ok) : null;
  }
}

const rowOf = ({ leaf }: Entry, told: Told | null): TransactionRow => ({
  id: toHex(leaf.id),
  timeMs: Number(leaf.blockTimeMs),
  sentence: told?.sentence ?? null,
  refusal: refusalIn(leaf),
});

const refusalIn = ({ outcome }: TransactionLeaf): Refusal => {
  if (outcome.ok) return null;
  const { messageIndex, code } = outcome;
  const what = refusalOf(code)?.what ?? "A rule of the ledger refused it.";
  return { message: messageIndex, code, what };
};
