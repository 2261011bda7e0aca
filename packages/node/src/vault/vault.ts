import type { DatabaseSync } from "node:sqlite";
import { encode } from "@tallystick/ledger";
import type { Sha256 } from "@tallystick/log";
import { columnOf, inTransaction, type Layout, openDatabase } from "../store/database.ts";
import { type MemberKey, newDataKey, openBytes, type Sealed, sealBytes } from "./member-key.ts";
import { type Reading, Readings } from "./readings.ts";
import { VAULT_SQL, VAULT_TABLES } from "./sql.ts";

/** What is put under one name in one case. */
export interface VaultRecord {
  /** What it is, for instance `fact/dateOfBirth`: it lies open and says nothing about a person. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** When it must be destroyed; absent: when the definition's event has come, or never. */
  readonly due?: RetentionDue;
}

/** A record's end. */
export interface RetentionDue {
  readonly dueMs: number;
  /** The rule, for instance `P3M after decided`. */
  readonly why: string;
}

/** A record whose time is set. */
export interface DueRecord extends RetentionDue {
  readonly scope: Uint8Array;
  readonly name: string;
}

export interface VaultOptions {
  readonly path: string;
  readonly member: string;
  readonly key: MemberKey;
  readonly sha: Sha256;
}

/** A staff member who looks at a record, and why. */
export type Reader = Pick<Reading, "atMs" | "who" | "why">;

const LAYOUT: Layout = {
  applicationId: 0x54_41_4c_56, // "TALV"
  version: 1,
  tables: VAULT_TABLES,
};

/** The file was damaged, or is another member's: what it holds cannot be opened with this key. */
export class VaultBroken extends Error {
  readonly code = "vault/does-not-open";
  constructor() {
    super("A record does not open with the member's key. Restore the vault and its key together.");
    this.name = "VaultBroken";
  }
}

/**
 * One member's vault. A scope is a subject in a case (16 bytes: the case id, or the id of an entry
 * in the body's own register); each scope has a data key of its own, wrapped by the member's key.
 * To erase a scope is to destroy that key. spec/vault.md.
 */
export class Vault {
  readonly member: string;
  readonly readings: Readings;
  /** The file's other tables belong to the member's outbox and tasks. */
  readonly database: DatabaseSync;
  readonly #key: MemberKey;

  private constructor(database: DatabaseSync, { member, key, sha }: VaultOptions) {
    this.database = database;
    this.member = member;
    this.#key = key;
    this.readings = new Readings(database, sha);
  }

  static open(options: VaultOptions): Vault {
    const database = openDatabase(options.path, LAYOUT);
    database.exec("PRAGMA secure_delete = ON");
    database.exec("PRAGMA temp_store = MEMORY");
    database.exec("PRAGMA wal_autocheckpoint = 1000");
    // What follows from the ledger may be lost with the power; `durably` is for all else.
    database.exec("PRAGMA synchronous = NORMAL");
    return new Vault(database, options);
  }

