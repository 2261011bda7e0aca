import type { DatabaseSync, StatementSync } from "node:sqlite";
import { decodeUtf8 } from "@tallystick/log";
import { columnOf } from "../store/database.ts";
import { type Findings, reasonOf } from "./report.ts";

export type ColumnKind = "integer" | "blob" | "text";

/** Every column of ledger.sqlite and what it holds: what is not named here is not read. */
export interface LedgerColumns {
  readonly genesis: { readonly id: "integer"; readonly bytes: "blob" };
  readonly block: {
    readonly number: "integer";
    readonly header: "blob";
    readonly leaves: "blob";
    readonly transactions: "blob";
    readonly effects: "blob";
  };
  readonly checkpoint: { readonly size: "integer"; readonly note: "text" };
  readonly cosignature: {
    readonly size: "integer";
    readonly name: "text";
    readonly line: "text";
  };
}

export const LEDGER_COLUMNS: LedgerColumns = {
  genesis: { id: "integer", bytes: "blob" },
  block: {
    number: "integer",
    header: "blob",
    leaves: "blob",
    transactions: "blob",
    effects: "blob",
  },
  checkpoint: { size: "integer", note: "text" },
  cosignature: { size: "integer", name: "text", line: "text" },
};

export type LedgerTable = keyof LedgerColumns;

const KEYS: Readonly<Record<LedgerTable, readonly string[]>> = {
  genesis: ["id"],
  block: ["number"],
  checkpoint: ["size"],
  cosignature: ["size", "name"],
};

interface Value {
  readonly integer: number;
  readonly blob: Uint8Array;
  readonly text: string;
}

/** A row as read; null stands for a column that does not hold what it should, and is told. */
export type LedgerRow<T extends LedgerTable> = {
  readonly [C in keyof LedgerColumns[T]]:
    | (LedgerColumns[T][C] extends ColumnKind ? Value[LedgerColumns[T][C]] : never)
    | null;
} & { /** The key as text, however damaged. */ readonly rowKey: string };

/** Reads the tables of a ledger that may be damaged anywhere. */
export class ColumnReader {
  readonly #database: DatabaseSync;
  readonly #findings: Findings;

  constructor(database: DatabaseSync, findings: Findings) {
    this.#database = database;
    this.#findings = findings;
  }

  /** Every row that can be read, in the order of the key; then a fault if there is no going on. */
  *rows<T extends LedgerTable>(table: T): Generator<LedgerRow<T>> {
    try {
      const order = KEYS[table].map((column) => `"${column}"`).join(", ");
      const statement = this.#select(table, `ORDER BY ${order}`);
      for (const row of statement.iterate()) yield this.#read(table, row);
    } catch (cause) {
      this.#unreadable(table, cause);
    }
  }

  /** The block row of this number. */
  block(number: number): LedgerRow<"block"> | null {
    try {
      const row = this.#select("block", "WHERE number = ?").get(number);
      return row === undefined ? null : this.#read("block", row);
    } catch (cause) {
      this.#unreadable("block", cause);
      return null;
    }
  }

  // Text is read as bytes: what is not well-formed would be replaced on its way here, unnoticed.
  #select(table: LedgerTable, rest: string): StatementSync {
    const columns = Object.entries(LEDGER_COLUMNS[table]).map(([name, kind]) => {
      const value = kind === "text" ? `CAST("${name}" AS BLOB)` : `"${name}"`;
      return `typeof("${name}") AS "type_${name}", ${value} AS "${name}"`;
    });
    const statement = this.#database.prepare(
      `SELECT ${columns.join(", ")} FROM "${table}" ${rest}`,
    );
    statement.setReadBigInts(true);
    return statement;
  }

  #read<T extends LedgerTable>(table: T, row: Readonly<Record<string, unknown>>): LedgerRow<T> {
    const rowKey = KEYS[table].map((column) => sayKey(columnOf(row, column))).join(" ");
    const values: [string, unknown][] = Object.entries(LEDGER_COLUMNS[table]).map(
      ([column, kind]) => {
        const value = plainValue(kind, columnOf(row, `type_${column}`), columnOf(row, column));
        if (value === null) {
          const what = `The column does not hold ${SAID[kind]}.`;
          this.#findings.add(table, rowKey, column, what);
        }
        return [column, value];
      },
    );
    return { ...Object.fromEntries(values), rowKey } as LedgerRow<T>;
  }

  #unreadable(table: string, cause: unknown): void {
    this.#findings.add(table, "", "", `The table cannot be read to its end: ${reasonOf(cause)}.`);
  }
}

const SAID: Readonly<Record<ColumnKind, string>> = {
  integer: "a whole number that is within bounds",
  blob: "bytes",
  text: "well-formed text",
};

const sayKey = (value: unknown): string =>
  value instanceof Uint8Array ? (decodeUtf8(value) ?? "(not text)") : String(value);

function plainValue(kind: ColumnKind, type: unknown, value: unknown): unknown {
  if (type !== kind) return null;
  if (kind === "integer") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : null;
  }
  // An empty blob may come as null.
  const bytes = value instanceof Uint8Array ? new Uint8Array(value) : new Uint8Array();
  return kind === "blob" ? bytes : decodeUtf8(bytes);
}
