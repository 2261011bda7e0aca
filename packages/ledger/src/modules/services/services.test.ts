import { describe, expect, test } from "vitest";
import {
  DAY_MS,
  hashOf,
  hashOfDefinition,
  idOf,
  messages,
  runningLedger,
  START_DAY,
  START_MS,
  TestLedger,
  testDefinition,
  testGenesis,
} from "../../../../../test/support/ledger.ts";
import { ed25519Signer, p256Signer } from "../../../../../test/support/transactions.ts";
import { nextTimerMs } from "../../apply/timers.ts";
import { encodeDefinition } from "../../definition.ts";
import { type KnownEvent, readEvent } from "../../events.ts";
import type { Message } from "../../messages.ts";
import {
  adoptedFor,
  getAct,
  getAdoption,
  getCase,
  getDefinition,
  getDisclosure,
  getDraw,
  getPublication,
  listActs,
  listCases,
  listDisclosures,
  listDraws,
  listPublications,
} from "./queries.ts";
import { authorityRole } from "./roles.ts";

const ann = "person:ann";
const id = idOf("case");
const opened = (ledger = runningLedger()): TestLedger => ledger.must(ann, messages.open());
const caseOf = (ledger: TestLedger) => getCase(ledger.state.map, id);
const lastEvents = (ledger: TestLedger): (KnownEvent | null)[] =>
  (ledger.results.at(-1)?.events ?? []).map(readEvent);

describe("a definition", () => {
  const second = testDefinition({}, "2");
  const hash = hashOfDefinition(second);
  const publish: Message = { type: "services/publish", definition: encodeDefinition(second) };
  const vote: Message = { type: "services/vote", definition: hash };

  test("is published by enough votes, the publisher's first, and may have more", () => {
    const ledger = runningLedger().must("avon/act", publish);
    expect(getPublication(ledger.state.map, hash)).toMatchObject({
      ...{ service: "pass", version: "2", publisher: "avon" },
      ...{ votes: ["avon"], publishedAtMs: null },
    });
    ledger.must("severn/act", vote);
    const publishedAtMs = ledger.nowMs;
    expect(lastEvents(ledger).map((event) => event?.kind)).toEqual([
      "services/definition-voted",
      "services/definition-published",
    ]);
    ledger.must("buses/act", vote);
    expect(getPublication(ledger.state.map, hash)).toMatchObject({
      ...{ votes: ["avon", "severn", "buses"], publishedAtMs },
    });
    expect(lastEvents(ledger)).toHaveLength(1);
    expect(getDefinition(ledger.state.map, hash)).toEqual(second);
    expect([...listPublications(ledger.state.map)]).toHaveLength(2);
  });

  test("is published at once where one vote is enough", () => {
    const ledger = new TestLedger(testGenesis({ publicationVotes: 1n }));
    ledger.must("avon/act", publish);
    expect(getPublication(ledger.state.map, hash)?.publishedAtMs).toBe(ledger.nowMs);
  });

  test("gives way to a newer one from its first day, and open cases keep theirs", () => {
    const ledger = opened();
    ledger.must("avon/act", publish).must("severn/act", vote);
    ledger.must("avon/act", messages.adopt(second, { inForceFromDay: START_DAY + 1 }));
    const on = (day: number) =>
      adoptedFor(ledger.state.map, "avon", { service: "pass", day })?.definition;
    expect(on(START_DAY - 2)).toBeUndefined();
    expect(on(START_DAY)).toEqual(hashOfDefinition(testDefinition()));
    expect(on(START_DAY + 1)).toEqual(hash);
    ledger.wait(DAY_MS);
    const fresh = { case: idOf("new"), tags: [{ name: "applicant", tag: hashOf("ben") }] };
    expect(ledger.submit("person:ben", messages.open(fresh))).toBe("services/superseded");
    ledger.must("person:ben", messages.open({ ...fresh, definition: hash }));
    ledger.must("avon/act", messages.decide("grant"));
    expect(ledger.submit("avon/act", messages.decide("grant", { case: idOf("new") }))).toBe(
      "services/wrong-rule",
    );
  });

  test("adopted twice for one day counts as adopted last", () => {
    const ledger = runningLedger().must("avon/act", publish).must("severn/act", vote);
    ledger.must("avon/act", messages.adopt(second));
    const found = adoptedFor(ledger.state.map, "avon", { service: "pass", day: START_DAY });
    expect(found?.definition).toEqual(hash);
    expect(getAdoption(ledger.state.map, "avon", hash)?.minute).toBe("Cabinet, item 7");
  });

  test("is decided by the member role that decides, whatever stands first", () => {
    expect(authorityRole(testDefinition())?.name).toBe("authority");
    const { actions } = testDefinition().process;
    const plain = actions.filter((action) => typeof action.to === "string");
    expect(authorityRole(testDefinition({ actions: plain }))?.name).toBe("operator");
  });
});

