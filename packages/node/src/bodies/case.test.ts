import { signRequest } from "@tallystick/client";
import { commit, dayFromText, londonMidnightMs } from "@tallystick/ledger";
import { fromHex, toHex } from "@tallystick/log";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeSha256 } from "../crypto/sha256.ts";
import { decodeOwn } from "./act.ts";
import { decodeOpenings } from "./openings.ts";
import { codeOf, draft, sendDraft } from "./testing/draft.ts";
import { applyForPass, makeResident, type Resident, seeCase } from "./testing/resident.ts";
import { Town } from "./testing/town.ts";

let town: Town;
let resident: Resident;
const apply = async (dateOfBirth = "1950-02-28", soleOrPrincipal = true) => {
  resident = await makeResident(town, { dateOfBirth, soleOrPrincipal });
  const applied = await applyForPass(town, resident);
  if (!applied.ok) throw new Error(applied.code);
  return applied;
};
beforeEach(() => {
  town = Town.found();
});
afterEach(() => town.close());

test.each([
  ["1990-02-28", true, "too-young"],
  ["1950-02-28", false, "not-main-home"],
])(
  "born %s, main home %s: refused as %s, with no pass and nothing disclosed",
  async (born, home, reason) => {
    const applied = await apply(born, home);
    await town.settle();
    const shown = await seeCase(town, applied);
    expect(shown).toMatchObject({ state: "refused", decision: { outcome: "refused", reason } });
    expect(shown.credentials).toEqual({});
    expect(shown.disclosures).toEqual([]);
    expect(town.messages("services/disclose")).toEqual([]);
  },
);

test("the applicant holds the very openings that the ledger's commitment was made of", async () => {
  const applied = await apply();
  await town.settle();
  const { decision } = await seeCase(town, applied);
  const fields = decodeOpenings(decision!.openings)!;
  const { networkId } = town.ledger;
  const root = commit(nodeSha256, { networkId, caseId: applied.case.id, fields });
  expect(town.messages("services/decide")).toMatchObject([{ commitment: root, outcome: "grant" }]);
  expect(fields.map(({ name }) => name)).toEqual([
    "rule",
    "asAt",
    "table.pension-age",
    "credential.0",
    "credential.1",
    "outcome",
    "reason",
    "workedOut.entitledFrom",
    "gives.passUntil",
  ]);
  expect(decision).toMatchObject({ gives: { passUntil: "2031-11-21" }, asAt: "2026-11-21" });
});

test("nothing about the person stands on the ledger", async () => {
  await apply();
  await town.settle();
  const ledger = town.ledger.blocks(1).flatMap(({ transactions }) => transactions);
  const bytes = Buffer.concat(ledger.map((one) => one.bytes));
  for (const told of ["1950-02-28", "soleOrPrincipal", "2031-11-21", "older-person"]) {
    expect(bytes.includes(`"${told}"`), told).toBe(false);
  }
  expect(bytes.includes("1950-02-28")).toBe(false);
});

test("facts and decision are kept for three months after the decision, then destroyed", async () => {
  const applied = await apply();
  await town.settle();
  const { vault } = town.body("avonbridge").member;
  const dueMs = Number(londonMidnightMs(dayFromText("2027-02-22")!));
  const why = "P3M after decided";
  const dues = vault.dues(applied.case.id).map(({ name, ...due }) => [name, due]);
  expect(dues.map(([name]) => name)).toEqual(["decision", "fact/dateOfBirth", "fact/residence"]);
  for (const [, due] of dues) expect(due).toMatchObject({ dueMs, why });
  expect(town.nodes.get("councils")!.sweep(dueMs - 1)).toBe(0);
  expect(town.nodes.get("councils")!.sweep(dueMs)).toBe(3);
  expect(vault.list(applied.case.id)).not.toContain("fact/dateOfBirth");
  expect((await seeCase(town, applied)).decision).toBe(null);
});

