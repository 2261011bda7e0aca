import { equal, hashLeaf, toHex } from "@tallystick/log";
import { describe, expect, test } from "vitest";
import { nobleSha256, nodeSha256 } from "../../../../test/support/hosts.ts";
import {
  DAY_MS,
  hashOf,
  hashOfDefinition,
  idOf,
  messages,
  runningLedger,
  START_MS,
  TestLedger,
  testDefinition,
  testGenesis,
} from "../../../../test/support/ledger.ts";
import { nodeHost } from "../../../../test/support/transactions.ts";
import { decodeEffects, effectsDigest } from "../effects.ts";
import { type KnownEvent, readEvent } from "../events.ts";
import { decodeLeaf } from "../leaves.ts";
import type { Message } from "../messages.ts";
import { getMember } from "../modules/members/queries.ts";
import { getCase } from "../modules/services/queries.ts";
import { applyBlock, type BlockResult } from "./apply-block.ts";
import { openLedger } from "./ledger-state.ts";
import { replayEffects } from "./replay-effects.ts";
import { nextTimerMs } from "./timers.ts";

const accept: Message = { type: "agreements/accept", id: "none" };
const site = (siteId: string): Message => ({
  ...{ type: "members/add-site", member: "avon", siteId, name: "Site" },
  place: { kind: "uprn", uprn: 1n },
});
const leavesOf = (result: BlockResult | null) =>
  (result?.leaves ?? []).map((bytes) => {
    const decoded = decodeLeaf(bytes);
    if (!decoded.ok) throw new Error(decoded.code);
    return decoded.leaf;
  });
/** A refusal that after its time turns into a grant, which another case may forbid. */
const clashing = testDefinition({
  timers: [{ state: "refused", after: "P28D", kind: "go-to", target: "issued" }],
});
const eventsOf = (result: BlockResult | null): (KnownEvent | null)[] =>
  (result?.events ?? []).map(readEvent);

describe("a block", () => {
  test("with nothing in it is no block, and leaves everything as it was", () => {
    const ledger = runningLedger();
    const { lastHeader, leafCount } = ledger.state;
    const root = ledger.state.map.root();
    const stale = ledger.sign("avon/act", [accept], { validUntilMs: START_MS - 1n });
    expect(ledger.block([])).toBeNull();
    expect(ledger.block([stale, new Uint8Array([1])])).toBeNull();
    expect(ledger.state.lastHeader).toEqual(lastHeader);
    expect(ledger.state.leafCount).toBe(leafCount);
    expect(ledger.state.map.root()).toEqual(root);
  });

  test("gives each transaction its fate: dropped, refused, or done", () => {
    const ledger = runningLedger();
    const done = ledger.sign("avon/act", [site("annex")]);
    const refused = ledger.sign("avon/act", [accept]);
    const result = ledger.block([new Uint8Array([0xd2]), done, done, refused]);
    expect(result?.dropped).toEqual([
      { index: 0, code: "transaction/not-cose-sign1" },
      { index: 2, code: "transaction/repeated" },
    ]);
    expect(result?.records.map(({ outcome }) => outcome)).toEqual([
      { ok: true },
      { ok: false, messageIndex: 0, code: "agreements/unknown" },
    ]);
    expect(leavesOf(result).map((leaf) => leaf.kind)).toEqual([
      "transaction",
      "transaction",
      "header",
    ]);
  });

  test("chains its header to the one before and binds effects and state", () => {
    const ledger = runningLedger();
    const before = ledger.state.lastHeader;
    const firstIndex = ledger.state.leafCount;
    const result = ledger.block([ledger.sign("avon/act", [site("annex")])]) as BlockResult;
    expect(result.header).toEqual({
      kind: "header",
      number: before.number + 1n,
      timeMs: ledger.nowMs,
      previousHeaderHash: before.leafHash,
      firstIndex,
      count: 1,
      effectsDigest: effectsDigest(nodeSha256, result.effects),
      stateRoot: ledger.state.map.root(),
      proposer: "alpha",
      site: "main",
      protocolVersion: 1,
    });
    const last = hashLeaf(nodeSha256, result.leaves.at(-1) as Uint8Array);
    expect(ledger.state.lastHeader.leafHash).toEqual(last);
    expect(ledger.tree.size).toBe(ledger.state.leafCount);
    expect(result.records[0]?.leafIndex).toBe(firstIndex);
  });

  test("follows genesis with number 1", () => {
    const ledger = new TestLedger();
    const result = ledger.block([ledger.sign("avon/act", [site("annex")])]);
    expect(result?.header.number).toBe(1n);
    expect(result?.header.previousHeaderHash).toEqual(ledger.state.networkId);
  });

  test("does not go back in time", () => {
    const ledger = runningLedger();
    const input = { proposer: "alpha", site: "main", transactions: [] };
    const timeMs = ledger.state.lastHeader.timeMs;
    expect(() => applyBlock(nodeHost, ledger.state, { ...input, timeMs })).toThrow(RangeError);
    const never = 1n << 50n;
    expect(() => applyBlock(nodeHost, ledger.state, { ...input, timeMs: never })).toThrow();
  });

  test("holds a verdict on a signature that was given, and asks for none again", () => {
    const ledger = runningLedger();
    const bytes = ledger.sign("avon/act", [site("annex")]);
    const result = ledger.block([bytes], { verdicts: [false] });
    expect(result).toBeNull();
    expect(ledger.block([bytes], { verdicts: [true] })?.records).toHaveLength(1);
  });
});

