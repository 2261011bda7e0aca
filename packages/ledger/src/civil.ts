/** Civil dates and London time, computed in integers from rules dated here. spec/civil.md. */

/** A civil day: days since 1970-01-01, for instance 20544 for 2026-04-01. */
export type Day = number;

/** Year, month 1 to 12 and day of the month 1 to 31. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

export const MS_PER_DAY: bigint = 86_400_000n;
/** The years for which `londonDay` knows the clock's changes. */
export const FIRST_LONDON_YEAR: number = 1972;
export const LAST_LONDON_YEAR: number = 2100;

/** Days of a non-leap year before each month, from January. */
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** 1970-01-01 counted from 0001-01-01. */
const EPOCH_FROM_YEAR_ONE = 719_162;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const monthLength = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);

const daysBeforeYear = (year: number): number => {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
};

/** The day of a date that exists. */
export const dayOf = ({ year, month, dayOfMonth }: CivilDate): Day => {
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  const inYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + leapDay + dayOfMonth - 1;
  return daysBeforeYear(year) + inYear - EPOCH_FROM_YEAR_ONE;
};

/** The date of a day. */
export const dateOf = (day: Day): CivilDate => {
  const count = day + EPOCH_FROM_YEAR_ONE;
  let year = Math.floor(count / 366) + 1;
  while (daysBeforeYear(year + 1) <= count) year += 1;
  let rest = count - daysBeforeYear(year);
  let month = 1;
  while (rest >= monthLength(year, month)) {
    rest -= monthLength(year, month);
    month += 1;
  }
  return { year, month, dayOfMonth: rest + 1 };
};

const digitsAt = (text: string, from: number, to: number): number | null => {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return null;
    value = value * 10 + digit;
  }
  return value;
};

/** The day of an ISO 8601 date such as `1956-02-29`, or null when there is no such day. */
export const dayFromText = (text: string): Day | null => {
  if (text.length !== 10 || text[4] !== "-" || text[7] !== "-") return null;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 7);
  const dayOfMonth = digitsAt(text, 8, 10);
  if (year === null || month === null || dayOfMonth === null) return null;
  if (year < 1 || month < 1 || month > 12) return null;
  if (dayOfMonth < 1 || dayOfMonth > monthLength(year, month)) return null;
  return dayOf({ year, month, dayOfMonth });
};

/** The day as an ISO 8601 date. Throws RangeError outside the years 1 to 9999. */
export const dayToText = (day: Day): string => {
  const { year, month, dayOfMonth } = dateOf(day);
  if (year < 1 || year > 9_999) throw new RangeError("the year does not have four digits");
  const two = (value: number): string => `${value}`.padStart(2, "0");
  return `${`${year}`.padStart(4, "0")}-${two(month)}-${two(dayOfMonth)}`;
};

/** 0 for Monday to 6 for Sunday. */
export const weekday = (day: Day): number => (((day + 3) % 7) + 7) % 7;

/** The same day so many months on, or the last of that month where it has no such day. */
export const addMonths = (day: Day, months: number): Day => {
  const { year, month, dayOfMonth } = dateOf(day);
  const count = year * 12 + month - 1 + months;
  const target = { year: Math.floor(count / 12), month: (((count % 12) + 12) % 12) + 1 };
  const last = monthLength(target.year, target.month);
  return dayOf({ ...target, dayOfMonth: Math.min(dayOfMonth, last) });
};

/**
 * The day on which somebody born on `birthDay` attains an age of years and months. Where that
 * month has no such day it is the last of the month, as the Pensions Act 2014 s.26(3) has it for
 * 31 July 1960 (66 years and 4 months: 30 November 2026); born on 29 February, it is 1 March.
 */
export const attains = (birthDay: Day, years: number, months: number): Day => {
  const { month, dayOfMonth } = dateOf(birthDay);
  const clamped = addMonths(birthDay, years * 12 + months);
  const isMoved = dateOf(clamped).dayOfMonth !== dayOfMonth;
  return isMoved && month === 2 && dayOfMonth === 29 ? clamped + 1 : clamped;
};

/** The first Sunday on or after a day. */
const sundayFrom = (day: Day): Day => day + 6 - weekday(day);

/** When summer time begins in March and ends in October, and at which hour UTC. */
interface SummerRule {
  readonly lastYear: number;
  readonly marchFrom: number;
  readonly octoberFrom: number;
  readonly hourUtc: bigint;
}

/**
 * The first Sunday on or after these days of March and October, by the orders under the Summer
 * Time Act 1972; 25 is the last Sunday of the month.
 */
const SUMMER_RULES: readonly SummerRule[] = [
  { lastYear: 1980, marchFrom: 16, octoberFrom: 23, hourUtc: 2n },
  { lastYear: 1989, marchFrom: 25, octoberFrom: 23, hourUtc: 1n },
  { lastYear: 1995, marchFrom: 25, octoberFrom: 22, hourUtc: 1n },
  { lastYear: LAST_LONDON_YEAR, marchFrom: 25, octoberFrom: 25, hourUtc: 1n },
];

const MS_PER_HOUR = 3_600_000n;

const floorDivide = (value: bigint, by: bigint): bigint =>
  value >= 0n ? value / by : -((by - 1n - value) / by);

/** Milliseconds by which London's clocks are ahead of UTC at a moment. */
const londonOffsetMs = (ms: bigint): bigint => {
  const { year } = dateOf(Number(floorDivide(ms, MS_PER_DAY)));
  if (year < FIRST_LONDON_YEAR) throw new RangeError("before the summer time table begins");
  const rule = SUMMER_RULES.find(({ lastYear }) => year <= lastYear);
  if (rule === undefined) throw new RangeError("after the summer time table ends");
  const change = (month: number, dayOfMonth: number): bigint =>
    BigInt(sundayFrom(dayOf({ year, month, dayOfMonth }))) * MS_PER_DAY +
    rule.hourUtc * MS_PER_HOUR;
  const isSummer = ms >= change(3, rule.marchFrom) && ms < change(10, rule.octoberFrom);
  return isSummer ? MS_PER_HOUR : 0n;
};

/**
 * The civil day in London at a moment, in milliseconds since 1970. Throws RangeError outside
 * FIRST_LONDON_YEAR to LAST_LONDON_YEAR.
 */
export const londonDay = (ms: bigint): Day =>
  Number(floorDivide(ms + londonOffsetMs(ms), MS_PER_DAY));

/** The moment at which a civil day begins in London. The clocks never change at midnight. */
export const londonMidnightMs = (day: Day): bigint => {
  const utc = BigInt(day) * MS_PER_DAY;
  return utc - londonOffsetMs(utc);
};

/** True for a moment whose London day can be told. */
export const isInLondonTable = (ms: bigint): boolean => {
  const first = BigInt(dayOf({ year: FIRST_LONDON_YEAR, month: 1, dayOfMonth: 1 })) * MS_PER_DAY;
  const after = BigInt(dayOf({ year: LAST_LONDON_YEAR + 1, month: 1, dayOfMonth: 1 })) * MS_PER_DAY;
  return ms >= first && ms < after;
};
