import { rmSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  decodeLeaf,
  decodeTransaction,
  encodeCoseKey,
  type Message,
  type Outcome,
  type Transaction,
} from "@tallystick/ledger";
import { equal } from "@tallystick/log";
import type { Replica } from "../engine/replica.ts";
import {
  columnOf,
  inTransaction,
  type Layout,
  openDatabase,
  StoreRefused,
} from "../store/database.ts";
import type { StoredBlock } from "../store/ledger-store.ts";
import { VIEW_SQL, VIEW_TABLES } from "./sql.ts";

const VIEW_LAYOUT: Layout = {
  applicationId: 0x54_41_4c_56, // "TALV"
  version: 1,
  tables: VIEW_TABLES,
};

/** New blocks wait this long to be written together. */
export const VIEW_FLUSH_MS = 50;
/** Blocks that wait at most; more are written at once. */
export const MAX_WAITING_BLOCKS = 256;

/** One transaction as lists show it. */
export interface RecordedRow {
  readonly leafIndex: number;
  readonly id: Uint8Array;
  readonly block: number;
  /** Thumbprint of the key that signed. */
  readonly signer: Uint8Array;
  /** Message types, in order. */
  readonly kinds: readonly string[];
  /** Null when the rules let it through. */
  readonly refusal: string | null;
}

export interface DisclosureRow {
  readonly id: Uint8Array;
  readonly message: number;
  readonly caseId: Uint8Array;
  readonly name: string;
  readonly recipient: string;
  readonly agreement: string | null;
  readonly dueMs: number;
  /** Id of the acknowledgement, or null. */
  readonly acknowledged: Uint8Array | null;
}

export interface DrawRow {
  /** Id of the act that was drawn, of the draw, of its opening and of the auditor's finding. */
  readonly act: Uint8Array;
  readonly drawn: Uint8Array;
  readonly cosigner: string;
  readonly opened: Uint8Array | null;
  readonly finding: Uint8Array | null;
  readonly agrees: boolean | null;
}

export interface Counts {
  readonly transactions: number;
  readonly refused: number;
  readonly cases: number;
  readonly disclosures: number;
  readonly acknowledged: number;
  readonly draws: number;
  readonly findings: number;
}

/** Lists for people, fed after each commit. Rebuilt from the ledger whenever it is not there. */
export class Views {
  readonly #replica: Replica;
  readonly #database: DatabaseSync;
  readonly #statements: Map<string, StatementSync> = new Map();
  #waiting: StoredBlock[] = [];
  #timer: NodeJS.Timeout | null = null;

  private constructor(replica: Replica, database: DatabaseSync) {
    this.#replica = replica;
    this.#database = database;
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec("PRAGMA wal_autocheckpoint = 1000");
  }

  /** Opens the lists and brings them up to the ledger; a file that does not fit is made anew. */
  static open(path: string, replica: Replica): Views {
    let views = Views.#fitting(path, replica);
    if (views === null || !views.#isOfLedger()) {
      views?.close();
      for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
      views = new Views(replica, openDatabase(path, VIEW_LAYOUT));
      views.#statement(VIEW_SQL.start).run(replica.networkId);
    }
    views.#catchUp();
    const fed = views;
    replica.onBlock(({ stored }) => fed.#feed(stored));
    return views;
  }

  static #fitting(path: string, replica: Replica): Views | null {
    try {
      return new Views(replica, openDatabase(path, VIEW_LAYOUT));
    } catch (cause) {
      if (cause instanceof StoreRefused || isMalformed(cause)) return null;
      throw cause;
    }
  }

  /** Where a transaction stands, or null when none of this id is recorded. */
  find(id: Uint8Array): { readonly leafIndex: number; readonly block: number } | null {
    const row = this.#read(VIEW_SQL.byId).get(id);
    if (row === undefined) return null;
    return { leafIndex: Number(columnOf(row, "leaf")), block: Number(columnOf(row, "block")) };
  }

  /** Newest first, from below `beforeLeaf`. */
  transactions(beforeLeaf: number, limit: number): RecordedRow[] {
    return this.#read(VIEW_SQL.newest).all(beforeLeaf, limit).map(recordedRow);
  }

  /** Everything recorded in a case, oldest first. */
  ofCase(caseId: Uint8Array): RecordedRow[] {
    return this.#read(VIEW_SQL.ofCase).all(caseId).map(recordedRow);
  }

  /** The COSE_Key behind a thumbprint that some transaction carried. */
  signingKey(keyId: Uint8Array): Uint8Array | null {
    const row = this.#read(VIEW_SQL.key).get(keyId);
    return row === undefined ? null : bytesOf(row, "key");
  }

  disclosures(beforeLeaf: number, limit: number): DisclosureRow[] {
    return this.#read(VIEW_SQL.disclosures)
      .all(beforeLeaf, limit)
      .map((row) => ({
        id: bytesOf(row, "id") as Uint8Array,
        message: Number(columnOf(row, "message")),
        caseId: bytesOf(row, "case_id") as Uint8Array,
        name: String(columnOf(row, "name")),
        recipient: String(columnOf(row, "recipient")),
        agreement: columnOf(row, "agreement") as string | null,
        dueMs: Number(columnOf(row, "due_ms")),
        acknowledged: bytesOf(row, "acknowledged"),
      }));
  }

