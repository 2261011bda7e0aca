import type { VNode } from "preact";

const LONDON = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** A moment as people in the United Kingdom read it, for instance `21 November 2026 at 05:13:03`. */
export const sayTime = (timeMs: number): string => LONDON.format(timeMs).replace(", ", " at ");

export const Time = ({ ms }: { readonly ms: number }): VNode => (
  <time dateTime={new Date(ms).toISOString()}>{sayTime(ms)}</time>
);

/** A civil day given as YYYY-MM-DD. */
export const Day = ({ day }: { readonly day: string }): VNode => (
  <time dateTime={day}>
    {new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(
      Date.parse(`${day}T00:00:00Z`),
    )}
  </time>
);
