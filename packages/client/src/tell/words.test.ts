import { expect, test } from "vitest";
import { sayCount, sayDay, sayDuration, sayField, sayList, sayTime } from "./words.ts";

test("durations are said in civil units, and left alone when they are none", () => {
  expect(sayDuration("P1D")).toBe("1 day");
  expect(sayDuration("P28D")).toBe("28 days");
  expect(sayDuration("P1Y6M")).toBe("1 year and 6 months");
  for (const other of ["P", "PT1H", "10 working-days", "P1D "]) {
    expect(sayDuration(other)).toBe(other);
  }
});

test("times are British, days are civil, lists end in and", () => {
  expect(sayTime(Date.UTC(2026, 6, 1, 12))).toBe("1 July 2026 at 13:00:00");
  expect(sayDay(0)).toBe("1 January 1970");
  expect(sayField("bus-pass/pass.status")).toBe("pass status (bus pass)");
  expect(sayField("dateOfBirth")).toBe("date of birth");
  expect(sayList([])).toBe("");
  expect(sayList(["a", "b", "c"])).toBe("a, b and c");
  expect(sayCount(1204, "entry", "entries")).toBe("1,204 entries");
});
