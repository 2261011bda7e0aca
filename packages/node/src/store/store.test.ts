import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { removeTemporaryDirectories, temporaryDirectory } from "../testing/network.ts";
import { StoreRefused } from "./database.ts";
import { LastSigned, SigningRefused } from "./last-signed.ts";
import { LedgerStore, type StoredBlock } from "./ledger-store.ts";
import { NodeStore } from "./node-store.ts";

afterAll(removeTemporaryDirectories);

const fresh = temporaryDirectory;
const genesis = new Uint8Array([1, 2, 3]);
const block = (number: number): StoredBlock => ({
  number,
  leaves: [new Uint8Array([number]), new Uint8Array([3, number])],
  transactions: [new Uint8Array([7, number])],
  effects: [new Uint8Array([9])],
});

test("blocks and signatures survive closing", () => {
  const path = join(fresh(), "ledger.sqlite");
  const store = LedgerStore.open(path, genesis);
  store.append(block(1));
  store.append(block(2));
  store.putSignatures(5, "note", [{ name: "a/executor", line: "line" }]);
  store.putSignatures(5, "another note", [{ name: "a/executor", line: "another" }]);
  store.close();

  const again = LedgerStore.open(path, genesis);
  expect(again.lastNumber()).toBe(2);
  expect(again.block(2)).toEqual(block(2));
  expect(again.block(3)).toBeNull();
  expect([...again.blocks(1)]).toEqual([block(1), block(2)]);
  expect(again.headers(2, 10)).toEqual([{ number: 2, header: new Uint8Array([3, 2]) }]);
  expect(again.checkpoint(5)).toBe("note");
  expect(again.cosignatures(5)).toEqual([{ name: "a/executor", line: "line" }]);
  again.close();
});

test("a block number is written once", () => {
  const store = LedgerStore.open(join(fresh(), "ledger.sqlite"), genesis);
  store.append(block(1));
  expect(() => store.append(block(1))).toThrow();
  store.close();
});

test("another network's file, a later layout and another kind of file are refused", () => {
  const path = join(fresh(), "ledger.sqlite");
  LedgerStore.open(path, genesis).close();
  expect(() => LedgerStore.open(path, new Uint8Array([9]))).toThrow(StoreRefused);
  expect(() => new NodeStore(path)).toThrow(/another kind/);
  const database = new DatabaseSync(path);
  database.exec("PRAGMA user_version = 2");
  database.close();
  expect(() => LedgerStore.open(path, genesis)).toThrow(/layout 2/);
});

test("one process has the ledger, no second", () => {
  const path = join(fresh(), "ledger.sqlite");
  const store = LedgerStore.open(path, genesis);
  expect(() => LedgerStore.open(path, genesis)).toThrow(/in use/);
  store.append(block(1));
  store.close();
  LedgerStore.open(path, genesis).close();
});

test("only superseded checkpoints beyond the newest thousand are dropped", () => {
  const store = LedgerStore.open(join(fresh(), "ledger.sqlite"), genesis);
  for (let size = 1; size <= 1005; size++) store.putSignatures(size, `note ${size}`, []);
  store.prune(3);
  expect(store.checkpoint(2)).toBeNull();
  expect(store.checkpoint(3)).toBe("note 3");
  store.prune(1005);
  expect(store.checkpoint(5)).toBeNull();
  expect(store.checkpoint(6)).toBe("note 6");
  store.close();
});

const root = (first: number): Uint8Array => new Uint8Array(32).fill(first);

test("a smaller or a different tree than last signed is not signed, also after a restart", () => {
  const directory = fresh();
  const network = root(1);
  const guard = new LastSigned(directory, network, "council-service");
  const rootAt = (size: number) => root(size);
  guard.advance({ size: 5, root: root(5) }, rootAt);
  guard.advance({ size: 5, root: root(5) }, rootAt);
  guard.advance({ size: 9, root: root(9) }, rootAt);

  const again = new LastSigned(directory, network, "council-service");
  expect(again.head).toEqual({ size: 9, root: root(9) });
  expect(() => again.advance({ size: 8, root: root(8) }, rootAt)).toThrow(/larger tree/);
  const forked = () => root(99);
  expect(() => again.advance({ size: 9, root: root(99) }, forked)).toThrow(/fork/);
  expect(() => again.advance({ size: 12, root: root(12) }, forked)).toThrow(SigningRefused);
  new LastSigned(directory, network, "auditor").advance({ size: 1, root: root(1) }, rootAt);
  new LastSigned(directory, root(2), "council-service").advance({ size: 1, root: root(1) }, rootAt);
});

test("a record that cannot be read stops signing", () => {
  const directory = fresh();
  const guard = new LastSigned(directory, root(1), "auditor");
  guard.advance({ size: 1, root: root(1) }, root);
  writeFileSync(join(directory, `${"01".repeat(16)}-auditor.json`), "{");
  expect(() => guard.advance({ size: 2, root: root(2) }, root)).toThrow(/cannot be read/);
});

test("evidence, peers and counters are kept", () => {
  const path = join(fresh(), "node.sqlite");
  const store = new NodeStore(path);
  store.addEvidence({ atMs: 5, code: "node/forked", what: "Two trees.", material: "{}" });
  store.setPeer({ operator: "auditor", size: 4, seenMs: 9 });
  store.setPeer({ operator: "auditor", size: 6, seenMs: 10 });
  store.setCounters(new Map([["refused", 3]]));
  store.close();
  const again = new NodeStore(path);
  expect(again.evidence()).toEqual([
    { atMs: 5, code: "node/forked", what: "Two trees.", material: "{}", resolved: false },
  ]);
  expect(again.peers()).toEqual([{ operator: "auditor", size: 6, seenMs: 10 }]);
  expect(again.counters()).toEqual(new Map([["refused", 3]]));
  again.resolveEvidence();
  expect(again.evidence()[0]?.resolved).toBe(true);
  again.close();
});
