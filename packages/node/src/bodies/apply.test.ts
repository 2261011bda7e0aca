import { toBase64Url } from "@tallystick/log";
import { afterEach, beforeEach, expect, test } from "vitest";
import { codeOf, type Draft, draft, openingsOf, type Spoiled, sendDraft } from "./testing/draft.ts";
import { makeResident, type Resident } from "./testing/resident.ts";
import { Town } from "./testing/town.ts";

let town: Town;
let resident: Resident;
let made: Draft;
beforeEach(async () => {
  town = Town.found();
  resident = await makeResident(town, { dateOfBirth: "1950-02-28" }, 3);
  made = await draft(town, resident);
});
afterEach(() => town.close());

/** Neither the ledger nor the vault has anything of the draft's case. */
const expectNothingKept = ({ message }: Draft) => {
  const { member, view, tasks } = town.body("avonbridge");
  expect(view.caseOf(message.case)).toBe(null);
  expect(member.vault.list(message.case)).toEqual([]);
  expect(tasks.size).toBe(0);
};

const expectRefused = async (spoiled: Spoiled, code: string, from: Draft = made) => {
  expect(await codeOf(await sendDraft(town, from, spoiled))).toBe(code);
  expectNothingKept(from);
};

test("a sound application is taken", async () => {
  expect(await codeOf(await sendDraft(town, made))).toBe(null);
  expect(town.body("avonbridge").view.caseOf(made.message.case)?.state).toBe("applied");
});

const other = new Uint8Array(32).fill(1);
const row = (code: string, what: string, spoiled: (from: Draft) => Spoiled) =>
  [code, what, spoiled] as const;

test.each([
  row("bodies/malformed-request", "no nonce", () => ({ body: { nonce: 7 } })),
  row("bodies/malformed-request", "a salt that is none", () => ({
    body: { openings: [{ name: "dateOfBirth", salt: "AA", value: "1950-02-28" }] },
  })),
  row("transaction/not-cose-sign1", "bytes that are no transaction", () => ({
    body: { transaction: toBase64Url(other) },
  })),
  row("bodies/signature-wrong", "no key to check it with", () => ({ includeKey: false })),
  row("bodies/not-an-application", "another body's case", () => ({
    message: { authority: "severnside" },
  })),
  row("bodies/not-an-application", "another definition", () => ({
    message: { definition: other },
  })),
  row("bodies/not-an-application", "another action", () => ({ message: { action: "decide" } })),
  row("bodies/not-an-application", "a second message", (from) => ({
    payload: { messages: [from.message, from.message] },
  })),
  row("bodies/not-our-sponsorship", "another sponsor", () => ({
    payload: { sponsor: "severnside" },
  })),
  row("bodies/fields-differ", "a field left out", (from) => ({
    body: { openings: openingsOf(town, from).slice(1) },
  })),
  row("bodies/fields-differ", "fields in another order", (from) => ({
    body: { openings: openingsOf(town, from).toReversed() },
  })),
  row("bodies/commitment-differs", "another commitment", () => ({
    message: { commitment: other },
  })),
  row("bodies/nonce-unknown", "a nonce that was never given", () => ({ body: { nonce: "AAAA" } })),
  row("credentials/nothing-presented", "no presentation", () => ({ body: { presentations: [] } })),
  row("credentials/token-malformed", "a presentation that is none", () => ({
    body: { presentations: ["x"] },
  })),
  row("bodies/tag-differs", "another tag", () => ({
    message: { tags: [{ name: "applicant", tag: other }] },
  })),
  row("bodies/tag-differs", "no tag", () => ({ message: { tags: [] } })),
  row("bodies/fact-not-asked", "a fact twice", (from) => ({
    body: { presentations: [...from.presentations, from.presentations[0]] },
  })),
  row("bodies/fact-not-proven", "a fact with no proof", (from) => ({
    body: { presentations: from.presentations.slice(0, 1) },
  })),
])("%s: %s", async (code, _, spoiled) => {
  await expectRefused(spoiled(made), code);
});

test("bodies/fact-differs: another value than the credential's", async () => {
  const spoil = (name: string, value: unknown) => (name === "dateOfBirth" ? "1940-01-01" : value);
  await expectRefused({}, "bodies/fact-differs", await draft(town, resident, spoil));
});

test("bodies/signature-wrong: signed by another key than the one in the header", async () => {
  const { signer } = made;
  const stranger = await resident.wallet.caseKey();
  const from = { ...made, signer: { ...signer, sign: stranger.sign } };
  await expectRefused({}, "bodies/signature-wrong", from);
});

test("bodies/nonce-unknown: a nonce serves once, and not after its time", async () => {
  expect(await codeOf(await sendDraft(town, made))).toBe(null);
  const again = { ...(await draft(town, resident)), request: made.request };
  await expectRefused({}, "bodies/nonce-unknown", again);
  const late = await draft(town, resident);
  town.ledger.clockMs += 700_000n;
  await expectRefused({}, "bodies/nonce-unknown", late);
});

