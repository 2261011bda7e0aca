import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeNetwork, temporaryDirectory } from "../testing/network.ts";
import { auditNetwork, NothingToAudit } from "./audit-network.ts";
import { commit, type SampleLedger, sampleLedger, signHead } from "./testing/sample-ledger.ts";

const network = makeNetwork();
const sample = sampleLedger(network);

/** A network directory in which each operator holds a copy of a ledger. */
function lay(ledgers: Readonly<Record<string, SampleLedger>>): string {
  const root = temporaryDirectory();
  const operators = Object.keys(ledgers);
  for (const [operator, ledger] of Object.entries(ledgers)) {
    cpSync(ledger.copy(), join(root, operator), { recursive: true });
  }
  writeFileSync(join(root, "network.json"), JSON.stringify({ network: "a test", operators }));
  return root;
}

test("all operators under a directory are audited and compared", () => {
  const root = lay({ "council-service": sample, auditor: sample });
  const report = auditNetwork(root);
  expect(report).toMatchObject({ ok: true, faults: [] });
  expect(report.operators.map(({ operator }) => operator)).toEqual(["council-service", "auditor"]);
});

test("one operator's own directory is audited alone", () => {
  const report = auditNetwork(sample.copy());
  expect(report.operators).toHaveLength(1);
  expect(report.ok).toBe(true);
});

test("a follower that is behind holds the same log as far as it goes", () => {
  const ahead = sampleLedger(network);
  const root = lay({ "council-service": ahead, auditor: ahead });
  commit(network, ahead.replica, ["later"]);
  signHead(network, ahead.replica, []);
  rmSync(join(root, "council-service"), { recursive: true });
  cpSync(ahead.copy(), join(root, "council-service"), { recursive: true });
  const report = auditNetwork(root);
  expect(report.ok).toBe(true);
  expect(report.operators.map(({ blocks }) => blocks)).toEqual([6, 5]);
});

test("two logs, each sound by itself, are told apart where they part", () => {
  const root = lay({ "council-service": sample, auditor: sampleLedger(network) });
  const report = auditNetwork(root);
  expect(report.operators.every(({ ok }) => ok)).toBe(true);
  expect(report.ok).toBe(false);
  expect(report.faults).toEqual([
    {
      operator: "",
      table: "block",
      row: "1",
      column: "leaves",
      what: "council-service and auditor hold two logs: they part at leaf 1.",
    },
  ]);
});

test("two networks, a missing operator and a list that cannot be read are faults", () => {
  const other = lay({ "council-service": sample, auditor: sampleLedger(makeNetwork()) });
  expect(auditNetwork(other).faults).toMatchObject([{ table: "genesis" }]);
  const root = lay({ "council-service": sample, auditor: sample });
  rmSync(join(root, "auditor"), { recursive: true });
  expect(auditNetwork(root).faults).toMatchObject([{ table: "network.json", row: "auditor" }]);
  for (const text of ["{", "null", '{"operators":["../x"]}']) {
    writeFileSync(join(root, "network.json"), text);
    expect(auditNetwork(root)).toMatchObject({ ok: false, faults: [{ table: "network.json" }] });
  }
});

test("an operator that holds no ledger is at fault", () => {
  const root = lay({ "council-service": sample });
  mkdirSync(join(root, "auditor"));
  writeFileSync(join(root, "auditor", "genesis.cbor"), network.genesisBytes);
  const [, auditor] = auditNetwork(root).operators;
  expect(auditor?.faults.map(({ table }) => table)).toEqual(["ledger.sqlite", "policy.txt"]);
});

test("where there is nothing to audit, that is said", () => {
  expect(() => auditNetwork(temporaryDirectory())).toThrow(NothingToAudit);
  expect(() => auditNetwork(join(temporaryDirectory(), "nowhere"))).toThrow(NothingToAudit);
});
