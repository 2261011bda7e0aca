import { type Day, londonDay } from "../../civil.ts";
import type { StateReader } from "../../state/state-map.ts";
import { namesKey } from "../../table.ts";
import { type Agreement, agreements } from "./state.ts";

/** An emergency flow must be countersigned within this time of its publication. */
export const EMERGENCY_MS: bigint = 259_200_000n; // 72 hours

/** An agreement by its id, or null. */
export const getAgreement = (state: StateReader, id: string): Agreement | null =>
  agreements.get(state, namesKey(id));

/** Every agreement with its id, in order of id. */
export function* listAgreements(state: StateReader): Iterable<Agreement & { readonly id: string }> {
  for (const [key, agreement] of agreements.under(state, new Uint8Array())) {
    yield { id: String.fromCharCode(...key.subarray(0, -1)), ...agreement };
  }
}

/** Controllers and recipients, each once. */
export const partiesOf = ({ terms }: Agreement): readonly string[] => [
  ...new Set([...terms.controllers, ...terms.recipients]),
];

/** The last day on which the agreement holds, or null for no end. */
export const lastDayOf = ({ terms, endedDay }: Agreement): Day | null => {
  if (endedDay === null || terms.endDay === null) return endedDay ?? terms.endDay;
  return Math.min(endedDay, terms.endDay);
};

/** True when its gateway no longer waits for anybody's signature. */
const isAgreed = (agreement: Agreement, nowMs: bigint): boolean => {
  const { gateway } = agreement.terms;
  if (gateway === "statute") return true;
  if (gateway === "emergency" && nowMs < agreement.publishedAtMs + EMERGENCY_MS) return true;
  return partiesOf(agreement).every((party) => agreement.accepted.includes(party));
};

const holdsOn = (agreement: Agreement, day: Day): boolean => {
  const last = lastDayOf(agreement);
  return day >= agreement.terms.startDay && (last === null || day <= last);
};

/** True when something may flow under the agreement at this moment. */
export const isLive = (agreement: Agreement, nowMs: bigint): boolean =>
  isAgreed(agreement, nowMs) && holdsOn(agreement, londonDay(nowMs));

/**
 * True when a case opened at `openedAtMs` may still use the agreement: it is live, or it has ended
 * since and its terms let open cases finish.
 */
export const servesCase = (agreement: Agreement, openedAtMs: bigint, nowMs: bigint): boolean =>
  isLive(agreement, nowMs) ||
  (agreement.terms.onEnd === "finish-open-cases" &&
    isAgreed(agreement, nowMs) &&
    holdsOn(agreement, londonDay(openedAtMs)));

/** True when the agreement lets this body disclose every one of these to that recipient. */
export const covers = (
  { terms }: Agreement,
  flow: { readonly from: string; readonly to: string; readonly what: readonly string[] },
): boolean =>
  terms.controllers.includes(flow.from) &&
  terms.recipients.includes(flow.to) &&
  flow.what.every((field) => terms.disclosed.includes(field));