describe("a case", () => {
  test("binds the applicant's key, runs its course and notes who did what", () => {
    const ledger = opened();
    expect(lastEvents(ledger)).toEqual([
      {
        kind: "services/case-opened",
        ...{ case: id, definition: hashOfDefinition(testDefinition()), authority: "avon" },
        ...{ action: "apply", state: "applied" },
      },
    ]);
    ledger.must("olwen", messages.act("ask"));
    ledger.must(ann, messages.act("answer", { commitment: hashOf("more") }));
    expect(caseOf(ledger)).toMatchObject({ state: "applied", commitment: hashOf("more") });
    ledger.must("avon/act", messages.decide("refuse"));
    ledger.wait(28n * DAY_MS);
    ledger.must(ann, messages.act("review"));
    ledger.must("rhian", messages.decide("grant", { action: "settle" }));
    expect(caseOf(ledger)).toMatchObject({
      ...{ state: "issued", outcome: "grant", authority: "avon" },
      bound: [{ role: "applicant", keyId: p256Signer(ann).keyId }],
    });
    expect(caseOf(ledger)?.done.map(({ action }) => action)).toEqual([
      ...["apply", "ask", "answer", "decide", "review", "settle"],
    ]);
    expect([...listCases(ledger.state.map)]).toHaveLength(1);
    expect([...listActs(ledger.state.map)]).toHaveLength(2);
  });

  test.each([
    [-1n, "ok"],
    [0n, "services/too-late"],
  ])("may be reviewed until the last of 28 days is over: %i ms from there is %s", (ms, fate) => {
    const definition = testDefinition({ timers: [] });
    const hash = hashOfDefinition(definition);
    const ledger = runningLedger(definition).must(ann, messages.open({ definition: hash }));
    ledger.must("avon/act", messages.decide("refuse", { ruleHash: hash }));
    ledger.nowMs = BigInt(Date.UTC(2026, 11, 19)) + ms - 1n;
    expect(ledger.submit(ann, messages.act("review"))).toBe(fate);
  });

  test("may be opened by staff for a resident, wherever they sit", () => {
    const ledger = runningLedger().must("owen", messages.open());
    expect(caseOf(ledger)).toMatchObject({ state: "applied", bound: [] });
    expect(ledger.submit(ann, messages.act("stop"))).toBe("services/wrong-role");
    expect(ledger.submit("owen", messages.act("stop"))).toBe("ok");
  });

  test("frees its subject when it ends, and holds it while it stands", () => {
    const ledger = opened();
    const again = messages.open({ case: idOf("again") });
    const elsewhere = messages.open({ case: idOf("else"), authority: "severn" });
    expect(ledger.submit("person:ann2", again)).toBe("services/already-open");
    const adopt = messages.adopt(testDefinition(), { member: "severn", areas: ["E06000025"] });
    ledger.must("severn/act", adopt);
    const place = { kind: "area", code: "E06000025" } as const;
    expect(ledger.submit("person:ann2", elsewhere, { place, sponsor: "severn" })).toBe("ok");
    ledger.must(ann, messages.act("stop"));
    expect(ledger.submit("person:ann3", again)).toBe("ok");
  });

  test("keeps the evidence of its decision, with its place in the log", () => {
    const ledger = opened();
    const before = ledger.tree.size;
    ledger.must("avon/act", messages.decide("grant"));
    expect(getAct(ledger.state.map, ledger.lastId)).toMatchObject({
      ...{ case: id, decider: "avon", action: "decide", outcome: "grant" },
      ...{ commitment: hashOf("decision"), leafIndex: BigInt(before) },
      tables: [{ name: "pension-age", version: "2014" }],
    });
  });

  test("is decided by staff as the body only when registered under the body's role", () => {
    const ledger = opened();
    const clerk: Message = {
      ...{ type: "members/add-staff-key", member: "avon", key: ed25519Signer("clerk").key },
      ...{ role: "authority", pseudonym: "clerk" },
    };
    ledger.must("avon/act", clerk);
    expect(ledger.submit("rhian", messages.decide("grant"))).toBe("services/wrong-role");
    expect(ledger.submit("clerk", messages.decide("grant"))).toBe("ok");
  });

  test("notes each body that destroyed its key to it", () => {
    const erase = (holder: string): Message => ({ type: "services/erase", case: id, holder });
    const ledger = opened().must("avon/act", erase("avon")).must("buses/act", erase("buses"));
    expect(caseOf(ledger)?.erasedBy).toEqual(["avon", "buses"]);
  });

  test("is helped by staff of the sponsor", () => {
    const capacity = { kind: "assisted", staffKeyId: ed25519Signer("olwen").keyId } as const;
    expect(runningLedger().submit(ann, messages.open(), { capacity })).toBe("ok");
  });
});

