import { addDuration, londonDay, londonMidnightMs, parseDuration } from "@tallystick/ledger";
import type { RetentionDue } from "./vault.ts";

/** How long something is kept after which event, for instance P3M after `decided`. */
export interface KeepRule {
  /** ISO 8601, days, weeks, months or years. */
  readonly duration: string;
  readonly after: string;
}

/**
 * When a record must be destroyed if its event came at that moment: at the midnight, in London,
 * that ends the last day of keeping. Throws RangeError for a duration that no compiler lets
 * through.
 */
export function dueAfter(keep: KeepRule, eventMs: bigint): RetentionDue {
  const duration = parseDuration(keep.duration);
  if (duration === null) throw new RangeError(`${keep.duration} is no duration`);
  const lastDay = addDuration(londonDay(eventMs), duration);
  const dueMs = Number(londonMidnightMs(lastDay + 1));
  return { dueMs, why: `${keep.duration} after ${keep.after}` };
}
