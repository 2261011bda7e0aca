import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { makeNetwork } from "../testing/network.ts";
import { auditOperator } from "./audit-operator.ts";
import { auditAfter, placesIn } from "./testing/change-ledger.ts";
import { sampleLedger } from "./testing/sample-ledger.ts";

const sample = sampleLedger(makeNetwork());
const sound = sample.copy();
const work = sample.copy();

const SWAP_BLOCKS = `UPDATE block SET number = 99 WHERE number = 2;
  UPDATE block SET number = 2 WHERE number = 3;
  UPDATE block SET number = 3 WHERE number = 99`;

const swapColumn = (column: string): string =>
  `UPDATE block SET ${column} = other.${column}
   FROM (SELECT number, ${column} FROM block) AS other
   WHERE other.number = 5 - block.number AND block.number IN (2, 3)`;

/** A change by SQL and a place that must be among the faults. */
const ROWS: readonly (readonly [what: string, sql: string, place: string])[] = [
  ["a block deleted", "DELETE FROM block WHERE number = 3", "block/3/number"],
  ["two blocks deleted", "DELETE FROM block WHERE number IN (2, 3)", "block/2/number"],
  ["the first block deleted", "DELETE FROM block WHERE number = 1", "block/1/number"],
  ["the last block deleted", "DELETE FROM block WHERE number = 5", "checkpoint/15/note"],
  ["two rows swapped", SWAP_BLOCKS, "block/2/number"],
  ["two headers swapped", swapColumn("header"), "block/2/header"],
  ["two lists of leaves swapped", swapColumn("leaves"), "block/3/leaves"],
  ["two lists of transactions swapped", swapColumn("transactions"), "block/2/transactions"],
  ["two lists of effects swapped", swapColumn("effects"), "block/3/effects"],
  [
    "a block twice",
    "INSERT INTO block SELECT 9, header, leaves, transactions, effects FROM block WHERE number = 2",
    "block/9/number",
  ],
  [
    "a block of nothing",
    "INSERT INTO block VALUES (6, x'80', x'80', x'80', x'80')",
    "block/6/header",
  ],
  [
    "a block far off",
    "INSERT INTO block VALUES (77, x'80', x'80', x'80', x'80')",
    "block/77/number",
  ],
  ["no block", "DELETE FROM block", "checkpoint/7/note"],
  ["no genesis", "DELETE FROM genesis", "genesis//"],
  ["genesis twice", "INSERT INTO genesis SELECT 1, bytes FROM genesis", "genesis/1/id"],
  [
    "a number out of bounds",
    "UPDATE block SET number = 9007199254740993 WHERE number = 5",
    "block/9007199254740993/number",
  ],
  [
    "a checkpoint at another size",
    "INSERT INTO checkpoint SELECT 11, note FROM checkpoint WHERE size = 1",
    "checkpoint/11/size",
  ],
  [
    "a checkpoint without its cosignatures' row",
    "DELETE FROM checkpoint WHERE size = 15",
    "cosignature/15 public-auditor/executor/size",
  ],
  [
    "a cosignature at another size",
    "INSERT INTO cosignature SELECT 1, name, line FROM cosignature WHERE size = 15",
    "cosignature/1 public-auditor/executor/size",
  ],
  [
    "a cosignature under another name",
    "UPDATE cosignature SET name = 'severn-travel/executor' WHERE size = 15",
    "cosignature/15 severn-travel/executor/name",
  ],
  [
    "text after a zero byte",
    "UPDATE checkpoint SET note = note || char(0) || 'x' WHERE size = 1",
    "checkpoint/1/note",
  ],
  [
    "text that is not UTF-8",
    "UPDATE cosignature SET line = CAST(x'e280' AS TEXT) WHERE size = 15",
    "cosignature/15 public-auditor/executor/line",
  ],
  ["another table", "CREATE TABLE notes (x TEXT)", "sqlite_schema/notes/name"],
  ["another index", "CREATE INDEX i ON block (header)", "sqlite_schema/i/name"],
  [
    "a trigger",
    "CREATE TRIGGER t AFTER INSERT ON block BEGIN SELECT 1; END",
    "sqlite_schema/t/name",
  ],
  ["a view", "CREATE VIEW v AS SELECT 1", "sqlite_schema/v/name"],
  ["another column", "ALTER TABLE block ADD COLUMN more BLOB", "sqlite_schema/block/sql"],
  ["a table renamed", "ALTER TABLE block RENAME TO blocks", "sqlite_schema/block/sql"],
  ["another layout", "PRAGMA user_version = 2", "ledger.sqlite//user_version"],
  ["another mark", "PRAGMA application_id = 1", "ledger.sqlite//application_id"],
  ["another journal mode", "PRAGMA journal_mode = DELETE", "ledger.sqlite//journal_mode"],
];

