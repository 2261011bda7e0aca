import { type Day, dateOf, dayFromText, dayOf, weekday } from "./civil.ts";

/** Bank holidays of England and Wales: the standing rules, and the exceptions proclaimed so far. */

/** The years whose exceptions are in the table; other years follow the standing rules alone. */
export const FIRST_BANK_HOLIDAY_YEAR: number = 2020;
export const LAST_BANK_HOLIDAY_YEAR: number = 2035;

const MONDAY = 0;
const SATURDAY = 5;
const SUNDAY = 6;

/** A holiday taken away or added for one year by proclamation. */
const REMOVED: readonly string[] = ["2020-05-04", "2022-05-30"];
const ADDED: readonly string[] = [
  "2020-05-08", // Early May, moved for the 75th anniversary of VE Day
  "2022-06-02", // Spring, moved for the Platinum Jubilee
  "2022-06-03", // Platinum Jubilee
  "2022-09-19", // State funeral of Queen Elizabeth II
  "2023-05-08", // Coronation of King Charles III
];

/** Easter Sunday by the Gregorian computus: Meeus, Astronomical Algorithms, chapter 8. */
export const easterSunday = (year: number): Day => {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const leapCenturies = Math.floor(century / 4);
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - leapCenturies - moonCorrection + 15) % 30;
  const inCentury = year % 100;
  const toSunday =
    (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const count = epact + toSunday - 7 * late + 114;
  return dayOf({ year, month: Math.floor(count / 31), dayOfMonth: (count % 31) + 1 });
};

const firstMonday = (year: number, month: number): Day => {
  const first = dayOf({ year, month, dayOfMonth: 1 });
  return first + ((7 - weekday(first)) % 7);
};

const lastMonday = (year: number, month: number): Day => {
  const last = dayOf({ year, month, dayOfMonth: 31 });
  return last - ((weekday(last) - MONDAY + 7) % 7);
};

const mondayIfWeekend = (day: Day): Day => {
  if (weekday(day) === SATURDAY) return day + 2;
  return weekday(day) === SUNDAY ? day + 1 : day;
};

/** Christmas and Boxing Day, or the two weekdays that stand for them. */
const christmas = (year: number): readonly Day[] => {
  const day = dayOf({ year, month: 12, dayOfMonth: 25 });
  if (weekday(day) === SATURDAY) return [day + 2, day + 3];
  if (weekday(day) === SUNDAY) return [day + 1, day + 2];
  return [day, mondayIfWeekend(day + 1)];
};

const compute = (year: number): ReadonlySet<Day> => {
  const easter = easterSunday(year);
  const days = new Set<Day>([
    mondayIfWeekend(dayOf({ year, month: 1, dayOfMonth: 1 })),
    easter - 2,
    easter + 1,
    firstMonday(year, 5),
    lastMonday(year, 5),
    lastMonday(year, 8),
    ...christmas(year),
  ]);
  for (const text of REMOVED) days.delete(dayFromText(text) as Day);
  for (const text of ADDED) {
    const day = dayFromText(text) as Day;
    if (dateOf(day).year === year) days.add(day);
  }
  return days;
};

const computed: Map<number, ReadonlySet<Day>> = new Map();

/** The bank holidays of a year in England and Wales, in order. */
export const bankHolidays = (year: number): readonly Day[] =>
  [...holidaysOf(year)].sort((a, b) => a - b);

const holidaysOf = (year: number): ReadonlySet<Day> => {
  let days = computed.get(year);
  if (days === undefined) {
    days = compute(year);
    computed.set(year, days);
  }
  return days;
};

/** True on Monday to Friday outside the bank holidays of England and Wales. */
export const isWorkingDay = (day: Day): boolean =>
  weekday(day) < SATURDAY && !holidaysOf(dateOf(day).year).has(day);

/** The most working days that can be added at once. */
export const MAX_WORKING_DAYS: number = 2_600;

/** The last of so many working days after a day, that day itself not counted. */
export const addWorkingDays = (day: Day, count: number): Day => {
  if (!(count >= 0 && count <= MAX_WORKING_DAYS)) throw new RangeError("too many working days");
  let at = day;
  for (let left = count; left > 0; ) {
    at += 1;
    if (isWorkingDay(at)) left -= 1;
  }
  return at;
};
