import { expect, test } from "vitest";
import { TestLedger } from "../../../../../test/support/ledger.ts";
import { accredit, statusList } from "../../../../../test/support/refusal-rows/credentials.ts";
import { p256Signer } from "../../../../../test/support/transactions.ts";
import type { Message } from "../../messages.ts";
import { getIssuer, getStatusList, listIssuers } from "./queries.ts";

const withdraw: Message = { type: "credentials/withdraw", vct: "test:residence", issuer: "avon" };

test("an issuer is accredited, withdrawn, and accredited again with another key", () => {
  const ledger = new TestLedger().must("registrar/act", accredit());
  const { map } = ledger.state;
  expect(getIssuer(map, "test:residence", "avon")).toMatchObject({
    ...{ level: "high", accreditedBy: "registrar", withdrawn: false },
  });
  ledger.must("registrar/act", withdraw);
  expect(getIssuer(map, "test:residence", "avon")?.withdrawn).toBe(true);
  const { key } = p256Signer("avon/second");
  ledger.must("registrar/act", accredit({ key }));
  expect(getIssuer(map, "test:residence", "avon")).toMatchObject({ key, withdrawn: false });
});

test("each type and issuer is listed by itself", () => {
  const ledger = new TestLedger().must("registrar/act", [
    accredit(),
    accredit({ vct: "test:birth", issuer: "registrar" }),
    accredit({ vct: "test:pass" }),
  ]);
  expect([...listIssuers(ledger.state.map)].map(({ issuer, vct }) => `${issuer} ${vct}`)).toEqual([
    ...["avon test:pass", "avon test:residence", "registrar test:birth"],
  ]);
  expect(getIssuer(ledger.state.map, "test:birth", "avon")).toBeNull();
});

test("a status list's newest version stands", () => {
  const ledger = new TestLedger().must("registrar/act", accredit());
  const uri = "https://avon.example/status/1";
  expect(getStatusList(ledger.state.map, "avon", uri)).toBeNull();
  ledger.must("avon/act", [statusList(1n), statusList(2n)]);
  expect(getStatusList(ledger.state.map, "avon", uri)?.version).toBe(2n);
});
