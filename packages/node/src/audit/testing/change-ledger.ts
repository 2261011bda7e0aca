import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { auditOperator } from "../audit-operator.ts";
import type { AuditReport } from "../report.ts";

export type Change = (database: DatabaseSync) => void;

/** Makes `work` the sound ledger again, changes it by SQL without its checks, and audits it. */
export function auditAfter(sound: string, work: string, change: Change): AuditReport {
  const path = join(work, "ledger.sqlite");
  for (const end of ["-wal", "-shm"]) rmSync(path + end, { force: true });
  copyFileSync(join(sound, "ledger.sqlite"), path);
  const database = new DatabaseSync(path);
  database.exec("PRAGMA ignore_check_constraints = ON");
  change(database);
  database.close();
  return auditOperator(work);
}

/** Where the faults stand, as `table/row/column`. */
export const placesIn = ({ faults }: AuditReport): string[] =>
  faults.map(({ table, row, column }) => `${table}/${row}/${column}`);
