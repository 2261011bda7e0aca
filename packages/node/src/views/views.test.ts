import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Message } from "@tallystick/ledger";
import { afterAll, expect, test } from "vitest";
import { createHost } from "../crypto/host.ts";
import { Replica } from "../engine/replica.ts";
import { LedgerStore } from "../store/ledger-store.ts";
import {
  addSite,
  makeNetwork,
  memberKeyId,
  ORDERER,
  removeTemporaryDirectories,
  signByMember,
  type TestNetwork,
  temporaryDirectory,
} from "../testing/network.ts";
import { Views } from "./views.ts";

afterAll(removeTemporaryDirectories);

const CASE = new Uint8Array(16).fill(4);

function fixture(network: TestNetwork = makeNetwork()) {
  const directory = temporaryDirectory();
  const path = join(directory, "views.sqlite");
  const store = LedgerStore.open(join(directory, "ledger.sqlite"), network.genesisBytes);
  const replica = Replica.open(createHost(), network.genesisBytes, store);
  const record = (...transactions: Uint8Array[]): void => {
    const timeMs = replica.lastTimeMs + 1n;
    const result = replica.execute({ timeMs, proposer: ORDERER, site: "main", transactions });
    if (result === null) throw new Error("nothing to record");
    replica.commit(result);
  };
  return { network, path, replica, record };
}

const actInCase: Message = {
  type: "services/act",
  case: CASE,
  action: "apply",
  commitment: null,
};

test("what is recorded is found by id, by case and newest first", () => {
  const { network, path, replica, record } = fixture();
  const views = Views.open(path, replica);
  record(addSite(network, "one"), addSite(network, "two"));
  record(signByMember(network, "avonbridge", [actInCase]));
  const rows = views.transactions(Number.MAX_SAFE_INTEGER, 10);
  expect(rows.map(({ leafIndex, block, kinds }) => [leafIndex, block, ...kinds])).toEqual([
    [4, 2, "services/act"],
    [2, 1, "members/add-site"],
    [1, 1, "members/add-site"],
  ]);
  expect(views.transactions(2, 10)).toHaveLength(1);
  const [newest, older] = rows;
  if (newest === undefined || older === undefined) throw new Error("no rows");
  expect(newest.refusal).toMatch(/^services\//);
  expect(newest.signer).toEqual(memberKeyId(network, "avonbridge"));
  expect(views.find(older.id)).toEqual({ leafIndex: 2, block: 1 });
  expect(views.find(new Uint8Array(32))).toBeNull();
  expect(views.ofCase(CASE)).toEqual([newest]);
  expect(views.counts()).toMatchObject({ transactions: 3, refused: 1, cases: 1, disclosures: 0 });
  views.close();
});

test("lists that are deleted, damaged or ahead of the ledger are made anew", () => {
  const { network, path, replica, record } = fixture();
  record(addSite(network, "one"));
  record(addSite(network, "two"));
  const first = Views.open(path, replica);
  const rows = first.transactions(Number.MAX_SAFE_INTEGER, 10);
  expect(rows).toHaveLength(2);
  first.close();
  const again = (): number => {
    const views = Views.open(path, replica);
    expect(views.transactions(Number.MAX_SAFE_INTEGER, 10)).toEqual(rows);
    views.close();
    return rows.length;
  };
  rmSync(path);
  again();
  writeFileSync(
    path,
    "this is not a database, and long enough to be looked at by SQLite".repeat(99),
  );
  again();
  const other = fixture();
  other.record(addSite(other.network, "x"));
  other.record(addSite(other.network, "y"));
  other.record(addSite(other.network, "z"));
  const foreign = Views.open(path, other.replica);
  expect(foreign.counts().transactions).toBe(3);
  foreign.close();
  const shorter = fixture(other.network);
  shorter.record(addSite(other.network, "x"));
  const ahead = Views.open(path, shorter.replica);
  expect(ahead.counts().transactions).toBe(1);
  ahead.close();
});