  draws(beforeLeaf: number, limit: number): DrawRow[] {
    return this.#read(VIEW_SQL.draws)
      .all(beforeLeaf, limit)
      .map((row) => {
        const agrees = columnOf(row, "agrees");
        return {
          act: bytesOf(row, "act") as Uint8Array,
          drawn: bytesOf(row, "drawn") as Uint8Array,
          cosigner: String(columnOf(row, "cosigner")),
          opened: bytesOf(row, "opened"),
          finding: bytesOf(row, "finding"),
          agrees: agrees === null ? null : agrees === 1,
        };
      });
  }

  counts(): Counts {
    const row = this.#read(VIEW_SQL.counts).get() ?? {};
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, Number(value)]),
    ) as unknown as Counts;
  }

  close(): void {
    if (!this.#database.isOpen) return;
    this.#flush();
    this.#database.close();
  }

  #feed(block: StoredBlock): void {
    this.#waiting.push(block);
    if (this.#waiting.length >= MAX_WAITING_BLOCKS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), VIEW_FLUSH_MS);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.length === 0) return;
    const blocks = this.#waiting;
    this.#waiting = [];
    inTransaction(this.#database, () => {
      for (const block of blocks) this.#index(block);
    });
  }

  #catchUp(): void {
    const { store } = this.#replica;
    for (const block of store.blocks(this.#position() + 1)) {
      this.#waiting.push(block);
      if (this.#waiting.length >= MAX_WAITING_BLOCKS) this.#flush();
    }
    this.#flush();
  }

  #isOfLedger(): boolean {
    const row = this.#statement(VIEW_SQL.position).get();
    const network = row === undefined ? null : bytesOf(row, "network");
    if (network === null || !equal(network, this.#replica.networkId)) return false;
    return this.#position() <= this.#replica.blockNumber;
  }

  #position(): number {
    return Number(columnOf(this.#statement(VIEW_SQL.position).get() ?? {}, "block"));
  }

  #index(block: StoredBlock): void {
    const { host, networkId } = this.#replica;
    const first = this.#replica.firstIndex(block.number);
    const ofTransactions = block.leaves.length - 1 - block.transactions.length;
    for (const [at, bytes] of block.transactions.entries()) {
      const leafIndex = first + ofTransactions + at;
      const leaf = decodeLeaf(block.leaves[ofTransactions + at] ?? new Uint8Array());
      const decoded = decodeTransaction(host, networkId, bytes);
      if (!leaf.ok || leaf.leaf.kind !== "transaction" || !decoded.ok) continue;
      this.#indexTransaction(decoded.transaction, leaf.leaf.outcome, {
        leafIndex,
        block: block.number,
      });
    }
    this.#statement(VIEW_SQL.setPosition).run(block.number);
  }

  #indexTransaction(
    transaction: Transaction,
    outcome: Outcome,
    { leafIndex, block }: { readonly leafIndex: number; readonly block: number },
  ): void {
    const { id, key, payload } = transaction;
    const kinds = payload.messages.map(({ type }) => type).join(" ");
    const refusal = outcome.ok ? null : outcome.code;
    this.#statement(VIEW_SQL.insertRecorded).run(
      leafIndex,
      id,
      block,
      transaction.keyId,
      kinds,
      refusal,
    );
    if (key !== null)
      this.#statement(VIEW_SQL.insertKey).run(transaction.keyId, encodeCoseKey(key));
    for (const [at, message] of payload.messages.entries()) {
      if ("case" in message) this.#statement(VIEW_SQL.insertInCase).run(message.case, leafIndex);
      if (outcome.ok) this.#indexMessage(id, at, message);
    }
  }

  #indexMessage(id: Uint8Array, at: number, message: Message): void {
    switch (message.type) {
      case "services/disclose": {
        const { case: caseId, disclosure, recipient, agreement, acknowledgeByMs } = message;
        const row = [id, at, caseId, disclosure, recipient, agreement, Number(acknowledgeByMs)];
        this.#statement(VIEW_SQL.insertDisclosure).run(...row);
        return;
      }
      case "services/acknowledge":
        this.#statement(VIEW_SQL.acknowledge).run(
          id,
          message.disclosureId,
          Number(message.messageIndex),
        );
        return;
      case "services/draw":
        this.#statement(VIEW_SQL.insertDraw).run(message.act, id, message.cosigner);
        return;
      case "services/open-to-auditor":
        this.#statement(VIEW_SQL.openDraw).run(id, message.act);
        return;
      case "services/finding":
        this.#statement(VIEW_SQL.findDraw).run(id, message.agrees ? 1 : 0, message.act);
    }
  }

  #read(sql: string): StatementSync {
    this.#flush();
    return this.#statement(sql);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const recordedRow = (row: Record<string, unknown>): RecordedRow => ({
  leafIndex: Number(columnOf(row, "leaf")),
  id: bytesOf(row, "id") as Uint8Array,
  block: Number(columnOf(row, "block")),
  signer: bytesOf(row, "signer") as Uint8Array,
  kinds: String(columnOf(row, "kinds")).split(" "),
  refusal: columnOf(row, "refusal") as string | null,
});

const bytesOf = (row: Record<string, unknown>, name: string): Uint8Array | null => {
  const value = columnOf(row, name);
  return value instanceof Uint8Array ? value : null;
};

const isMalformed = (cause: unknown): boolean =>
  (cause as { code?: unknown } | null)?.code === "ERR_SQLITE_ERROR";