test("a request about a case is answered to the key that opened it and to nobody else", async () => {
  const applied = await apply();
  const path = `/v1/members/avonbridge/cases/${toHex(applied.case.id)}`;
  const url = `${town.urlOf("avonbridge")}${path}`;
  const ask = async (changed: object = {}, to = url) => {
    const createdSeconds = Number(town.ledger.now() / 1000n);
    const { signer } = applied.case;
    const headers = await signRequest({
      ...{ method: "GET", url, signer, createdSeconds },
      ...changed,
    } as Parameters<typeof signRequest>[0]);
    return codeOf(await town.fetch(to, { headers }));
  };
  const wrong = "bodies/case-signature-wrong";
  expect(await ask()).toBe(null);
  expect(await codeOf(await town.fetch(url))).toBe(wrong);
  expect(await ask({ signer: await resident.wallet.caseKey() })).toBe(wrong);
  expect(await ask({ method: "POST" })).toBe(wrong);
  expect(await ask({ url: `${url}/erasure` })).toBe(wrong);
  expect(await ask({ createdSeconds: Number(town.ledger.now() / 1000n) - 301 })).toBe(wrong);
  expect(await ask({}, url.replace("avonbridge/cases", "severnside/cases"))).toBe(
    "bodies/unknown-case",
  );
  expect(await ask({}, url.slice(0, -2))).toBe("bodies/unknown-case");
});

test("the erasure of a case cannot be asked for by a stranger", async () => {
  const applied = await apply();
  const path = `/v1/members/avonbridge/cases/${toHex(applied.case.id)}/erasure`;
  const url = `${town.urlOf("avonbridge")}${path}`;
  const signer = await resident.wallet.caseKey();
  const createdSeconds = Number(town.ledger.now() / 1000n);
  const headers = await signRequest({ method: "POST", url, signer, createdSeconds });
  const answer = await town.fetch(url, { method: "POST", headers });
  expect(await codeOf(answer)).toBe("bodies/case-signature-wrong");
  expect(town.body("avonbridge").member.vault.isErased(applied.case.id)).toBe(false);
});

test("what staff looked at is shown to the applicant", async () => {
  const applied = await apply();
  await town.settle();
  const { vault } = town.body("avonbridge").member;
  const reader = { atMs: 5, who: "officer-3", why: "issue" };
  await vault.read(reader, applied.case.id, "fact/dateOfBirth");
  expect(await seeCase(town, applied)).toMatchObject({
    readings: [{ ...reader, record: "fact/dateOfBirth" }],
  });
});

test("a fact that is withheld leaves the case waiting, and says what is missing", async () => {
  resident = await makeResident(town, { dateOfBirth: "1950-02-28" });
  const spoil = (name: string, value: unknown) => (name.startsWith("residence") ? null : value);
  const made = await draft(town, resident, spoil);
  const presentations = made.presentations.slice(0, 1);
  expect(await codeOf(await sendDraft(town, { ...made, presentations }))).toBe(null);
  await town.settle();
  expect(town.messages("services/decide")).toEqual([]);
  const { view, member } = town.body("avonbridge");
  expect(view.caseOf(made.message.case)?.state).toBe("applied");
  expect(member.vault.list(made.message.case)).toContain("waiting");
});

test("the operator learns where the pass's status lies, and nothing else", async () => {
  const applied = await apply();
  await town.settle();
  const { vault } = town.body("severn-buses").member;
  const [record] = vault.list(applied.case.id);
  const text = Buffer.from((await vault.get(applied.case.id, record!))!).toString("latin1");
  expect(text).toContain("/v1/members/avonbridge/status-lists/pass");
  expect(text).not.toMatch(/1950|2031|older/);
});

test("each body acts at its own site and signs with its own key", async () => {
  await apply();
  await town.settle();
  const { ledger } = town;
  for (const { transactions } of ledger.blocks(1)) {
    const { payload, keyId } = decodeOwn(ledger, transactions[0]!.bytes);
    if (payload.sponsor !== null) continue;
    expect(payload.place).toEqual({ kind: "site", siteId: "main" });
    expect(toHex(keyId)).not.toBe(toHex(fromHex("00".repeat(32))!));
  }
});
