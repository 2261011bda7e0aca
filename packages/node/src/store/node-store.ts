import type { DatabaseSync } from "node:sqlite";
import { columnOf, type Layout, openDatabase } from "./database.ts";
import { NODE_SQL, NODE_TABLES } from "./sql.ts";

const NODE_LAYOUT: Layout = {
  applicationId: 0x54_41_4c_4e, // "TALN"
  version: 1,
  tables: NODE_TABLES,
};

/** Something that another node did and should not have, with what proves it. */
export interface Evidence {
  readonly atMs: number;
  readonly code: string;
  /** One English sentence. */
  readonly what: string;
  /** JSON: the signed notes, headers or blocks that show it. */
  readonly material: string;
  readonly resolved: boolean;
}

/** A node as this one last saw it. */
export interface PeerSeen {
  readonly operator: string;
  /** Leaves in the newest checkpoint that it cosigned. */
  readonly size: number;
  readonly seenMs: number;
}

/** node.sqlite: peers, evidence and counters. */
export class NodeStore {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = openDatabase(path, NODE_LAYOUT);
    this.#database.exec("PRAGMA synchronous = NORMAL");
    this.#database.exec("PRAGMA wal_autocheckpoint = 1000");
  }

  setCounters(counters: ReadonlyMap<string, number>): void {
    for (const [name, value] of counters) {
      this.#database.prepare(NODE_SQL.setCounter).run(name, value);
    }
  }

  counters(): Map<string, number> {
    const rows = this.#database.prepare(NODE_SQL.counters).all();
    return new Map(
      rows.map((row) => [String(columnOf(row, "name")), Number(columnOf(row, "value"))]),
    );
  }

  setPeer({ operator, size, seenMs }: PeerSeen): void {
    this.#database.prepare(NODE_SQL.setPeer).run(operator, size, seenMs);
  }

  peers(): PeerSeen[] {
    const rows = this.#database.prepare(NODE_SQL.peers).all();
    return rows.map((row) => ({
      operator: String(columnOf(row, "operator")),
      size: Number(columnOf(row, "size")),
      seenMs: Number(columnOf(row, "seen_ms")),
    }));
  }

  addEvidence(evidence: Omit<Evidence, "resolved">): void {
    const { atMs, code, what, material } = evidence;
    this.#database.prepare(NODE_SQL.insertEvidence).run(atMs, code, what, material);
  }

  evidence(): Evidence[] {
    const rows = this.#database.prepare(NODE_SQL.evidence).all();
    return rows.map((row) => ({
      atMs: Number(columnOf(row, "at_ms")),
      code: String(columnOf(row, "code")),
      what: String(columnOf(row, "what")),
      material: String(columnOf(row, "material")),
      resolved: columnOf(row, "resolved") !== 0,
    }));
  }

  /** A person has looked at all evidence: the node may follow again. */
  resolveEvidence(): void {
    this.#database.prepare(NODE_SQL.resolveEvidence).run();
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
