import { statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Cbor, decode, encode } from "@tallystick/ledger";
import { equal } from "@tallystick/log";
import { columnOf, inTransaction, type Layout, openDatabase, StoreRefused } from "./database.ts";
import { LEDGER_SQL, LEDGER_TABLES } from "./sql.ts";

export const LEDGER_LAYOUT: Layout = {
  applicationId: 0x54_41_4c_59, // "TALY"
  version: 1,
  tables: LEDGER_TABLES,
};

/** The write-ahead log is folded into the file when it is longer than this. */
export const MAX_WAL_BYTES: number = 4 * 1024 * 1024;

/** Superseded checkpoints that are kept, with their cosignatures. */
export const MAX_KEPT_CHECKPOINTS = 1_000;

/** One block as it is stored: the header last of the leaves, all lists in leaf order. */
export interface StoredBlock {
  readonly number: number;
  readonly leaves: readonly Uint8Array[];
  readonly transactions: readonly Uint8Array[];
  readonly effects: readonly Uint8Array[];
}

/** A block's row, as the columns hold it. */
export interface BlockRow {
  readonly number: number;
  readonly header: Uint8Array;
  readonly leaves: Uint8Array;
  readonly transactions: Uint8Array;
  readonly effects: Uint8Array;
}

export interface CosignatureRow {
  readonly name: string;
  readonly line: string;
}

/** The columns of a block: each list is one CBOR array of byte strings. */
export const blockRow = (block: StoredBlock): BlockRow => ({
  number: block.number,
  header: block.leaves.at(-1) as Uint8Array,
  leaves: encode(block.leaves),
  transactions: encode(block.transactions),
  effects: encode(block.effects),
});

/** The block of a row; null when a column is not one CBOR array of byte strings. */
export function readBlockRow(row: BlockRow): StoredBlock | null {
  const leaves = byteStrings(row.leaves);
  const transactions = byteStrings(row.transactions);
  const effects = byteStrings(row.effects);
  if (leaves === null || transactions === null || effects === null) return null;
  return { number: row.number, leaves, transactions, effects };
}

function byteStrings(column: Uint8Array): readonly Uint8Array[] | null {
  const decoded = decode(column);
  if (!decoded.ok || !Array.isArray(decoded.value)) return null;
  const items: readonly Cbor[] = decoded.value;
  return items.every((item) => item instanceof Uint8Array) ? items : null;
}

/** ledger.sqlite. One writer; a block is one row and one durable commit. */
export class LedgerStore {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #statements: Map<string, StatementSync> = new Map();
  #relaxed = false;

  private constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /** Opens the ledger of this genesis, or starts it. Another network's file is refused. */
  static open(path: string, genesisBytes: Uint8Array): LedgerStore {
    const store = new LedgerStore(openDatabase(path, LEDGER_LAYOUT), path);
    const stored = store.genesis();
    if (stored === null) store.#statement(LEDGER_SQL.insertGenesis).run(genesisBytes);
    else if (!equal(stored, genesisBytes)) {
      store.close();
      throw new StoreRefused("node/store-is-foreign", `${path} holds another network's ledger.`);
    }
    return store;
  }

  genesis(): Uint8Array | null {
    const row = this.#statement(LEDGER_SQL.genesis).get();
    return row === undefined ? null : plain(columnOf(row, "bytes"));
  }