describe("a transaction", () => {
  test("takes effect in all its messages or in none", () => {
    const ledger = runningLedger();
    const result = ledger.block([
      ledger.sign("avon/act", [site("one"), site("two"), site("one"), site("three")]),
      ledger.sign("avon/act", [site("two")]),
    ]);
    expect(result?.records.map(({ outcome }) => outcome)).toEqual([
      { ok: false, messageIndex: 2, code: "members/site-known" },
      { ok: true },
    ]);
    expect(result?.effects.map((bytes) => decodeEffects(bytes))).toMatchObject([
      { ok: true, effects: { writes: [], events: [] } },
      { ok: true, effects: { writes: [{ module: "members/sites" }] } },
    ]);
    expect(eventsOf(result)).toEqual([
      { kind: "members/site-added", member: "avon", siteId: "two" },
    ]);
  });

  test("that was refused is spent all the same", () => {
    const ledger = runningLedger();
    const bytes = ledger.sign("avon/act", [accept]);
    expect(ledger.send(bytes)).toBe("agreements/unknown");
    expect(ledger.send(bytes)).toBe("transaction/repeated");
  });

  test("signed again with other signature bytes is the same transaction", () => {
    const ledger = runningLedger();
    const bytes = ledger.sign("person:ann", [accept]);
    ledger.send(bytes);
    const again = bytes.slice();
    again[again.length - 1] = (again.at(-1) ?? 0) ^ 1;
    expect(ledger.send(again)).toBe("transaction/repeated");
  });

  test("is remembered until its valid-until has passed, and expired from then on", () => {
    const ledger = runningLedger();
    const bytes = ledger.sign("avon/act", [accept], { validUntilMs: ledger.nowMs + 5_000n });
    const { size } = ledger.state.liveIds;
    ledger.send(bytes);
    expect(ledger.state.liveIds.size).toBe(size + 1);
    ledger.wait(4_000n);
    expect(ledger.send(bytes)).toBe("transaction/repeated");
    ledger.wait(2_000n);
    expect(ledger.send(bytes)).toBe("transaction/expired");
    ledger.wait(600_000n);
    expect(ledger.state.liveIds.size).toBe(0);
  });

  test.each([
    [0n, "agreements/unknown"],
    [-1n, "transaction/expired"],
    [600_000n, "agreements/unknown"],
    [600_001n, "transaction/valid-too-long"],
  ])("whose valid-until lies %i ms from block time comes to %s", (ms, fate) => {
    const ledger = runningLedger();
    const validUntilMs = ledger.nowMs + 1n + ms;
    expect(ledger.submit("avon/act", accept, { validUntilMs })).toBe(fate);
  });

  test("of staff may say when it was done", () => {
    const ledger = runningLedger();
    ledger.must("person:ann", messages.open());
    const actedAtMs = ledger.nowMs - 3_600_000n;
    expect(ledger.submit("olwen", messages.act("ask"), { actedAtMs })).toBe("ok");
  });

  test("of a registered key need not give the key", () => {
    const ledger = runningLedger();
    expect(ledger.submit("avon/act", site("annex"), { withKey: false })).toBe("ok");
  });

  test("of a removed key is dropped", () => {
    const ledger = runningLedger();
    ledger.must("person:ann", messages.open());
    const keyId = ledger.signer("olwen").keyId;
    ledger.must("avon/act", { type: "members/remove-staff-key", member: "avon", keyId });
    const fate = ledger.submit("olwen", messages.act("ask"), { withKey: false });
    expect(fate).toBe("transaction/key-unknown");
  });

  test("counts against its sponsor's quota in its own block alone", () => {
    const ledger = new TestLedger(testGenesis({ sponsorQuotaPerBlock: 1n }));
    const people = ["ann", "ben"].map((name) => ledger.sign(`person:${name}`, [accept]));
    const other = ledger.sign("person:cat", [accept], { sponsor: "severn" });
    expect(ledger.block([...people, other])?.dropped).toEqual([
      { index: 1, code: "transaction/sponsor-quota" },
    ]);
    expect(ledger.send(people[1] as Uint8Array)).toBe("agreements/unknown");
  });
});

