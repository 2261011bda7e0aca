import { expect, test } from "vitest";
import { DAY_MS, messages, START_DAY, TestLedger } from "../../../../../test/support/ledger.ts";
import { londonMidnightMs } from "../../civil.ts";
import {
  EMERGENCY_MS,
  getAgreement,
  isLive,
  lastDayOf,
  listAgreements,
  servesCase,
} from "./queries.ts";

const published = (terms: object): TestLedger =>
  new TestLedger().must("avon/act", messages.hotlist(terms));
const isLiveAt = (ledger: TestLedger, ms: bigint): boolean => {
  const agreement = getAgreement(ledger.state.map, "hotlist");
  if (agreement === null) throw new Error("no agreement");
  return isLive(agreement, ms);
};

test("an agreement is live when all its parties have agreed, and a statute at once", () => {
  const both = { recipients: ["buses", "severn"] };
  const ledger = published(both);
  expect(isLiveAt(ledger, ledger.nowMs)).toBe(false);
  ledger.must("buses/act", { type: "agreements/accept", id: "hotlist" });
  expect(isLiveAt(ledger, ledger.nowMs)).toBe(false);
  ledger.must("severn/act", { type: "agreements/accept", id: "hotlist" });
  expect(isLiveAt(ledger, ledger.nowMs)).toBe(true);
  const statute = published({ ...both, gateway: "statute" });
  expect(isLiveAt(statute, statute.nowMs)).toBe(true);
  const processor = published({ ...both, gateway: "processor" });
  expect(isLiveAt(processor, processor.nowMs)).toBe(false);
});

test("an emergency holds for 72 hours, and on if it is countersigned", () => {
  const ledger = published({ gateway: "emergency" });
  const until = ledger.nowMs + EMERGENCY_MS;
  expect([isLiveAt(ledger, until - 1n), isLiveAt(ledger, until)]).toEqual([true, false]);
  ledger.must("buses/act", { type: "agreements/accept", id: "hotlist" });
  expect(isLiveAt(ledger, until)).toBe(true);
});

test("it holds from the first moment of its first day to the last of its last, in London", () => {
  const startDay = 20_576; // 3 May 2026: summer time
  const endDay = 20_820; // 2 January 2027: winter time
  const ledger = published({ gateway: "statute", startDay, endDay });
  const begins = londonMidnightMs(startDay);
  const ends = londonMidnightMs(endDay + 1);
  expect([begins - 1n, begins, ends - 1n, ends].map((ms) => isLiveAt(ledger, ms))).toEqual([
    ...[false, true, true, false],
  ]);
});

test("any party may end it, sooner but not later", () => {
  const ledger = published({ gateway: "statute", endDay: START_DAY + 20 });
  ledger.must("buses/act", { type: "agreements/end", id: "hotlist", endDay: START_DAY + 10 });
  ledger.must("avon/act", { type: "agreements/end", id: "hotlist", endDay: START_DAY + 5 });
  const [agreement] = [...listAgreements(ledger.state.map)];
  if (agreement === undefined) throw new Error("no agreement");
  expect(agreement.id).toBe("hotlist");
  expect(lastDayOf(agreement)).toBe(START_DAY + 5);
});

test("an open case is finished or stopped, as the terms say", () => {
  for (const [onEnd, serves] of [
    ["finish-open-cases", true],
    ["stop", false],
  ] as const) {
    const ledger = published({ gateway: "statute", endDay: START_DAY, onEnd });
    const agreement = getAgreement(ledger.state.map, "hotlist");
    if (agreement === null) throw new Error("no agreement");
    const later = ledger.nowMs + 3n * DAY_MS;
    expect(servesCase(agreement, ledger.nowMs, later)).toBe(serves);
    expect(servesCase(agreement, later, later)).toBe(false);
  }
});