test("credentials/different-holders: facts of two persons are refused together", async () => {
  const stranger = await makeResident(town, { dateOfBirth: "1980-01-01" });
  const theirs = await draft(town, stranger);
  const { nonce } = made.request;
  const request = { ...theirs.request, nonce };
  const nowSeconds = Number(town.ledger.now() / 1000n);
  const shown = await stranger.wallet.present({ request, nowSeconds });
  if (!shown.ok) throw new Error(shown.code);
  const presentations = [made.presentations[0], shown.presentations[1]];
  await expectRefused({ body: { presentations } }, "credentials/different-holders");
});

test("credentials/audience-wrong: a presentation made for another body", async () => {
  const request = { ...made.request, audience: "elsewhere" };
  const nowSeconds = Number(town.ledger.now() / 1000n);
  const shown = await resident.wallet.present({ request, nowSeconds });
  if (!shown.ok) throw new Error(shown.code);
  const { presentations } = shown;
  await expectRefused({ body: { presentations } }, "credentials/audience-wrong");
});

test("credentials/issuer-not-trusted: an issuer whose accreditation was withdrawn", async () => {
  const vct = "tallystick:council/residence";
  town.ledger.act("registrar", [{ type: "credentials/withdraw", vct, issuer: "avonbridge" }]);
  await expectRefused({}, "credentials/issuer-not-trusted");
});

test("credentials/revoked: a fact that its issuer took back", async () => {
  const url = `${town.urlOf("registrar")}/v1/members/registrar/credentials/date-of-birth/revocations`;
  const person = resident.people.get("registrar");
  const answer = await town.fetch(url, { method: "POST", body: JSON.stringify({ person }) });
  expect(await answer.json()).toEqual({ revoked: 3, version: 2 });
  await expectRefused({}, "credentials/revoked");
});

test("credentials/status-unknown: a list that is not the one on the ledger counts for nothing", async () => {
  const [entry] = made.presentations;
  expect(entry).toBeDefined();
  const uri = `${town.urlOf("registrar")}/v1/members/registrar/status-lists/date-of-birth`;
  const list = new Uint8Array(32);
  const message = { type: "credentials/status-list", issuer: "registrar", uri, list } as const;
  town.ledger.act("registrar", [{ ...message, version: 2n }]);
  await expectRefused({}, "credentials/status-unknown");
});

test("a refusal by the ledger leaves nothing either", async () => {
  expect(await codeOf(await sendDraft(town, made))).toBe(null);
  const second = await draft(town, resident);
  const answer = await sendDraft(town, second);
  expect(answer.status).toBe(409);
  expect(await codeOf(answer)).toBe("services/already-open");
  const { member, view } = town.body("avonbridge");
  expect(view.caseOf(second.message.case)).toBe(null);
  expect(member.vault.list(second.message.case)).toEqual([]);
});

test("a case id that is taken touches nothing of the case that has it", async () => {
  expect(await codeOf(await sendDraft(town, made))).toBe(null);
  const { vault } = town.body("avonbridge").member;
  const kept = vault.list(made.message.case);
  const second = await draft(town, resident);
  const spoiled = { message: { case: made.message.case } };
  // The openings do not fit the other case: salted for one case, they open no other.
  expect(await codeOf(await sendDraft(town, second, spoiled))).toBe("bodies/commitment-differs");
  expect(vault.list(made.message.case)).toEqual(kept);
});

test("an application that never came to stand is destroyed in time", async () => {
  town.ledger.refuseNext.push("node/orderer-unreachable");
  const answer = await sendDraft(town, made);
  expect(answer.status).toBe(503);
  const { vault } = town.body("avonbridge").member;
  expect(vault.list(made.message.case)).not.toEqual([]);
  vault.sweep(Number(town.ledger.now()) + 7_200_000);
  expect(vault.list(made.message.case)).toEqual([]);
});

test("a member that this node does not host, and a service that nobody adopted, are not here", async () => {
  const url = (member: string, service: string) =>
    `${town.urlOf("avonbridge")}/v1/members/${member}/services/${service}/request`;
  expect(await codeOf(await town.fetch(url("severn-buses", "bus-pass")))).toBe(
    "bodies/unknown-member",
  );
  expect(await codeOf(await town.fetch(url("severnside", "bus-pass")))).toBe(
    "bodies/service-not-offered",
  );
  expect(await codeOf(await town.fetch(url("avonbridge", "parking")))).toBe(
    "bodies/service-not-offered",
  );
});

test("no refusal repeats a value that was sent", async () => {
  const spoil = (name: string, value: unknown) => (name === "dateOfBirth" ? "1940-01-01" : value);
  const answer = await sendDraft(town, await draft(town, resident, spoil));
  expect(await answer.text()).not.toMatch(/1940|1950/);
});
