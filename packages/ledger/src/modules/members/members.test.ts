import { expect, test } from "vitest";
import { runningLedger, TestLedger } from "../../../../../test/support/ledger.ts";
import { ed25519Signer } from "../../../../../test/support/transactions.ts";
import type { Message } from "../../messages.ts";
import { getKey, getMember, getOperator, getSite, holdsRole, listMembers } from "./queries.ts";

const { map } = new TestLedger().state;

test("genesis seeds bodies, operators, sites and act keys", () => {
  expect(getMember(map, "avon")).toMatchObject({ name: "Body of avon", operatorId: "alpha" });
  expect(getOperator(map, "beta")).toMatchObject({ address: "https://beta.example" });
  expect(getSite(map, "avon", "main")?.place).toEqual({ kind: "uprn", uprn: 100n });
  expect(getKey(map, ed25519Signer("avon/act").keyId)).toMatchObject({
    ...{ kind: "member", member: "avon", role: "act", pseudonym: null },
  });
  expect([...listMembers(map)].map(({ id }) => id)).toEqual([
    ...["auditor", "avon", "buses", "registrar", "severn"],
  ]);
});

test("whoever does not take part is nobody", () => {
  expect(getMember(map, "stranger")).toBeNull();
  expect(getOperator(map, "stranger")).toBeNull();
  expect(getSite(map, "avon", "attic")).toBeNull();
  expect(getKey(map, ed25519Signer("stranger").keyId)).toBeNull();
  expect(holdsRole(map, "stranger", "auditor")).toBe(false);
});

test("a role is held by those whom genesis gave it", () => {
  expect(holdsRole(map, "auditor", "auditor")).toBe(true);
  expect(holdsRole(map, "avon", "auditor")).toBe(false);
});

test("staff keys come and go, and a key that went may come back in another role", () => {
  const ledger = runningLedger();
  const { key, keyId } = ed25519Signer("olwen");
  const remove: Message = { type: "members/remove-staff-key", member: "avon", keyId };
  const add: Message = {
    ...{ type: "members/add-staff-key", member: "avon", key, role: "reviewer", pseudonym: "o" },
  };
  ledger.must("avon/act", [remove, add]);
  expect(getKey(ledger.state.map, keyId)).toMatchObject({ kind: "staff", role: "reviewer" });
  ledger.must("avon/act", remove);
  expect(getKey(ledger.state.map, keyId)).toBeNull();
});

test("a site that a body has added is one where it can act", () => {
  const place = { kind: "site", siteId: "annex" } as const;
  const accept: Message = { type: "agreements/accept", id: "none" };
  const ledger = runningLedger();
  expect(ledger.submit("avon/act", accept, { place })).toBe("transaction/site-unknown");
  ledger.must("avon/act", {
    ...{ type: "members/add-site", member: "avon", siteId: "annex", name: "Annex" },
    place: { kind: "grid", reference: "ST5873", precisionMetres: 1_000n },
  });
  expect(ledger.submit("avon/act", accept, { place })).toBe("agreements/unknown");
  expect(ledger.submit("severn/act", accept, { place })).toBe("transaction/site-unknown");
});