describe("timers", () => {
  const waiting = () => runningLedger().must("person:ann", messages.open());
  const nextDay = (ledger: TestLedger, days: bigint) => ledger.wait(days * DAY_MS);

  test("fall due at the London midnight after their last day, and not before", () => {
    const ledger = waiting();
    const due = BigInt(Date.UTC(2026, 11, 5));
    expect(nextTimerMs(ledger.state.map)).toBe(due);
    ledger.nowMs = due - 2n;
    expect(ledger.block([])).toBeNull();
    const result = ledger.block([]);
    expect(eventsOf(result)).toEqual([
      { kind: "services/alarm", case: idOf("case"), state: "applied", role: "officer" },
    ]);
    expect(leavesOf(result)).toMatchObject([
      { kind: "timer", index: 0, outcome: { ok: true } },
      { kind: "header", count: 1 },
    ]);
    expect(nextTimerMs(ledger.state.map)).toBeNull();
    expect(nextDay(ledger, 10n)).toBeNull();
  });

  test("of a state are cancelled when the case leaves it", () => {
    const ledger = waiting().must("avon/act", messages.decide("grant"));
    expect(nextTimerMs(ledger.state.map)).toBeNull();
  });

  test("move a case by themselves, or take an action", () => {
    const refused = waiting().must("avon/act", messages.decide("refuse"));
    expect(eventsOf(nextDay(refused, 29n))).toEqual([
      { kind: "services/case-moved", case: idOf("case"), from: "refused", state: "ended" },
    ]);
    const asked = waiting().must("olwen", messages.act("ask"));
    nextDay(asked, 29n);
    const found = getCase(asked.state.map, idOf("case"));
    expect(found?.state).toBe("ended");
    expect(found?.done.at(-1)).toMatchObject({ action: "stop", keyId: null });
  });

  test("that another one due at once made pointless do not fire", () => {
    const target = "ended";
    const both = testDefinition({
      timers: [
        { state: "applied", after: "P1D", kind: "go-to", target },
        { state: "applied", after: "P1D", kind: "go-to", target },
      ],
    });
    const ledger = runningLedger(both);
    ledger.must("person:ann", messages.open({ definition: hashOfDefinition(both) }));
    expect(leavesOf(nextDay(ledger, 3n)).map(({ kind }) => kind)).toEqual(["timer", "header"]);
    expect(nextTimerMs(ledger.state.map)).toBeNull();
  });

  test("begin anew when the case comes back", () => {
    const ledger = waiting().must("olwen", messages.act("ask"));
    nextDay(ledger, 3n);
    ledger.must("person:ann", messages.act("answer", { commitment: hashOf("more") }));
    expect(nextTimerMs(ledger.state.map)).toBe(BigInt(Date.UTC(2026, 11, 8)));
  });

  test("come before the transactions of their block", () => {
    const ledger = waiting().must("avon/act", messages.decide("refuse"));
    ledger.nowMs += 29n * DAY_MS;
    const result = ledger.block([ledger.sign("person:ann", [messages.act("review")])]);
    expect(leavesOf(result).map(({ kind }) => kind)).toEqual(["timer", "transaction", "header"]);
    expect(result?.records[0]?.outcome).toMatchObject({ code: "services/wrong-state" });
  });

  test("fire a bounded number at a time, by time and then by id, none lost", () => {
    const ledger = runningLedger(undefined, testGenesis({ maxTimersPerBlock: 2n }));
    for (let at = 0; at < 5; at += 1) {
      const tags = [{ name: "applicant", tag: hashOf(`subject ${at}`) }];
      ledger.must("person:ann", messages.open({ case: idOf(`case ${at}`), tags }));
    }
    const ids: string[] = [];
    const counts = [15n, 0n, 0n, 0n].map((days) => {
      const result = nextDay(ledger, days);
      for (const leaf of leavesOf(result)) {
        if (leaf.kind === "timer") ids.push(toHex(leaf.timerId));
      }
      return result?.header.count ?? 0;
    });
    expect(counts).toEqual([2, 2, 1, 0]);
    expect(new Set(ids).size).toBe(5);
    expect(ids).toEqual([...ids].sort());
  });

  test("that come to nothing are over and leave their refusal", () => {
    const ledger = runningLedger(clashing);
    const definition = hashOfDefinition(clashing);
    ledger.must("person:ann", messages.open({ definition }));
    ledger.must("avon/act", messages.decide("refuse", { ruleHash: definition }));
    ledger.must("person:ben", messages.open({ definition, case: idOf("another") }));
    const result = nextDay(ledger, 29n);
    expect(leavesOf(result)).toContainEqual(
      expect.objectContaining({
        kind: "timer",
        outcome: { ok: false, messageIndex: 0, code: "services/already-open" },
      }),
    );
    expect(getCase(ledger.state.map, idOf("case"))?.state).toBe("refused");
    expect(nextDay(ledger, 1n)).toBeNull();
  });
});

