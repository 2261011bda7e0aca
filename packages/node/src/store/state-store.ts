import { rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { type Cbor, decode, encode } from "@tallystick/ledger";
import { columnOf, inTransaction, type Layout, openDatabase } from "./database.ts";

const STATE_LAYOUT: Layout = {
  applicationId: 0x54_41_4c_53, // "TALS"
  version: 1,
  tables: [
    "CREATE TABLE flush (id INTEGER PRIMARY KEY CHECK (id = 0), block INTEGER NOT NULL) STRICT",
    "CREATE TABLE run (sequence INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT",
  ],
};

/** The entries of one run come to about so many bytes. */
export const RUN_BYTES = 65_536;

export type StateEntry = readonly [module: string, key: Uint8Array, value: Uint8Array];

/**
 * A copy of the state in sorted runs, so that a start need not replay the whole ledger. It is a
 * cache: whoever reads it holds it against the state root in a header, and it can be deleted.
 */
export class StateStore {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec("PRAGMA wal_autocheckpoint = 1000");
  }

  /** Opens the copy; a file that cannot be used is made anew. */
  static open(path: string): StateStore {
    try {
      return new StateStore(openDatabase(path, STATE_LAYOUT));
    } catch {
      for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
      return new StateStore(openDatabase(path, STATE_LAYOUT));
    }
  }

  /** Number of the block after which the copy was taken; null when there is none. */
  get block(): number | null {
    const row = this.#database.prepare("SELECT block FROM flush").get();
    return row === undefined ? null : Number(columnOf(row, "block"));
  }

  /** Replaces the copy, all or nothing. */
  save(block: number, entries: Iterable<StateEntry>): void {
    const insert = this.#database.prepare("INSERT INTO run (sequence, entries) VALUES (?, ?)");
    inTransaction(this.#database, () => {
      this.#database.exec("DELETE FROM run; DELETE FROM flush");
      let sequence = 0;
      for (const run of runsOf(entries)) insert.run(sequence++, encode(run));
      this.#database.prepare("INSERT INTO flush (id, block) VALUES (0, ?)").run(block);
    });
  }

  /** The copy's entries; it ends early where a run cannot be read, and then no root will fit. */
  *entries(): Generator<StateEntry> {
    for (const row of this.#database
      .prepare("SELECT entries FROM run ORDER BY sequence")
      .iterate()) {
      const decoded = decode(columnOf(row, "entries") as Uint8Array);
      if (!decoded.ok || !Array.isArray(decoded.value)) return;
      for (const entry of decoded.value) {
        if (!isEntry(entry)) return;
        yield entry;
      }
    }
  }

  close(): void {
    this.#database.close();
  }
}

function* runsOf(entries: Iterable<StateEntry>): Generator<StateEntry[]> {
  let run: StateEntry[] = [];
  let sizeBytes = 0;
  for (const entry of entries) {
    run.push(entry);
    sizeBytes += entry[1].length + entry[2].length;
    if (sizeBytes < RUN_BYTES) continue;
    yield run;
    run = [];
    sizeBytes = 0;
  }
  if (run.length > 0) yield run;
}

const isEntry = (entry: Cbor): entry is [string, Uint8Array, Uint8Array] =>
  Array.isArray(entry) &&
  entry.length === 3 &&
  typeof entry[0] === "string" &&
  entry[1] instanceof Uint8Array &&
  entry[2] instanceof Uint8Array;