for (const [what, sql, place] of ROWS) {
  test(`${what} is found and named`, () => {
    const report = auditAfter(sound, work, (database) => database.exec(sql));
    expect(report.ok).toBe(false);
    expect(placesIn(report)).toContain(place);
  });
}

test("what comes after one wrong block is still executed again", () => {
  const report = auditAfter(sound, work, (database) => {
    database.exec("UPDATE block SET transactions = x'8141aa' WHERE number = 2");
    database.exec("UPDATE block SET effects = x'80' WHERE number = 4");
  });
  expect(placesIn(report).sort()).toEqual(["block/2/transactions", "block/4/effects"]);
  expect(report).toMatchObject({ blocks: 5, leaves: 15, checkpoints: 4, operators: 3 });
});

test("a block that was put right counts when a later one is taken back", () => {
  const report = auditAfter(sound, work, (database) => {
    database.exec("UPDATE block SET effects = x'80' WHERE number = 1");
    database.exec("UPDATE block SET transactions = x'8141aa' WHERE number IN (3, 5)");
  });
  const places = ["block/1/effects", "block/3/transactions", "block/5/transactions"];
  expect(placesIn(report).sort()).toEqual(places);
  expect(report).toMatchObject({ blocks: 5, leaves: 15, checkpoints: 4, operators: 3 });
});

test("a ledger that is cut back is found by what the node noted", () => {
  const directory = sample.copy();
  const database = new DatabaseSync(join(directory, "node.sqlite"));
  database.exec("CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER)");
  database.exec("INSERT INTO counter VALUES ('blocks', 7)");
  database.close();
  expect(placesIn(auditOperator(directory))).toEqual(["block/6/number"]);
});

const FILES: readonly (readonly [
  what: string,
  change: (directory: string) => void,
  table: string,
])[] = [
  ["no ledger", (d) => rmSync(join(d, "ledger.sqlite")), "ledger.sqlite"],
  ["an empty ledger", (d) => writeFileSync(join(d, "ledger.sqlite"), ""), "ledger.sqlite"],
  ["a ledger cut short", (d) => truncateSync(join(d, "ledger.sqlite"), 9_000), "ledger.sqlite"],
  [
    "a ledger that is text",
    (d) => writeFileSync(join(d, "ledger.sqlite"), "x".repeat(5_000)),
    "ledger.sqlite",
  ],
  ["no genesis file", (d) => rmSync(join(d, "genesis.cbor")), "genesis.cbor"],
  ["an empty genesis file", (d) => writeFileSync(join(d, "genesis.cbor"), ""), "genesis.cbor"],
  ["an altered genesis file", (d) => flip(join(d, "genesis.cbor"), 40), "genesis.cbor"],
  ["no policy", (d) => rmSync(join(d, "policy.txt")), "policy.txt"],
  ["an altered policy", (d) => flip(join(d, "policy.txt"), 60), "policy.txt"],
  [
    "a rollback journal",
    (d) => writeFileSync(join(d, "ledger.sqlite-journal"), "x"),
    "ledger.sqlite-journal",
  ],
];

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

for (const [what, change, table] of FILES) {
  test(`${what} is a fault of ${table}`, () => {
    const directory = sample.copy();
    change(directory);
    const report = auditOperator(directory);
    expect(report.ok).toBe(false);
    expect(report.faults.map((fault) => fault.table)).toContain(table);
  });
}

test("other files are named and not judged", () => {
  const directory = sample.copy();
  writeFileSync(join(directory, "views.sqlite"), "anything");
  expect(auditOperator(directory)).toMatchObject({ ok: true, notAudited: ["views.sqlite"] });
});