describe("a disclosure", () => {
  const acknowledge = (disclosureId: Uint8Array): Message => ({
    ...{ type: "services/acknowledge", case: id, disclosureId, messageIndex: 1n },
  });
  const decided = (ledger: TestLedger): Uint8Array =>
    ledger.must("avon/act", [messages.decide("grant"), messages.disclose(ledger.nowMs)]).lastId;

  test("stands open until its recipient acknowledges it", () => {
    const ledger = opened();
    const disclosureId = decided(ledger);
    expect(getDisclosure(ledger.state.map, disclosureId, 1)).toMatchObject({
      ...{ case: id, disclosure: "hotlist", from: "avon", recipient: "buses" },
      ...{ agreement: "hotlist", acknowledgedAtMs: null, overdue: false },
    });
    ledger.must("buses/act", acknowledge(disclosureId));
    const found = getDisclosure(ledger.state.map, disclosureId, 1);
    expect(found?.acknowledgedAtMs).toBe(ledger.nowMs);
    expect(nextTimerMs(ledger.state.map)).toBeNull();
    expect([...listDisclosures(ledger.state.map)]).toMatchObject([{ messageIndex: 1 }]);
  });

  test("raises an alarm when it is not acknowledged in time, and may be all the same", () => {
    const ledger = opened();
    const disclosureId = decided(ledger);
    ledger.wait(DAY_MS);
    expect(lastEvents(ledger)).toEqual([
      {
        kind: "services/acknowledgement-overdue",
        ...{ case: id, from: "avon", recipient: "buses", disclosureId, messageIndex: 1n },
      },
    ]);
    ledger.must("buses/act", acknowledge(disclosureId));
    expect(getDisclosure(ledger.state.map, disclosureId, 1)).toMatchObject({ overdue: true });
  });

  test.each([
    [0n, "ok"],
    [1n, "services/bad-acknowledge-by"],
  ])("is to be acknowledged by the end of two working days: %i ms later is %s", (ms, fate) => {
    const acknowledgeByMs = BigInt(Date.UTC(2026, 10, 25)) + ms;
    const message = messages.disclose(START_MS, { acknowledgeByMs });
    expect(opened().submit("avon/act", message)).toBe(fate);
  });

  test("to the applicant needs no gateway, and the applicant acknowledges it", () => {
    const ledger = opened();
    const notice = { disclosure: "notice", recipient: "applicant", agreement: null };
    ledger.must("avon/act", messages.disclose(ledger.nowMs, notice));
    const received: Message = { ...acknowledge(ledger.lastId), messageIndex: 0n } as Message;
    expect(ledger.submit("person:ben", received)).toBe("services/not-the-recipient");
    expect(ledger.submit(ann, received)).toBe("ok");
  });

  test("goes through an agreement of its own for each body, named under the gateway", () => {
    const ledger = opened();
    const named = { ...messages.hotlist(), id: "hotlist/avon" } as Message;
    const agreement = "hotlist/avon";
    ledger.must("avon/act", named).must("buses/act", { type: "agreements/accept", id: agreement });
    expect(ledger.submit("avon/act", messages.disclose(ledger.nowMs, { agreement }))).toBe("ok");
  });

  test("may finish an open case after its agreement ended, where the terms say so", () => {
    const ledger = opened();
    ledger.must("buses/act", { type: "agreements/end", id: "hotlist", endDay: START_DAY });
    ledger.wait(2n * DAY_MS);
    expect(ledger.submit("avon/act", messages.disclose(ledger.nowMs))).toBe("ok");
  });
});

