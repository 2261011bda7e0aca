import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { temporaryDirectory } from "../../testing/network.ts";
import { LEDGER_COLUMNS } from "../read-columns.ts";

/** Every value of every row of a ledger as text, or null when SQLite cannot read it. */
export function dumpTables(directory: string): string | null {
  const copy = join(temporaryDirectory(), "ledger.sqlite");
  copyFileSync(join(directory, "ledger.sqlite"), copy);
  const wal = join(directory, "ledger.sqlite-wal");
  if (existsSync(wal)) copyFileSync(wal, `${copy}-wal`);
  const database = new DatabaseSync(copy);
  try {
    const lines = Object.entries(LEDGER_COLUMNS).flatMap(([table, columns]) => {
      const list = Object.keys(columns).map((name) => `quote("${name}")`);
      const rows = database.prepare(`SELECT ${list.join("||','||")} AS line FROM "${table}"`).all();
      return rows.map((row) => `${table} ${Object.values(row)[0]}`);
    });
    return lines.sort().join("\n");
  } catch {
    return null;
  } finally {
    database.close();
  }
}

/** The names of a directory's files. */
export const filesOf = (directory: string): string[] => readdirSync(directory).sort();
