import type { DatabaseSync } from "node:sqlite";
import { columnOf } from "../store/database.ts";

/** What a body still owes to a case. Each follows from what stands on the ledger. */
export type TaskKind =
  | "decide"
  | "disclose"
  | "acknowledge"
  | "draw"
  | "open-to-auditor"
  | "finding"
  | "erase";

export interface Task {
  readonly kind: TaskKind;
  /** Id of the transaction that it answers. */
  readonly reference: Uint8Array;
  /** The case. */
  readonly scope: Uint8Array;
  readonly attempts: number;
}

/** A task that a rule of the ledger, or of the case, stands against. */
export interface TaskFault {
  readonly kind: string;
  readonly code: string;
}

const SQL = {
  add: "INSERT OR IGNORE INTO task (kind, reference, scope, next_ms) VALUES (?, ?, ?, ?)",
  due: "SELECT kind, reference, scope, attempts FROM task WHERE next_ms <= ? ORDER BY next_ms LIMIT ?",
  next: "SELECT min(next_ms) AS next_ms FROM task",
  remove: "DELETE FROM task WHERE kind = ? AND reference = ?",
  postpone:
    "UPDATE task SET attempts = attempts + 1, next_ms = ?, fault = ? WHERE kind = ? AND reference = ?",
  faults: "SELECT kind, fault FROM task WHERE fault IS NOT NULL ORDER BY kind",
  count: "SELECT count(*) AS count FROM task",
  busy: "SELECT 1 FROM task WHERE scope = ? AND fault IS NULL AND kind IN ('decide', 'disclose')",
  cursor: "SELECT block FROM cursor",
  setCursor:
    "INSERT INTO cursor (id, block) VALUES (0, ?) ON CONFLICT (id) DO UPDATE SET block = excluded.block",
} as const;

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 60_000;

/** How long to wait after so many attempts that failed: doubling, up to a minute. */
export const backOffMs = (attempts: number): number =>
  Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 10));

/** A member's durable list of work: a stop at any moment loses none of it. */
export class TaskList {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Adds a task to be done at once; one that is already there stays as it is. */
  add(task: Omit<Task, "attempts">, nowMs: number): void {
    this.#database.prepare(SQL.add).run(task.kind, task.reference, task.scope, nowMs);
  }

  due(nowMs: number, limit: number): Task[] {
    return this.#database
      .prepare(SQL.due)
      .all(nowMs, limit)
      .map((row) => ({
        kind: String(columnOf(row, "kind")) as TaskKind,
        reference: columnOf(row, "reference") as Uint8Array,
        scope: columnOf(row, "scope") as Uint8Array,
        attempts: Number(columnOf(row, "attempts")),
      }));
  }

  /** When the next task is due; null when there is none. */
  nextMs(): number | null {
    const next = columnOf(this.#database.prepare(SQL.next).get() ?? {}, "next_ms");
    return typeof next === "number" ? next : null;
  }

  remove({ kind, reference }: Pick<Task, "kind" | "reference">): void {
    this.#database.prepare(SQL.remove).run(kind, reference);
  }

  /** Keeps a task that could not be done, with the code that says why. */
  postpone({ kind, reference, attempts }: Task, code: string, nowMs: number): void {
    const nextMs = nowMs + backOffMs(attempts);
    this.#database.prepare(SQL.postpone).run(nextMs, code, kind, reference);
  }

  faults(): TaskFault[] {
    const rows = this.#database.prepare(SQL.faults).all();
    return rows.map((row) => ({
      kind: String(columnOf(row, "kind")),
      code: String(columnOf(row, "fault")),
    }));
  }

  /** Whether a decision of the case, or what follows from it, is still to be made. */
  isBusy(scope: Uint8Array): boolean {
    return this.#database.prepare(SQL.busy).get(scope) !== undefined;
  }

  get size(): number {
    return Number(columnOf(this.#database.prepare(SQL.count).get() ?? {}, "count"));
  }

  /** The last block whose consequences are in the list; 0 for none. */
  get cursor(): number {
    return Number(columnOf(this.#database.prepare(SQL.cursor).get() ?? {}, "block") ?? 0);
  }

  set cursor(block: number) {
    this.#database.prepare(SQL.setCursor).run(block);
  }
}
