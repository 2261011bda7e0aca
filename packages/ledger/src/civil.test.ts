import { expect, test } from "vitest";
import { addWorkingDays, bankHolidays, isWorkingDay } from "./bank-holidays.ts";
import {
  addMonths,
  attains,
  dateOf,
  dayFromText,
  dayOf,
  dayToText,
  isInLondonTable,
  londonDay,
  londonMidnightMs,
  weekday,
} from "./civil.ts";
import { addDuration, parseDuration } from "./duration.ts";

const day = (text: string): number => {
  const found = dayFromText(text);
  if (found === null) throw new Error(text);
  return found;
};

test("days and dates agree with Date on every day from 1850 to 2150", () => {
  const first = Date.UTC(1850, 0, 1) / 86_400_000;
  const last = Date.UTC(2150, 0, 1) / 86_400_000;
  for (let at = first; at <= last; at += 1) {
    const date = new Date(at * 86_400_000);
    const text = date.toISOString().slice(0, 10);
    expect(dayToText(at)).toBe(text);
    expect(dayFromText(text)).toBe(at);
    expect((weekday(at) + 1) % 7).toBe(date.getUTCDay());
    expect(dayOf(dateOf(at))).toBe(at);
  }
});

test.each([
  "1956-02-30",
  "1900-02-29",
  "2026-13-01",
  "2026-00-10",
  "2026-01-00",
  "2026-1-01",
  "0000-01-01",
  "2026-01-01 ",
  "२०२६-01-01",
  "20260101",
  "",
])("%j is no date", (text) => {
  expect(dayFromText(text)).toBeNull();
});

test.each([
  ["2024-01-31", 1, "2024-02-29"],
  ["2023-01-31", 1, "2023-02-28"],
  ["2026-11-30", 3, "2027-02-28"],
  ["2026-03-31", -1, "2026-02-28"],
  ["2026-01-15", -13, "2024-12-15"],
  ["2026-08-04", 60, "2031-08-04"],
])("%s and %i months is %s", (from, months, to) => {
  expect(dayToText(addMonths(day(from), months))).toBe(to);
});

test.each([
  ["1956-02-29", 66, 0, "2022-03-01"],
  ["1956-02-29", 64, 0, "2020-02-29"],
  ["1960-07-31", 66, 4, "2026-11-30"],
  ["1960-12-31", 66, 9, "2027-09-30"],
  ["1961-01-31", 66, 10, "2027-11-30"],
  ["1960-04-06", 66, 1, "2026-05-06"],
])("born %s, %i years and %i months are attained on %s", (born, years, months, on) => {
  expect(dayToText(attains(day(born), years, months))).toBe(on);
});

test("London's day agrees with the time zone database around every change of the clocks", () => {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" });
  for (let year = 1972; year <= 2037; year += 1) {
    for (let month = 0; month < 12; month += 1) {
      for (let date = 1; date <= 31; date += 1) {
        for (const hour of [0, 22.99, 23.01]) {
          const ms = Date.UTC(year, month, date) + Math.round(hour * 3_600_000);
          expect(dayToText(londonDay(BigInt(ms)))).toBe(format.format(ms));
        }
      }
    }
  }
});

test("a London day begins at its midnight, winter and summer", () => {
  expect(londonMidnightMs(day("2026-01-15"))).toBe(BigInt(Date.UTC(2026, 0, 15)));
  expect(londonMidnightMs(day("2026-07-15"))).toBe(BigInt(Date.UTC(2026, 6, 14, 23)));
  for (let at = day("1972-01-02"); at < day("2100-12-31"); at += 1) {
    const begins = londonMidnightMs(at);
    expect(londonDay(begins)).toBe(at);
    expect(londonDay(begins - 1n)).toBe(at - 1);
  }
});

test("outside its table London's day is refused, never guessed", () => {
  const before = BigInt(Date.UTC(1971, 11, 31, 23, 59));
  const after = BigInt(Date.UTC(2101, 0, 1));
  expect(() => londonDay(before)).toThrow(RangeError);
  expect(() => londonDay(after)).toThrow(RangeError);
  expect([before, after].map(isInLondonTable)).toEqual([false, false]);
  expect([before + 60_000n, after - 1n].map(isInLondonTable)).toEqual([true, true]);
});

/** As published on gov.uk/bank-holidays for England and Wales, 2020 to 2027. */
const published: readonly (readonly [number, string])[] = [
  [2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"],
  [2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"],
  [2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"],
  [2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"],
  [2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"],
  [2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"],
  [2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"],
  [2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"],
];

test.each(published)("the bank holidays of %i", (year, days) => {
  expect(bankHolidays(year).map((at) => dayToText(at).slice(5))).toEqual(days.split(" "));
});

test.each([
  [2028, "04-14"],
  [2029, "03-30"],
  [2030, "04-19"],
  [2031, "04-11"],
  [2032, "03-26"],
  [2033, "04-15"],
  [2034, "04-07"],
  [2035, "03-23"],
])("Good Friday of %i is on %s", (year, date) => {
  expect(bankHolidays(year)).toContain(day(`${year}-${date}`));
});

test("working days pass over weekends and bank holidays", () => {
  expect(dayToText(addWorkingDays(day("2026-12-24"), 1))).toBe("2026-12-29");
  expect(dayToText(addWorkingDays(day("2026-04-02"), 2))).toBe("2026-04-08");
  expect(dayToText(addWorkingDays(day("2026-11-20"), 10))).toBe("2026-12-04");
  expect(dayToText(addWorkingDays(day("2026-11-21"), 0))).toBe("2026-11-21");
  expect(isWorkingDay(day("2026-11-21"))).toBe(false);
});

test.each([
  ["P28D", "2026-12-19"],
  ["P3M", "2027-02-21"],
  ["P1Y", "2027-11-21"],
  ["P2W", "2026-12-05"],
  ["P1Y2M3D", "2028-01-24"],
  ["10 working-days", "2026-12-04"],
])("%s from 2026-11-21 ends on %s", (text, to) => {
  const duration = parseDuration(text);
  expect(duration === null ? null : dayToText(addDuration(day("2026-11-21"), duration))).toBe(to);
});

test.each([
  "P",
  "",
  "28D",
  "PD",
  "P1D2M",
  "P-1D",
  "P1.5D",
  "PT1H",
  "P1D1D",
  "P999999D",
  "P99999D",
  "10 days",
  " working-days",
  "9999 working-days",
])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeNull();
});