describe("the same blocks", () => {
  const busy = (): TestLedger => {
    const ledger = runningLedger();
    ledger.must("person:ann", messages.open()).submit("avon/act", accept);
    ledger.must("avon/act", [messages.decide("refuse"), messages.disclose(ledger.nowMs)]);
    ledger.wait(2n * DAY_MS);
    ledger.must("person:ann", messages.act("review"));
    ledger.wait(40n * DAY_MS);
    return ledger;
  };

  test("give the same leaves, effects and roots, on another hasher too", () => {
    const first = busy();
    const host = { ...nodeHost, sha256: nobleSha256 };
    const state = openLedger(host, first.genesisBytes);
    for (const [at, input] of first.inputs.entries()) {
      const again = applyBlock(host, state, input);
      expect(again?.leaves).toEqual(first.results[at]?.leaves);
      expect(again?.effects).toEqual(first.results[at]?.effects);
    }
    expect(state.map.root()).toEqual(first.state.map.root());
    expect(state.lastHeader).toEqual(first.state.lastHeader);
  });

  test("replayed from their effects give the same state, and go on alike", () => {
    const first = busy();
    const last = first.sign("severn/act", [{ ...site("annex"), member: "severn" } as Message]);
    expect(first.send(last)).toBe("ok");
    const state = openLedger(nodeHost, first.genesisBytes);
    for (const { leaves, effects, records, events } of first.results) {
      const transactions = records.map(({ bytes }) => bytes);
      const replayed = replayEffects(nodeHost, state, { leaves, effects, transactions });
      expect(replayed).toMatchObject({ ok: true, events });
    }
    expect(state.map.root()).toEqual(first.state.map.root());
    expect(state.leafCount).toBe(first.state.leafCount);
    expect(state.liveIds.size).toBe(first.state.liveIds.size);
    const next = { timeMs: first.nowMs + 1n, proposer: "alpha", site: "main" };
    const fresh = first.sign("avon/act", [site("annex")]);
    const transactions = [last, fresh];
    const one = applyBlock(nodeHost, first.state, { ...next, transactions });
    const two = applyBlock(nodeHost, state, { ...next, transactions });
    expect(two).toEqual(one);
    expect(two?.dropped).toEqual([{ index: 0, code: "transaction/repeated" }]);
  });
});

test("genesis seeds members, operators and parameters, and refuses what is none", () => {
  const { state, genesisBytes } = new TestLedger();
  expect(getMember(state.map, "avon")).toMatchObject({ operatorId: "alpha" });
  expect(state.leafCount).toBe(1);
  expect(equal(state.lastHeader.leafHash, state.networkId)).toBe(true);
  expect(() => openLedger(nodeHost, genesisBytes.slice(1))).toThrow(RangeError);
});
