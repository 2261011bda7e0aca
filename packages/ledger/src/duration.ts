import { addWorkingDays, MAX_WORKING_DAYS } from "./bank-holidays.ts";
import { addMonths, type Day } from "./civil.ts";

/** A length of civil time: `P1Y6M`, `P28D`, `P2W` or `10 working-days`. spec/civil.md. */
export type Duration =
  | { readonly kind: "calendar"; readonly months: number; readonly days: number }
  | { readonly kind: "working-days"; readonly days: number };

/** 200 years: longer than anything a public body keeps a clock running for. */
const MAX_CALENDAR_DAYS = 73_050;
const MAX_MONTHS = 2_400;
const WORKING_DAYS_SUFFIX = " working-days";
const MAX_DIGITS = 5;

/** Months and days of each unit, in the order in which ISO 8601 has them. */
const UNITS: readonly {
  readonly letter: string;
  readonly months: number;
  readonly days: number;
}[] = [
  { letter: "Y", months: 12, days: 0 },
  { letter: "M", months: 1, days: 0 },
  { letter: "W", months: 0, days: 7 },
  { letter: "D", months: 0, days: 1 },
];

/** The duration in a text, or null when it is none or longer than 200 years. */
export const parseDuration = (text: string): Duration | null => {
  if (text.endsWith(WORKING_DAYS_SUFFIX)) {
    const days = wholeNumber(text.slice(0, -WORKING_DAYS_SUFFIX.length));
    return days === null || days > MAX_WORKING_DAYS ? null : { kind: "working-days", days };
  }
  return text.startsWith("P") ? parseCalendar(text.slice(1)) : null;
};

const parseCalendar = (text: string): Duration | null => {
  let rest = text;
  let months = 0;
  let days = 0;
  for (const unit of UNITS) {
    const end = rest.indexOf(unit.letter);
    if (end < 0) continue;
    const count = wholeNumber(rest.slice(0, end));
    if (count === null) return null;
    months += count * unit.months;
    days += count * unit.days;
    rest = rest.slice(end + 1);
  }
  const isWhole = rest === "" && text !== "";
  if (!isWhole || months > MAX_MONTHS || days > MAX_CALENDAR_DAYS) return null;
  return { kind: "calendar", months, days };
};

const wholeNumber = (text: string): number | null => {
  if (text.length < 1 || text.length > MAX_DIGITS) return null;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
};

/** The last day of a duration that begins with a day: months first, clamped, then days. */
export const addDuration = (day: Day, duration: Duration): Day =>
  duration.kind === "working-days"
    ? addWorkingDays(day, duration.days)
    : addMonths(day, duration.months) + duration.days;
