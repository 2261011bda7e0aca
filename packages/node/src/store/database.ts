import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

export type StoreCode = "node/store-is-newer" | "node/store-is-foreign" | "node/store-in-use";

/** A database file that this release cannot use. */
export class StoreRefused extends Error {
  readonly code: StoreCode;
  constructor(code: StoreCode, message: string) {
    super(message);
    this.code = code;
    this.name = "StoreRefused";
  }
}

/** What a database file is: its tables, their version, and a mark that names its purpose. */
export interface Layout {
  /** SQLite's application id, so that one file is not taken for another. */
  readonly applicationId: number;
  readonly version: number;
  readonly tables: readonly string[];
}

/**
 * Opens a database in WAL mode with every commit synced, or makes it with its tables. It stays
 * locked: a second process on the same data directory would write a second history. Throws
 * StoreRefused when another process has it, when a later version wrote it, or when it is another
 * kind of file.
 */
export function openDatabase(path: string, layout: Layout): DatabaseSync {
  const isNew = !existsSync(path);
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    if (!isNew && numberOf(database, "application_id") !== 0) refuseForeign(database, path, layout);
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA wal_autocheckpoint = 0");
    database.exec("PRAGMA cache_size = -1024");
    // The lock is taken with the first write.
    inTransaction(database, () => {
      if (numberOf(database, "application_id") === 0) createTables(database, layout);
      else database.exec(`PRAGMA user_version = ${layout.version}`);
    });
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    throw new StoreRefused("node/store-in-use", `${path} is in use by another process.`);
  }
  return database;
}

const SQLITE_BUSY = 5;

const isBusy = (cause: unknown): boolean =>
  (cause as { errcode?: unknown } | null)?.errcode === SQLITE_BUSY;

function refuseForeign(database: DatabaseSync, path: string, layout: Layout): void {
  if (numberOf(database, "application_id") !== layout.applicationId) {
    throw new StoreRefused("node/store-is-foreign", `${path} is another kind of file.`);
  }
  const version = numberOf(database, "user_version");
  if (version === layout.version) return;
  const what = `${path} has layout ${version}; this release knows ${layout.version}.`;
  throw new StoreRefused("node/store-is-newer", `${what} Run the release that wrote it.`);
}

// In one transaction: a crash leaves an empty file, which the next start fills again.
function createTables(database: DatabaseSync, layout: Layout): void {
  for (const table of layout.tables) database.exec(table);
  database.exec(`PRAGMA application_id = ${layout.applicationId}`);
  database.exec(`PRAGMA user_version = ${layout.version}`);
}

/** The integer that a PRAGMA reports. */
export function numberOf(database: DatabaseSync, pragma: string): number {
  const row = database.prepare(`PRAGMA ${pragma}`).get() ?? {};
  return Number(Object.values(row)[0] ?? 0);
}

/** Runs `work` in one transaction: all of it is written, or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (cause) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw cause;
  }
}

/** One column of a row. */
export const columnOf = (row: Readonly<Record<string, unknown>>, name: string): unknown =>
  row[name];
