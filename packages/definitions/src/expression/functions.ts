import { addMonths, attains, dayFromText } from "@tallystick/ledger";
import type { ValueType } from "../service.ts";

/** Days since 1970-01-01 of 1800-01-01 and 2199-12-31: the dates that a person may give. */
export const EARLIEST_DAY: number = -62_091;
export const LATEST_DAY: number = 84_005;

/** Of 1700-01-01 and 2399-12-31: the dates that a rule may arrive at. */
const FIRST_DAY = -98_615;
const LAST_DAY = 157_053;

const DATE: ValueType = { kind: "date" };
const WHOLE: ValueType = { kind: "whole-number" };
const TEXT: ValueType = { kind: "text" };

/** A function of the language. Dates travel as days since 1970-01-01; null means out of range. */
export interface LanguageFunction {
  readonly name: string;
  readonly takes: readonly ValueType[];
  readonly gives: ValueType;
  readonly run: (values: readonly (bigint | string)[]) => bigint | null;
}

const whole = (value: bigint | string | undefined): number =>
  typeof value === "bigint" && value >= -1_000_000n && value <= 1_000_000n ? Number(value) : 1e9;

const dated =
  (compute: (day: number) => number) =>
  (day: number): bigint | null => {
    if (day < FIRST_DAY || day > LAST_DAY) return null;
    const result = compute(day);
    return result >= FIRST_DAY && result <= LAST_DAY ? BigInt(result) : null;
  };

/** The most months or years that a rule may add. */
const MAX_MONTHS = 6_000;

const within = (count: number, most: number): boolean => count >= -most && count <= most;

/** The functions beside CEL's own operators; nothing else may be called. */
export const FUNCTIONS: readonly LanguageFunction[] = [
  {
    name: "date",
    takes: [TEXT],
    gives: DATE,
    run: ([text]) => {
      const day = typeof text === "string" ? dayFromText(text) : null;
      return day === null ? null : dated((same) => same)(day);
    },
  },
  {
    name: "attains",
    takes: [DATE, WHOLE, WHOLE],
    gives: DATE,
    run: ([born, years, months]) => {
      const [y, m] = [whole(years), whole(months)];
      if (!within(y, MAX_MONTHS / 12) || !within(m, MAX_MONTHS) || y < 0 || m < 0) return null;
      return dated((day) => attains(day, y, m))(whole(born));
    },
  },
  {
    name: "addMonths",
    takes: [DATE, WHOLE],
    gives: DATE,
    run: ([day, months]) => {
      const count = whole(months);
      return within(count, MAX_MONTHS) ? dated((from) => addMonths(from, count))(whole(day)) : null;
    },
  },
  {
    name: "addDays",
    takes: [DATE, WHOLE],
    gives: DATE,
    run: ([day, days]) => dated((from) => from + whole(days))(whole(day)),
  },
  {
    name: "daysBetween",
    takes: [DATE, DATE],
    gives: WHOLE,
    run: ([from, to]) => BigInt(whole(to) - whole(from)),
  },
];
