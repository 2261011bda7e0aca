import type { DatabaseSync } from "node:sqlite";
import { backOffMs } from "../bodies/tasks.ts";
import { columnOf } from "../store/database.ts";
import type { Contents } from "./contents.ts";

export type DeliveryKind = Contents["kind"];

/** An envelope on its way: nothing in it can be read here. */
export interface OutgoingDelivery {
  readonly kind: DeliveryKind;
  readonly scope: Uint8Array;
  readonly recipient: string;
  /** Disclosure: the transaction that recorded it. Opening: the act. Erasure: its transaction. */
  readonly reference: Uint8Array;
  readonly envelope: Uint8Array;
  readonly acknowledgeByMs: number;
}

export interface DueDelivery extends OutgoingDelivery {
  readonly id: number;
  readonly attempts: number;
}

/** A disclosure that the ledger names this member as the recipient of. */
export interface ExpectedDelivery {
  readonly reference: Uint8Array;
  readonly scope: Uint8Array;
  readonly sender: string;
  readonly disclosure: string;
  readonly acknowledgeByMs: number;
}

/** A delivery whose time to be acknowledged is over, on the side that sees it. */
export interface OverdueDelivery {
  readonly side: "sent" | "expected";
  readonly scope: Uint8Array;
  readonly reference: Uint8Array;
  /** The other body. */
  readonly other: string;
  readonly acknowledgeByMs: number;
}

/** After the recipient took it, how long to wait for its acknowledgement before sending again. */
const PATIENCE_MS = 15_000;

const SQL = {
  add: "INSERT OR IGNORE INTO outgoing (scope, kind, recipient, reference, envelope, acknowledge_by_ms, next_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
  due: "SELECT * FROM outgoing WHERE next_ms <= ? ORDER BY next_ms LIMIT ?",
  next: "SELECT min(next_ms) AS next_ms FROM outgoing",
  count: "SELECT count(*) AS count FROM outgoing",
  postpone: "UPDATE outgoing SET attempts = attempts + 1, next_ms = ?, fault = ? WHERE id = ?",
  remove: "DELETE FROM outgoing WHERE kind = ? AND reference = ?",
  removeFor: "DELETE FROM outgoing WHERE kind = ? AND scope = ? AND recipient = ?",
  overdue: "SELECT * FROM outgoing WHERE acknowledge_by_ms < ? ORDER BY acknowledge_by_ms",
  faults: "SELECT kind, fault FROM outgoing WHERE fault IS NOT NULL ORDER BY id",
  expect:
    "INSERT OR IGNORE INTO expected (reference, scope, sender, disclosure, acknowledge_by_ms) VALUES (?, ?, ?, ?, ?)",
  met: "DELETE FROM expected WHERE reference = ?",
  missed: "SELECT * FROM expected WHERE acknowledge_by_ms < ? ORDER BY acknowledge_by_ms",
} as const;

/**
 * A member's deliveries, sent and expected, in its own vault's file. A sent one is kept, and sent
 * again with growing pauses, until its acknowledgement stands on the ledger. spec/delivery.md §4.
 */
export class Outbox {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Adds an envelope; one that is already there for this act and recipient stays as it is. */
  add(delivery: OutgoingDelivery, nowMs: number): void {
    const { scope, kind, recipient, reference, envelope, acknowledgeByMs } = delivery;
    this.#database
      .prepare(SQL.add)
      .run(scope, kind, recipient, reference, envelope, acknowledgeByMs, nowMs);
  }

  due(nowMs: number, limit: number): DueDelivery[] {
    return this.#database.prepare(SQL.due).all(nowMs, limit).map(deliveryOf);
  }

  nextMs(): number | null {
    const next = columnOf(this.#database.prepare(SQL.next).get() ?? {}, "next_ms");
    return typeof next === "number" ? next : null;
  }

  get size(): number {
    return Number(columnOf(this.#database.prepare(SQL.count).get() ?? {}, "count"));
  }

  /** The recipient took it: it is sent again only if its acknowledgement fails to come. */
  taken({ id }: DueDelivery, nowMs: number): void {
    this.#database.prepare(SQL.postpone).run(nowMs + PATIENCE_MS, null, id);
  }

  /** The recipient did not take it, for the reason that the code says. */
  postpone({ id, attempts }: DueDelivery, code: string, nowMs: number): void {
    this.#database.prepare(SQL.postpone).run(nowMs + backOffMs(attempts), code, id);
  }

  /** Its acknowledgement stands on the ledger. */
  remove(kind: DeliveryKind, reference: Uint8Array): void {
    this.#database.prepare(SQL.remove).run(kind, reference);
  }

  /** What was sent to this recipient in this case needs no sending any more. */
  removeFor(kind: DeliveryKind, scope: Uint8Array, recipient: string): void {
    this.#database.prepare(SQL.removeFor).run(kind, scope, recipient);
  }

  /** The ledger says that something is on its way to this member. */
  expect(expected: ExpectedDelivery): void {
    const { reference, scope, sender, disclosure, acknowledgeByMs } = expected;
    this.#database.prepare(SQL.expect).run(reference, scope, sender, disclosure, acknowledgeByMs);
  }

  met(reference: Uint8Array): void {
    this.#database.prepare(SQL.met).run(reference);
  }

  /** What should have been acknowledged by now: an alarm on the side that sent and that waits. */
  overdue(nowMs: number): OverdueDelivery[] {
    const sent = this.#database.prepare(SQL.overdue).all(nowMs);
    const missed = this.#database.prepare(SQL.missed).all(nowMs);
    return [
      ...sent.map((row) => overdueOf(row, "sent", "recipient")),
      ...missed.map((row) => overdueOf(row, "expected", "sender")),
    ];
  }

  /** Why deliveries that wait were not taken when they were last sent. */
  faults(): { kind: string; code: string }[] {
    const rows = this.#database.prepare(SQL.faults).all();
    return rows.map((row) => ({
      kind: String(columnOf(row, "kind")),
      code: String(columnOf(row, "fault")),
    }));
  }
}

const bytesOf = (row: Record<string, unknown>, name: string): Uint8Array =>
  columnOf(row, name) as Uint8Array;

const deliveryOf = (row: Record<string, unknown>): DueDelivery => ({
  id: Number(columnOf(row, "id")),
  attempts: Number(columnOf(row, "attempts")),
  kind: String(columnOf(row, "kind")) as DeliveryKind,
  scope: bytesOf(row, "scope"),
  recipient: String(columnOf(row, "recipient")),
  reference: bytesOf(row, "reference"),
  envelope: bytesOf(row, "envelope"),
  acknowledgeByMs: Number(columnOf(row, "acknowledge_by_ms")),
});

const overdueOf = (
  row: Record<string, unknown>,
  side: "sent" | "expected",
  other: string,
): OverdueDelivery => ({
  side,
  scope: bytesOf(row, "scope"),
  reference: bytesOf(row, "reference"),
  other: String(columnOf(row, other)),
  acknowledgeByMs: Number(columnOf(row, "acknowledge_by_ms")),
});