  /** Puts records, all or none; false when the scope was erased, which nothing reopens. */
  async put(scope: Uint8Array, records: readonly VaultRecord[]): Promise<boolean> {
    const dataKey = await this.#dataKey(scope);
    if (dataKey === null) return false;
    const sealed = records.map((record) => ({
      ...record,
      ...sealBytes(dataKey.key, record.bytes, this.#recordContext(scope, record.name)),
    }));
    dataKey.key.fill(0);
    const isPut = this.durably(() => {
      if (!this.#isCurrent(scope, dataKey.wrapped)) return false;
      for (const record of sealed) {
        const { name, nonce, due } = record;
        this.database.prepare(VAULT_SQL.putRecord).run(scope, name, nonce, record.sealed);
        if (due !== undefined) this.retain({ scope, name, ...due });
      }
      return true;
    });
    // The key was swept away with the last record meanwhile: another is made, unless it was erased.
    return isPut || this.put(scope, records);
  }

  /** A record's bytes; null when there is none. Throws VaultBroken when it does not open. */
  async get(scope: Uint8Array, name: string): Promise<Uint8Array | null> {
    const row = this.database.prepare(VAULT_SQL.record).get(scope, name);
    const wrapped = this.#wrapped(scope);
    if (row === undefined || wrapped === null) return null;
    const key = await this.#key.unwrap(wrapped, this.#keyContext(scope));
    const sealed = { nonce: bytesOf(row, "nonce"), sealed: bytesOf(row, "sealed") };
    const bytes = key === null ? null : openBytes(key, sealed, this.#recordContext(scope, name));
    key?.fill(0);
    if (bytes === null) throw new VaultBroken();
    return bytes;
  }

  /** The same for a member of staff: written into the chain of readings before it is opened. */
  async read(reader: Reader, scope: Uint8Array, name: string): Promise<Uint8Array | null> {
    this.durably(() => this.readings.append({ ...reader, scope, record: name }));
    return this.get(scope, name);
  }

  /** The names of a scope's records, in order. */
  list(scope: Uint8Array): string[] {
    const rows = this.database.prepare(VAULT_SQL.recordNames).all(scope);
    return rows.map((row) => String(columnOf(row, "name")));
  }

  /** Sets when a record must be destroyed; a later call replaces the time. */
  retain({ scope, name, dueMs, why }: DueRecord): void {
    this.database.prepare(VAULT_SQL.putDue).run(scope, name, dueMs, why);
  }

  /** The times set for a scope's records. */
  dues(scope: Uint8Array): DueRecord[] {
    return this.database.prepare(VAULT_SQL.dueOf).all(scope).map(dueOf);
  }

  /** Destroys every record whose time has come; returns what it destroyed. */
  sweep(nowMs: number): DueRecord[] {
    const due = this.database.prepare(VAULT_SQL.due).all(nowMs).map(dueOf);
    if (due.length === 0) return [];
    inTransaction(this.database, () => {
      for (const { scope, name } of due) {
        this.database.prepare(VAULT_SQL.deleteRecord).run(scope, name);
        this.database.prepare(VAULT_SQL.deleteDue).run(scope, name);
      }
      for (const row of this.database.prepare(VAULT_SQL.keysWithout).all()) {
        this.database.prepare(VAULT_SQL.deleteKey).run(bytesOf(row, "scope"));
      }
    });
    this.#scrub();
    return due;
  }

  /**
   * Destroys scopes: their keys, records, times, tasks and whatever still waited to be sent. After
   * it no file of the vault holds a byte of them, and nothing can be put under them again.
   */
  erase(scopes: readonly Uint8Array[], nowMs: number): void {
    this.durably(() => {
      for (const scope of scopes) {
        this.database.prepare(VAULT_SQL.insertErased).run(scope, nowMs);
        for (const statement of ERASING) this.database.prepare(statement).run(scope);
      }
    });
    this.#scrub();
  }

  /** Takes back what was put into a scope that came to nothing; it may be filled again. */
  discard(scope: Uint8Array): void {
    inTransaction(this.database, () => {
      for (const statement of ERASING) this.database.prepare(statement).run(scope);
    });
    this.#scrub();
  }

  /** Takes back every time set for a scope's records. */
  release(scope: Uint8Array): void {
    this.database.prepare(VAULT_SQL.deleteDues).run(scope);
  }

  isErased(scope: Uint8Array): boolean {
    return this.database.prepare(VAULT_SQL.erased).get(scope) !== undefined;
  }

  /** One transaction that is on disk, with all before it, when this returns. */
  durably<T>(work: () => T): T {
    this.database.exec("PRAGMA synchronous = FULL");
    try {
      return inTransaction(this.database, work);
    } finally {
      this.database.exec("PRAGMA synchronous = NORMAL");
    }
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  /** `secure_delete` has zeroed the pages; this drops the copies in the log and in free pages. */
  #scrub(): void {
    this.database.exec("VACUUM");
    this.database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  }

  async #dataKey(scope: Uint8Array): Promise<{ key: Uint8Array; wrapped: Sealed } | null> {
    if (this.isErased(scope)) return null;
    if (this.#wrapped(scope) === null) await this.#makeKey(scope);
    const wrapped = this.#wrapped(scope);
    if (wrapped === null) return null;
    const key = await this.#key.unwrap(wrapped, this.#keyContext(scope));
    if (key === null) throw new VaultBroken();
    return { key, wrapped };
  }

  async #makeKey(scope: Uint8Array): Promise<void> {
    const key = newDataKey();
    const { nonce, sealed } = await this.#key.wrap(key, this.#keyContext(scope));
    key.fill(0);
    if (!this.isErased(scope)) {
      this.database.prepare(VAULT_SQL.insertKey).run(scope, nonce, sealed);
    }
  }

  #wrapped(scope: Uint8Array): Sealed | null {
    const row = this.database.prepare(VAULT_SQL.key).get(scope);
    return row === undefined
      ? null
      : { nonce: bytesOf(row, "nonce"), sealed: bytesOf(row, "wrapped") };
  }

  /** Whether the key under which something was sealed meanwhile is still the scope's key. */
  #isCurrent(scope: Uint8Array, { nonce }: Sealed): boolean {
    const current = this.#wrapped(scope);
    return current !== null && Buffer.compare(current.nonce, nonce) === 0;
  }

  #keyContext(scope: Uint8Array): Uint8Array {
    return encode(["tallystick/vault-key/v1", this.member, scope]);
  }

  #recordContext(scope: Uint8Array, name: string): Uint8Array {
    return encode(["tallystick/vault-record/v1", this.member, scope, name]);
  }
}

const ERASING: readonly string[] = [
  VAULT_SQL.deleteKey,
  VAULT_SQL.deleteRecords,
  VAULT_SQL.deleteDues,
  VAULT_SQL.deleteOutgoingOf,
  VAULT_SQL.deleteExpectedOf,
  VAULT_SQL.deleteTasksOf,
];

const bytesOf = (row: Record<string, unknown>, name: string): Uint8Array =>
  columnOf(row, name) as Uint8Array;

const dueOf = (row: Record<string, unknown>): DueRecord => ({
  scope: bytesOf(row, "scope"),
  name: String(columnOf(row, "name")),
  dueMs: Number(columnOf(row, "due_ms")),
  why: String(columnOf(row, "why")),
});
