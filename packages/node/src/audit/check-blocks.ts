import type { DatabaseSync } from "node:sqlite";
import {
  applyBlock,
  decodeLeaf,
  type HeaderLeaf,
  type Host,
  type LedgerState,
  openLedger,
  replayEffects,
} from "@tallystick/ledger";
import { equal, hashLeaf, LogTree } from "@tallystick/log";
import { storedBlock } from "../engine/replica.ts";
import { columnOf } from "../store/database.ts";
import { type BlockRow, blockRow, readBlockRow, type StoredBlock } from "../store/ledger-store.ts";
import { LEDGER_SQL } from "../store/sql.ts";
import type { Findings } from "./report.ts";

const COLUMNS = ["header", "leaves", "transactions", "effects"] as const;
type Column = (typeof COLUMNS)[number];

/** The ledger as it comes out when everything is executed again. */
export interface Replayed {
  readonly state: LedgerState;
  readonly tree: LogTree;
  /** Sizes at which a checkpoint may stand. */
  readonly boundaries: ReadonlySet<number>;
  readonly blocks: number;
  readonly transactions: number;
  /** False when a fault cut the replay short. */
  readonly isWhole: boolean;
}

/** Executes every block from genesis and compares every column of every row with what comes out. */
export class BlockChecker {
  readonly #host: Host;
  readonly #database: DatabaseSync;
  readonly #findings: Findings;
  readonly #state: LedgerState;
  readonly #tree: LogTree;
  readonly #boundaries: Set<number> = new Set([1]);
  #blocks = 0;
  #transactions = 0;

  constructor(host: Host, database: DatabaseSync, findings: Findings, genesisBytes: Uint8Array) {
    this.#host = host;
    this.#database = database;
    this.#findings = findings;
    this.#state = openLedger(host, genesisBytes);
    this.#tree = new LogTree(host.sha256);
    this.#tree.append(hashLeaf(host.sha256, genesisBytes));
  }

  /** Every block row in the order of the numbers that their headers give. */
  check(): Replayed {
    const order = this.#order();
    let isWhole = true;
    for (const [at, rowNumber] of order.entries()) {
      const row = this.#row(rowNumber);
      const next = order[at + 1];
      isWhole = row !== null && this.#checkRow(row, next === undefined ? null : this.#row(next));
      if (!isWhole) break;
    }
    const left = order.length - this.#blocks - (isWhole ? 0 : 1);
    if (left > 0) {
      const what = `${left} later blocks could not be executed again because of this one.`;
      this.#findings.add("block", order[this.#blocks] ?? "", "", what);
    }
    return {
      state: this.#state,
      tree: this.#tree,
      boundaries: this.#boundaries,
      blocks: this.#blocks,
      transactions: this.#transactions,
      isWhole,
    };
  }

