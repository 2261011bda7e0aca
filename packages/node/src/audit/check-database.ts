import { DatabaseSync } from "node:sqlite";
import { columnOf, numberOf } from "../store/database.ts";
import { LEDGER_LAYOUT } from "../store/ledger-store.ts";
import { type Findings, reasonOf } from "./report.ts";

const FILE = "ledger.sqlite";

/**
 * SQLite's own view of the file: its marks, pages, types and indexes, and that it holds our tables
 * and nothing else. False when one of them is not there as we declare it: none is read then.
 */
export function checkDatabase(database: DatabaseSync, findings: Findings): boolean {
  try {
    checkMarks(database, findings);
    const isOurs = checkSchema(database, findings);
    checkPages(database, findings);
    return isOurs;
  } catch (cause) {
    findings.add(FILE, "", "", `SQLite cannot read the file: ${reasonOf(cause)}.`);
    return false;
  }
}

function checkMarks(database: DatabaseSync, findings: Findings): void {
  const fault = (column: string, what: string): void => findings.add(FILE, "", column, what);
  if (numberOf(database, "application_id") !== LEDGER_LAYOUT.applicationId) {
    fault("application_id", "The file is not marked as a ledger.");
  }
  if (numberOf(database, "user_version") !== LEDGER_LAYOUT.version) {
    fault("user_version", "The file's layout is not the one that this release knows.");
  }
  if (textOf(database, "journal_mode") !== "wal") fault("journal_mode", "It is not in WAL mode.");
  if (textOf(database, "encoding") !== "UTF-8") fault("encoding", "Its text is not UTF-8.");
}

const textOf = (database: DatabaseSync, pragma: string): unknown =>
  Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0];

function checkPages(database: DatabaseSync, findings: Findings): void {
  for (const row of database.prepare("PRAGMA integrity_check").all()) {
    const [said] = Object.values(row);
    if (said !== "ok") findings.add(FILE, "", "pages", `SQLite finds the file damaged: ${said}.`);
  }
}

function checkSchema(database: DatabaseSync, findings: Findings): boolean {
  const expected = new DatabaseSync(":memory:");
  for (const table of LEDGER_LAYOUT.tables) expected.exec(table);
  const wanted = schemaOf(expected);
  const present = schemaOf(database);
  expected.close();
  const wrong = [...wanted].filter(([name, declared]) => present.get(name) !== declared);
  for (const [name] of wrong) {
    findings.add("sqlite_schema", name, "sql", "The table is not declared as it should be.");
  }
  for (const name of present.keys()) {
    if (wanted.has(name)) continue;
    findings.add("sqlite_schema", name, "name", "Nothing of this name belongs here.");
  }
  return wrong.length === 0;
}

function schemaOf(database: DatabaseSync): Map<string, string> {
  const rows = database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema").all();
  return new Map(
    rows.map((row) => {
      const [type, name, table, sql] = ["type", "name", "tbl_name", "sql"].map((column) =>
        String(columnOf(row, column)),
      );
      return [String(name), `${type} ${table} ${sql}`];
    }),
  );
}
