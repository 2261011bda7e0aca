import { DatabaseSync } from "node:sqlite";
import { numberOf } from "../store/database.ts";
import { LEDGER_LAYOUT } from "../store/ledger-store.ts";
import type { Findings } from "./report.ts";

const FILE = "ledger.sqlite";

/** SQLite's own view of the file: pages, types, indexes, and that it holds our tables and no other. */
export function checkDatabase(database: DatabaseSync, findings: Findings): void {
  if (numberOf(database, "application_id") !== LEDGER_LAYOUT.applicationId) {
    findings.add(FILE, "", "application_id", "The file is not marked as a ledger.");
  }
  if (numberOf(database, "user_version") !== LEDGER_LAYOUT.version) {
    findings.add(
      FILE,
      "",
      "user_version",
      "The file's layout is not the one that this release knows.",
    );
  }
  const mode = Object.values(database.prepare("PRAGMA journal_mode").get() ?? {})[0];
  if (mode !== "wal") findings.add(FILE, "", "journal_mode", "The file is not in WAL mode.");
  for (const row of database.prepare("PRAGMA integrity_check").all()) {
    const [said] = Object.values(row);
    if (said !== "ok") findings.add(FILE, "", "pages", `SQLite finds the file damaged: ${said}.`);
  }
  checkSchema(database, findings);
}

function checkSchema(database: DatabaseSync, findings: Findings): void {
  const expected = new DatabaseSync(":memory:");
  for (const table of LEDGER_LAYOUT.tables) expected.exec(table);
  const wanted = schemaOf(expected);
  const present = schemaOf(database);
  expected.close();
  for (const [name, sql] of wanted) {
    if (present.get(name) !== sql) {
      findings.add("sqlite_schema", name, "sql", "The table is not declared as it should be.");
    }
  }
  for (const name of present.keys()) {
    if (!wanted.has(name))
      findings.add("sqlite_schema", name, "name", "Nothing of this name belongs here.");
  }
}

function schemaOf(database: DatabaseSync): Map<string, string> {
  const rows = database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema").all();
  return new Map(
    rows.map(({ type, name, tbl_name: table, sql }) => [String(name), `${type} ${table} ${sql}`]),
  );
}
