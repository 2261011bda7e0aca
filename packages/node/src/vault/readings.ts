import type { DatabaseSync } from "node:sqlite";
import { encode } from "@tallystick/ledger";
import { encodeUtf8, equal, type Hash, type Sha256 } from "@tallystick/log";
import { columnOf } from "../store/database.ts";
import { VAULT_SQL } from "./sql.ts";

/**
 * Somebody of the body's staff looked at a record: who, at what, and by which power or for what.
 */
export interface Reading {
  readonly atMs: number;
  /** The staff key's pseudonym, never a name. */
  readonly who: string;
  readonly scope: Uint8Array;
  readonly record: string;
  /** The power relied on or the action under way; no free text about a person. */
  readonly why: string;
}

export interface ChainedReading extends Reading {
  /** 1 for the first. */
  readonly sequence: number;
  readonly hash: Hash;
}

const DOMAIN = encodeUtf8("tallystick/vault-reading/v1");
const START = new Uint8Array(32);

/** The chain of everything that staff looked at: each entry's hash takes in the one before. */
export class Readings {
  readonly #database: DatabaseSync;
  readonly #sha: Sha256;

  constructor(database: DatabaseSync, sha: Sha256) {
    this.#database = database;
    this.#sha = sha;
  }

  append(reading: Reading): void {
    const last = this.#database.prepare(VAULT_SQL.lastReading).get();
    const sequence = last === undefined ? 1 : Number(columnOf(last, "sequence")) + 1;
    const hash = hashReading(this.#sha, this.root(), { ...reading, sequence });
    const { atMs, who, scope, record, why } = reading;
    this.#database
      .prepare(VAULT_SQL.insertReading)
      .run(sequence, atMs, who, scope, record, why, hash);
  }

  /** The last entry's hash; 32 zero bytes before the first. */
  root(): Hash {
    const last = this.#database.prepare(VAULT_SQL.lastReading).get();
    return last === undefined ? START : (columnOf(last, "hash") as Uint8Array);
  }

  of(scope: Uint8Array): ChainedReading[] {
    return this.#database.prepare(VAULT_SQL.readingsOf).all(scope).map(readingOf);
  }

  /**
   * The sequence of the first entry that does not follow from those before it; null when all do.
   */
  firstFault(): number | null {
    let previous: Hash = START;
    let expected = 1;
    for (const row of this.#database.prepare(VAULT_SQL.readings).all()) {
      const reading = readingOf(row);
      const hash = hashReading(this.#sha, previous, reading);
      if (reading.sequence !== expected || !equal(hash, reading.hash)) return reading.sequence;
      previous = hash;
      expected++;
    }
    return null;
  }
}

const readingOf = (row: Record<string, unknown>): ChainedReading => ({
  sequence: Number(columnOf(row, "sequence")),
  atMs: Number(columnOf(row, "at_ms")),
  who: String(columnOf(row, "who")),
  scope: columnOf(row, "scope") as Uint8Array,
  record: String(columnOf(row, "record")),
  why: String(columnOf(row, "why")),
  hash: columnOf(row, "hash") as Uint8Array,
});

/** SHA-256 of the domain prefix and CBOR [previous hash, sequence, at, who, case, record, why]. */
function hashReading(
  sha: Sha256,
  previous: Hash,
  { sequence, atMs, who, scope, record, why }: Omit<ChainedReading, "hash">,
): Hash {
  const entry = encode([previous, sequence, atMs, who, scope, record, why]);
  return sha.one(new Uint8Array([...DOMAIN, ...entry]));
}
