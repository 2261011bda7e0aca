import { sayDay, sayTime } from "@tallystick/client";
import type { VNode } from "preact";

const DAY_MS = 86_400_000;

/** A moment as people in the United Kingdom read it: `21 November 2026 at 05:13:03`. */
export const Time = ({ ms }: { readonly ms: number }): VNode => (
  <time dateTime={new Date(ms).toISOString()}>{sayTime(ms)}</time>
);

/** A civil day given as YYYY-MM-DD. */
export const Day = ({ day }: { readonly day: string }): VNode => (
  <time dateTime={day}>{sayDay(Date.parse(`${day}T00:00:00Z`) / DAY_MS)}</time>
);