  /** Row numbers, put where their headers say that they belong. */
  #order(): number[] {
    const places: { row: number; number: number }[] = [];
    for (const row of this.#database
      .prepare("SELECT number, header FROM block ORDER BY number")
      .iterate()) {
      const number = Number(columnOf(row, "number"));
      const header = columnOf(row, "header");
      const said = header instanceof Uint8Array ? headerIn(header) : null;
      places.push({ row: number, number: Number(said?.number ?? number) });
    }
    // A header that was altered must not move its row past an intact one.
    const rows = new Set(places.map(({ row }) => row));
    const sorted = places.map((place) => ({
      row: place.row,
      at: place.row !== place.number && !rows.has(place.number) ? place.number : place.row,
    }));
    return sorted.sort((a, b) => a.at - b.at).map(({ row }) => row);
  }

  #row(number: number): BlockRow | null {
    const row = this.#database.prepare(LEDGER_SQL.block).get(number) ?? {};
    const columns = new Map<Column, Uint8Array>();
    for (const column of COLUMNS) {
      const value = columnOf(row, column);
      if (value instanceof Uint8Array) columns.set(column, value);
      else this.#findings.add("block", number, column, "The column does not hold bytes.");
    }
    const [header, leaves, transactions, effects] = COLUMNS.map((column) => columns.get(column));
    if (!header || !leaves || !transactions || !effects) return null;
    return { number, header, leaves, transactions, effects };
  }

  /** False when the replay cannot go on after this row. */
  #checkRow(row: BlockRow, next: BlockRow | null): boolean {
    const expected = this.#blocks + 1;
    const block = this.#read(row);
    if (block === null) return false;
    const header = this.#trustedHeader(row, block, next);
    if (header === null) {
      this.#findings.add("block", row.number, "header", "Neither column holds a readable header.");
      return false;
    }
    if (row.number !== expected) {
      const what =
        Number(header.number) === expected
          ? `The row belongs to block ${expected}.`
          : `Block ${expected} is missing before it.`;
      this.#findings.add("block", row.number, "number", what);
      if (Number(header.number) !== expected) return false;
    }
    this.#checkProposer(row.number, header);
    if (!this.#bodiesFit(row.number, block)) return this.#followEffects(row.number, block);
    return this.#execute(row, block, header);
  }

  #read(row: BlockRow): StoredBlock | null {
    const block = readBlockRow(row);
    if (block !== null) return block;
    for (const column of ["leaves", "transactions", "effects"] as const) {
      const alone = {
        ...row,
        leaves: EMPTY,
        transactions: EMPTY,
        effects: EMPTY,
        [column]: row[column],
      };
      if (readBlockRow(alone) === null) {
        const what = "The column is not one list of byte strings.";
        this.#findings.add("block", row.number, column, what);
      }
    }
    return null;
  }

  /** The header stands in two columns; where they differ, what comes after tells which is right. */
  #trustedHeader(row: BlockRow, block: StoredBlock, next: BlockRow | null): HeaderLeaf | null {
    const last = block.leaves.at(-1) ?? EMPTY;
    const bound = next === null ? null : headerIn(next.header)?.previousHeaderHash;
    const isBound = (leaf: Uint8Array): boolean =>
      bound !== null && bound !== undefined && equal(hashLeaf(this.#host.sha256, leaf), bound);
    const choice = !isBound(row.header) && isBound(last) ? last : row.header;
    return headerIn(choice) ?? headerIn(last);
  }

  #checkProposer(row: number, { proposer, site, timeMs }: HeaderLeaf): void {
    const { orderer, operators } = this.#state.genesis;
    const registered = operators.find(({ id }) => id === orderer)?.siteId;
    if (proposer !== orderer || site !== registered) {
      this.#findings.add("block", row, "header", "Its proposer or site is not the orderer's.");
    }
    if (timeMs <= this.#state.lastHeader.timeMs) {
      this.#findings.add("block", row, "header", "Its time does not lie after the block before.");
    }
  }

  /** Whether each transaction's bytes are those that its leaf names. */
  #bodiesFit(row: number, { leaves, transactions }: StoredBlock): boolean {
    const named = leaves.flatMap((bytes) => {
      const decoded = decodeLeaf(bytes);
      return decoded.ok && decoded.leaf.kind === "transaction" ? [decoded.leaf.bytesHash] : [];
    });
    const wrong = transactions.filter((bytes, at) => {
      const hash = named[at];
      return hash === undefined || !equal(this.#host.sha256.one(bytes), hash);
    });
    if (wrong.length === 0 && named.length === transactions.length) return true;
    const what = `${wrong.length || "Some"} of its transactions are not those that its leaves name.`;
    this.#findings.add("block", row, "transactions", what);
    return false;
  }

  /** Goes on by the stored effects where the bodies cannot be executed. */
  #followEffects(row: number, block: StoredBlock): boolean {
    const replayed = replayEffects(this.#host, this.#state, { ...block, number: this.#blocks + 1 });
    if (!replayed.ok) {
      this.#findings.add(
        "block",
        row,
        "leaves",
        `Its effects do not fit its header either: ${replayed.code}.`,
      );
      return false;
    }
    this.#extend(block.leaves, block.transactions.length);
    return true;
  }

  #execute(row: BlockRow, block: StoredBlock, header: HeaderLeaf): boolean {
    const { timeMs, proposer, site } = header;
    const { transactions } = block;
    const result = applyBlock(this.#host, this.#state, { timeMs, proposer, site, transactions });
    if (result === null) {
      this.#findings.add("block", row.number, "transactions", "Executed again, it leaves nothing.");
      return false;
    }
    const computed = blockRow(storedBlock(result));
    for (const column of COLUMNS) {
      if (equal(computed[column], row[column])) continue;
      const what = "Executed again from genesis, the column comes out otherwise.";
      this.#findings.add("block", row.number, column, what);
    }
    this.#extend(result.leaves, transactions.length);
    return true;
  }

  #extend(leaves: readonly Uint8Array[], transactions: number): void {
    for (const leaf of leaves) this.#tree.append(hashLeaf(this.#host.sha256, leaf));
    this.#boundaries.add(this.#tree.size);
    this.#blocks++;
    this.#transactions += transactions;
  }
}

/** CBOR of an empty array. */
const EMPTY: Uint8Array = new Uint8Array([0x80]);

function headerIn(leaf: Uint8Array): HeaderLeaf | null {
  const decoded = decodeLeaf(leaf);
  return decoded.ok && decoded.leaf.kind === "header" ? decoded.leaf : null;
}
