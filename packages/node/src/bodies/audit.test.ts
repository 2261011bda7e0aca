import { decide } from "@tallystick/definitions";
import { fromHex, toHex } from "@tallystick/log";
import { afterEach, expect, test } from "vitest";
import { decodeContents, type OpeningContents } from "../delivery/contents.ts";
import { auditDecision } from "./audit-decision.ts";
import type { DecideFunction } from "./body.ts";
import { applyForPass, makeResident, seeCase } from "./testing/resident.ts";
import { Town, type TownOptions } from "./testing/town.ts";

let town: Town;
afterEach(() => town.close());

/** A decided case: the act, and the opening as the auditor keeps it. */
async function decided(options: TownOptions = {}, dateOfBirth = "1950-02-28") {
  town = Town.found(options);
  const applied = await applyForPass(town, await makeResident(town, { dateOfBirth }));
  if (!applied.ok) throw new Error(applied.code);
  await town.settle();
  const { decision } = await seeCase(town, applied);
  const act = fromHex(decision!.transaction)!;
  const caseId = applied.case.id;
  const auditor = town.body("public-auditor");
  const bytes = await auditor.member.vault.get(caseId, `opening/${toHex(act)}`);
  const contents = decodeContents(bytes!) as OpeningContents;
  const audit = (changed: Partial<OpeningContents> = {}) =>
    auditDecision(auditor, { caseId, decision: act }, { ...contents, ...changed });
  return { act, caseId, contents, audit, decision };
}

/** Grants everybody, whatever the rule says. */
const generous: DecideFunction = (compiled, input) => ({
  ...decide(compiled, input),
  outcome: "granted",
  reason: null,
  gives: { passUntil: "2031-11-21" },
});

test("an honest decision is agreed with, and the evidence kept for its time", async () => {
  const { audit, caseId, act } = await decided();
  expect(await audit()).toEqual([]);
  const { vault } = town.body("public-auditor").member;
  const [due] = vault.dues(caseId);
  expect(due).toMatchObject({ name: `opening/${toHex(act)}`, why: "P3M after received" });
  expect(town.messages("services/draw")).toMatchObject([{ cosigner: "public-auditor/executor" }]);
});

test("an honest refusal is agreed with too", async () => {
  const { audit, decision } = await decided({}, "1990-02-28");
  expect(decision).toMatchObject({ outcome: "refused", reason: "too-young" });
  expect(await audit()).toEqual([]);
});

test("a false grant goes through, is drawn, and is found", async () => {
  const { audit, decision } = await decided({ decide: generous }, "1990-02-28");
  expect(decision).toMatchObject({ outcome: "granted" });
  expect(town.messages("services/finding")).toMatchObject([{ agrees: false }]);
  expect(await audit()).toEqual(["audit/outcome-differs", "audit/decision-fields-differ"]);
});

test("a true working hidden behind another table is found", async () => {
  const elsewhere: DecideFunction = (compiled, input) => ({
    ...decide(compiled, input),
    tables: [{ name: "pension-age", version: "1995" }],
  });
  const { audit } = await decided({ decide: elsewhere });
  expect(await audit()).toEqual(["audit/tables-differ", "audit/decision-fields-differ"]);
});

const salted = (fields: OpeningContents["facts"], name: string, value: string | null) =>
  fields.map((field) => (field.name === name ? { ...field, value } : field));

test("an opening that is not of this act is found", async () => {
  const { audit, act } = await decided();
  expect(await audit({ act: new Uint8Array(32) })).toEqual(["audit/opening-differs"]);
  expect(await audit({ opened: act })).toEqual(["audit/opening-differs"]);
  expect(await audit({ opened: new Uint8Array(32) })).toEqual(["audit/opening-differs"]);
});

test("a fact other than the one applied with is found", async () => {
  const { audit, contents } = await decided();
  const facts = salted(contents.facts, "dateOfBirth", "1949-01-01");
  expect(await audit({ facts })).toEqual([
    "audit/facts-commitment-differs",
    "audit/fact-not-proven",
    "audit/decision-fields-differ",
  ]);
});

test("another decision than the one committed to is found", async () => {
  const { audit, contents } = await decided();
  const decision = salted(contents.decision, "reason", "too-young");
  expect(await audit({ decision })).toEqual([
    "audit/decision-commitment-differs",
    "audit/decision-fields-differ",
  ]);
  expect(await audit({ decision: [] })).toEqual([
    "audit/decision-commitment-differs",
    "audit/decision-fields-differ",
  ]);
});

test("a credential left out of the opening is found", async () => {
  const { audit, contents } = await decided();
  expect(await audit({ presentations: contents.presentations.slice(0, 1) })).toEqual([
    "audit/fact-not-proven",
    "audit/decision-fields-differ",
  ]);
});

test("presentations made for another body or request are found", async () => {
  const { audit } = await decided();
  expect(await audit({ audience: "elsewhere" })).toEqual(["audit/presentation-refused"]);
  expect(await audit({ nonce: "another" })).toEqual(["audit/presentation-refused"]);
});

test("what was destroyed on time cannot be opened any more", async () => {
  town = Town.found();
  const { ledger } = town;
  const { cosigned } = ledger;
  ledger.cosigned = () => ({ note: "", size: 0 });
  await applyForPass(town, await makeResident(town, { dateOfBirth: "1990-02-28" }));
  await town.settle();
  ledger.clockMs += 100n * 86_400_000n;
  expect(town.nodes.get("councils")!.sweep(Number(ledger.now()))).toBe(3);
  ledger.cosigned = cosigned;
  await town.settle();
  expect(town.messages("services/draw")).toHaveLength(1);
  expect(town.messages("services/open-to-auditor")).toEqual([]);
  expect(town.nodes.get("councils")!.health()[0]).toMatchObject({ waiting: 0, faults: [] });
});

test("a decision is not drawn before the auditor has cosigned it", async () => {
  town = Town.found();
  const { ledger } = town;
  const { cosigned } = ledger;
  ledger.cosigned = () => ({ note: "", size: 0 });
  await applyForPass(town, await makeResident(town, { dateOfBirth: "1950-02-28" }));
  await town.settle();
  expect(town.messages("services/draw")).toEqual([]);
  expect(town.body("public-auditor").tasks.faults()).toEqual([
    { kind: "draw", code: "node/not-cosigned" },
  ]);
  ledger.cosigned = cosigned;
  ledger.clockMs += 60_000n;
  await town.settle();
  expect(town.messages("services/finding")).toMatchObject([{ agrees: true }]);
});
