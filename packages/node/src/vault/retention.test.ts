import { dayFromText, londonMidnightMs } from "@tallystick/ledger";
import { expect, test } from "vitest";
import { dueAfter } from "./retention.ts";

const noon = (day: string): bigint => londonMidnightMs(dayFromText(day)!) + 43_200_000n;
const midnight = (day: string): number => Number(londonMidnightMs(dayFromText(day)!));

test.each([
  ["P3M", "2026-11-30", "2027-03-01"],
  ["P1D", "2026-03-28", "2026-03-30"],
  ["P28D", "2026-01-01", "2026-01-30"],
])("%s after %s ends at midnight before %s", (duration, event, end) => {
  expect(dueAfter({ duration, after: "decided" }, noon(event))).toEqual({
    dueMs: midnight(end),
    why: `${duration} after decided`,
  });
});

test("what is no duration is a broken definition", () => {
  expect(() => dueAfter({ duration: "soon", after: "decided" }, 0n)).toThrow(RangeError);
});