  /** Writes one block; on return it survives a crash of the process and of the machine. */
  append(block: StoredBlock): void {
    const row = blockRow(block);
    this.#durable();
    this.#statement(LEDGER_SQL.insertBlock).run(
      row.number,
      row.header,
      row.leaves,
      row.transactions,
      row.effects,
    );
    this.#foldWriteAheadLog();
  }

  lastNumber(): number {
    const row = this.#statement(LEDGER_SQL.lastNumber).get();
    return row === undefined ? 0 : Number(columnOf(row, "number") ?? 0);
  }

  block(number: number): StoredBlock | null {
    const row = this.#statement(LEDGER_SQL.block).get(number);
    return row === undefined ? null : readBlockRow(toBlockRow(row));
  }

  /** Every block from `from` on, read one by one. */
  *blocks(from: number): Generator<StoredBlock> {
    for (const row of this.#database.prepare(LEDGER_SQL.blocks).iterate(from)) {
      const block = readBlockRow(toBlockRow(row));
      if (block === null) {
        throw new StoreRefused(
          "node/store-is-foreign",
          `Block ${columnOf(row, "number")} is not readable.`,
        );
      }
      yield block;
    }
  }

  headers(from: number, limit: number): { number: number; header: Uint8Array }[] {
    const rows = this.#statement(LEDGER_SQL.headers).all(from, limit);
    return rows.map((row) => ({
      number: Number(columnOf(row, "number")),
      header: plain(columnOf(row, "header")),
    }));
  }

  /** Keeps a signed checkpoint and cosignatures on it. The first of each stands. */
  putSignatures(size: number, note: string, cosignatures: readonly CosignatureRow[]): void {
    this.#relax();
    inTransaction(this.#database, () => {
      this.#statement(LEDGER_SQL.insertCheckpoint).run(size, note);
      for (const { name, line } of cosignatures) {
        this.#statement(LEDGER_SQL.insertCosignature).run(size, name, line);
      }
    });
    this.#foldWriteAheadLog();
  }

  checkpoint(size: number): string | null {
    const row = this.#statement(LEDGER_SQL.checkpoint).get(size);
    return row === undefined ? null : String(columnOf(row, "note"));
  }

  /** The newest signed checkpoints, newest first. */
  checkpoints(limit: number): { size: number; note: string }[] {
    const rows = this.#statement(LEDGER_SQL.checkpoints).all(limit);
    return rows.map((row) => ({
      size: Number(columnOf(row, "size")),
      note: String(columnOf(row, "note")),
    }));
  }

  cosignatures(size: number): CosignatureRow[] {
    const rows = this.#statement(LEDGER_SQL.cosignatures).all(size);
    return rows.map((row) => ({
      name: String(columnOf(row, "name")),
      line: String(columnOf(row, "line")),
    }));
  }

  /** Drops checkpoints below `size` that no receipt needs, all but the newest thousand. */
  prune(size: number): void {
    const oldest = this.checkpoints(MAX_KEPT_CHECKPOINTS).at(-1);
    if (oldest === undefined) return;
    const below = Math.min(size, oldest.size);
    this.#relax();
    inTransaction(this.#database, () => {
      this.#statement(LEDGER_SQL.pruneCosignatures).run(below);
      this.#statement(LEDGER_SQL.pruneCheckpoints).run(below);
    });
  }

  /** Folds the write-ahead log into the file and closes it: one file remains. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#database.close();
  }

  /** Blocks wait for the disk. */
  #durable(): void {
    if (this.#relaxed) this.#database.exec("PRAGMA synchronous = FULL");
    this.#relaxed = false;
  }

  /** Signatures can be made or fetched again, so their commits ride on the next block's sync. */
  #relax(): void {
    if (!this.#relaxed) this.#database.exec("PRAGMA synchronous = NORMAL");
    this.#relaxed = true;
  }

  // Truncated, never rewound: no frame is ever written over an older one, so that audit can tell
  // an altered frame from a torn one.
  #foldWriteAheadLog(): void {
    const length = statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (length > MAX_WAL_BYTES) this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const toBlockRow = (row: Record<string, unknown>): BlockRow => ({
  number: Number(columnOf(row, "number")),
  header: plain(columnOf(row, "header")),
  leaves: plain(columnOf(row, "leaves")),
  transactions: plain(columnOf(row, "transactions")),
  effects: plain(columnOf(row, "effects")),
});

function plain(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new StoreRefused("node/store-is-foreign", "A column does not hold bytes.");
}
