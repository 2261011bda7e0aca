const DAY_MS = 86_400_000;

const LONDON_TIME = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

const CIVIL_DAY = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "long",
  year: "numeric",
});

/** Milliseconds since 1970 as people in the United Kingdom read them: 4 May 2026 at 09:00:00. */
export const sayTime = (timeMs: number | bigint): string =>
  LONDON_TIME.format(Number(timeMs)).replace(", ", " at ");

/** Days since 1970-01-01 as a date: 4 May 2026. */
export const sayDay = (day: number | bigint): string => CIVIL_DAY.format(Number(day) * DAY_MS);

/** An identifier as words: `travel-concession-authority` is "travel concession authority". */
export const sayName = (name: string): string => name.replaceAll("-", " ");

/**
 * A fact or field as definitions and agreements name it: `dateOfBirth` is "date of birth", and
 * `bus-pass/pass.status` is "pass status (bus pass)".
 */
export const sayField = (reference: string): string => {
  const [first = "", field] = reference.split("/");
  return field === undefined ? sayParts(first) : `${sayParts(field)} (${sayName(first)})`;
};

const sayParts = (name: string): string =>
  sayName(name)
    .replaceAll(".", " ")
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Names in a row: "a, b and c". */
export const sayList = (items: readonly string[]): string =>
  items.length < 2
    ? items.join("")
    : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;

/** A count with its noun: "1 operator", "3 operators". */
export const sayCount = (count: number, one: string, many: string): string =>
  `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;

const UNITS: readonly (readonly [string, string, string])[] = [
  ["Y", "year", "years"],
  ["M", "month", "months"],
  ["W", "week", "weeks"],
  ["D", "day", "days"],
];

/** An ISO 8601 duration in civil units: `P1Y6M` is "1 year and 6 months". Others stay. */
export const sayDuration = (duration: string): string => {
  if (!/^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/.test(duration)) return duration;
  const parts = UNITS.flatMap(([letter, one, many]) => {
    const count = duration.match(`(\\d+)${letter}`)?.[1];
    return count === undefined ? [] : [sayCount(Number(count), one, many)];
  });
  return sayList(parts);
};