describe("a draw", () => {
  const decided = (): { ledger: TestLedger; act: Uint8Array } => {
    const ledger = opened().must("avon/act", messages.decide("grant"));
    return { ledger, act: ledger.lastId };
  };
  const draw = (ledger: TestLedger, act: Uint8Array, member = "auditor"): Message => ({
    ...{ type: "services/draw", act, checkpoint: ledger.checkpoint([member]) },
    cosigner: `${member}/executor`,
  });
  const open = (act: Uint8Array): Message => ({
    ...{ type: "services/open-to-auditor", act, auditor: "auditor", envelope: hashOf("e") },
  });
  const finding = (act: Uint8Array, agrees: boolean): Message => ({
    ...{ type: "services/finding", act, agrees, findings: hashOf("f") },
  });

  test.each([
    [true, "agreed"],
    [false, "disagreed"],
  ])("is opened in time, and the finding %s stands as %s", (agrees, status) => {
    const { ledger, act } = decided();
    ledger.must("buses/act", draw(ledger, act, "buses"));
    expect(getDraw(ledger.state.map, act)).toMatchObject({ drawnBy: "buses", status: "drawn" });
    ledger.must("avon/act", open(act)).must("auditor/act", finding(act, agrees));
    expect(getDraw(ledger.state.map, act)).toMatchObject({ status, late: false });
    expect(ledger.wait(30n * DAY_MS)).toBeNull();
    expect([...listDraws(ledger.state.map)]).toMatchObject([{ act }]);
  });

  test("shows as unopened after ten working days, and as late for ever", () => {
    const { ledger, act } = decided();
    ledger.must("auditor/act", draw(ledger, act));
    const openByMs = BigInt(Date.UTC(2026, 11, 5));
    expect(getDraw(ledger.state.map, act)?.openByMs).toBe(openByMs);
    ledger.nowMs = openByMs - 1n;
    ledger.block([]);
    expect(lastEvents(ledger)).toEqual([{ kind: "services/unopened", act, decider: "avon" }]);
    expect(getDraw(ledger.state.map, act)).toMatchObject({ status: "unopened", late: true });
    ledger.must("avon/act", open(act));
    expect(getDraw(ledger.state.map, act)).toMatchObject({ status: "opened", late: true });
  });

  test("falls on about one act in so many", () => {
    const ledger = runningLedger(testDefinition(), testGenesis({ drawOneIn: 4n }));
    let drawn = 0;
    for (let at = 0; at < 60; at += 1) {
      const tags = [{ name: "applicant", tag: hashOf(`subject ${at}`) }];
      const one = { case: idOf(`case ${at}`) };
      ledger
        .must(ann, messages.open({ ...one, tags }))
        .must("avon/act", messages.decide("grant", one));
      const fate = ledger.submit("auditor/act", draw(ledger, ledger.lastId));
      expect(["ok", "services/not-drawn"]).toContain(fate);
      if (fate === "ok") drawn += 1;
    }
    // One in four of 60, by fixed keys: the same at every run.
    expect(drawn).toBeGreaterThan(5);
    expect(drawn).toBeLessThan(26);
  });
});
