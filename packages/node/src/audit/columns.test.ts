import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { LEDGER_TABLES } from "../store/sql.ts";
import { makeNetwork } from "../testing/network.ts";
import { LEDGER_COLUMNS, type LedgerTable } from "./read-columns.ts";
import { auditAfter, placesIn } from "./testing/change-ledger.ts";
import { sampleLedger } from "./testing/sample-ledger.ts";

const network = makeNetwork();
const sample = sampleLedger(network);
const sound = sample.copy();
const work = sample.copy();

const TABLES = Object.keys(LEDGER_COLUMNS) as LedgerTable[];

interface Cell {
  readonly table: string;
  readonly column: string;
  readonly key: string;
  readonly where: string;
  readonly value: SQLInputValue;
}

/** Every value of every row. */
function cells(): Cell[] {
  const database = new DatabaseSync(join(sound, "ledger.sqlite"));
  const found = TABLES.flatMap((table) =>
    database
      .prepare(`SELECT * FROM "${table}"`)
      .all()
      .flatMap((row) => {
        const [first, second] = Object.entries(row);
        const isPair = table === "cosignature";
        const key = isPair ? `${first?.[1]} ${second?.[1]}` : `${first?.[1]}`;
        const where = `${first?.[0]} = ${first?.[1]}${isPair ? ` AND name = '${second?.[1]}'` : ""}`;
        return Object.entries(row).map(([column, value]) => ({ table, column, key, where, value }));
      }),
  );
  database.close();
  return found;
}

/** The value with one byte changed, at several places; integers by one and by much. */
function changesOf(value: SQLInputValue): SQLInputValue[] {
  if (typeof value === "number") return [value + 1, value - 1, value + 1_000, -value - 1];
  const isText = typeof value === "string";
  const bytes = isText ? Buffer.from(value) : Buffer.from(value as Uint8Array);
  const step = Math.max(1, Math.floor(bytes.length / 40));
  const changed: SQLInputValue[] = [];
  for (let at = 0; at < bytes.length; at += step) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ (1 << (at % 7));
    changed.push(isText ? altered.toString("utf8") : new Uint8Array(altered));
  }
  const cut = bytes.subarray(0, -1);
  const grown = Buffer.concat([bytes, Buffer.from([isText ? 0 : 1])]);
  const others = [cut, grown, Buffer.alloc(0)];
  return [
    ...changed,
    ...others.map((one) => (isText ? one.toString("utf8") : new Uint8Array(one))),
  ];
}

test("every column of every table has its checker", () => {
  const database = new DatabaseSync(":memory:");
  for (const table of LEDGER_TABLES) database.exec(table);
  const real = database
    .prepare(
      "SELECT s.name AS t, c.name AS c FROM sqlite_schema s, pragma_table_xinfo(s.name) c WHERE s.type = 'table' ORDER BY 1, 2",
    )
    .all()
    .map((row) => Object.values(row).join("."));
  const checked = Object.entries(LEDGER_COLUMNS).flatMap(([table, columns]) =>
    Object.keys(columns).map((column) => `${table}.${column}`),
  );
  expect(checked.sort()).toEqual(real);
});

describe("one changed value is found and named", () => {
  for (const table of TABLES) {
    for (const column of Object.keys(LEDGER_COLUMNS[table])) {
      test(`${table}.${column}`, () => {
        const all = cells().filter((cell) => cell.table === table && cell.column === column);
        expect(all.length).toBeGreaterThan(0);
        for (const cell of all) tryChanges(cell);
      });
    }
  }
});

function tryChanges({ table, column, key, where, value }: Cell): void {
  for (const changed of changesOf(value)) {
    let isRefused = false;
    const report = auditAfter(sound, work, (database) => {
      try {
        database.prepare(`UPDATE "${table}" SET "${column}" = ? WHERE ${where}`).run(changed);
      } catch {
        isRefused = true;
      }
    });
    // Another row has that key already: SQLite does not let it be.
    if (isRefused) continue;
    const row = rowAfter({ table, column, key, value }, changed);
    const said = `${table} ${key} ${column} := ${String(changed)}`;
    expect(report.ok, said).toBe(false);
    expect(placesIn(report), said).toContain(`${table}/${row}/${column}`);
  }
}

/** The key by which the changed row is found now. */
function rowAfter(
  { table, column, key, value }: Omit<Cell, "where">,
  changed: SQLInputValue,
): string {
  if (table === "genesis") return column === "id" ? String(changed) : "0";
  const parts = key.split(" ");
  const at = parts.indexOf(String(value));
  if (at >= 0 && ["number", "size", "name"].includes(column)) parts[at] = String(changed);
  return parts.join(" ");
}
