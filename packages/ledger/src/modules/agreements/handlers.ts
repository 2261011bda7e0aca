import type { AgreementTerms } from "../../agreement-terms.ts";
import type { Handler, Handlers } from "../../apply/step.ts";
import { parseDuration } from "../../duration.ts";
import type { RefusalCode } from "../../refusals.ts";
import type { StateReader } from "../../state/state-map.ts";
import { namesKey } from "../../table.ts";
import { getMember } from "../members/queries.ts";
import { getAgreement, lastDayOf, partiesOf } from "./queries.ts";
import { agreements } from "./state.ts";

const publish: Handler<"agreements/publish"> = (step, { id, terms }) => {
  const { signer, state } = step;
  const isController = signer.kind === "member" && terms.controllers.includes(signer.member);
  if (!isController) return "agreements/not-controller";
  if (getAgreement(state, id) !== null) return "agreements/id-taken";
  const fault = faultOf(state, terms);
  if (fault !== null) return fault;
  // Commit point.
  const publisher = signer.member;
  agreements.put(state, namesKey(id), {
    terms,
    publisher,
    publishedAtMs: step.nowMs,
    accepted: [publisher],
    endedDay: null,
  });
  step.emit({ kind: "agreements/published", id, publisher });
  return null;
};

const faultOf = (state: StateReader, terms: AgreementTerms): RefusalCode | null => {
  const isMember = (party: string): boolean => getMember(state, party) !== null;
  if (terms.recipients.length === 0) return "agreements/party-unknown";
  if (![...terms.controllers, ...terms.recipients].every(isMember)) {
    return "agreements/party-unknown";
  }
  const { startDay, endDay, reviewDay } = terms;
  if (reviewDay < startDay || (endDay !== null && endDay < startDay)) return "agreements/bad-dates";
  if (parseDuration(terms.retention) === null) return "agreements/bad-retention";
  const isField = (text: string): boolean => text.indexOf("/") > 0 && !text.endsWith("/");
  if (terms.disclosed.length === 0 || !terms.disclosed.every(isField)) {
    return "agreements/nothing-disclosed";
  }
  return null;
};

const accept: Handler<"agreements/accept"> = (step, { id }) => {
  const { signer, state, today } = step;
  const agreement = getAgreement(state, id);
  if (agreement === null) return "agreements/unknown";
  if (signer.kind !== "member" || !partiesOf(agreement).includes(signer.member)) {
    return "agreements/not-party";
  }
  if (agreement.accepted.includes(signer.member)) return "agreements/already-accepted";
  const last = lastDayOf(agreement);
  if (last !== null && last < today) return "agreements/over";
  // Commit point.
  const accepted = [...agreement.accepted, signer.member];
  agreements.put(state, namesKey(id), { ...agreement, accepted });
  step.emit({ kind: "agreements/accepted", id, member: signer.member });
  return null;
};

const end: Handler<"agreements/end"> = (step, { id, endDay }) => {
  const { signer, state, today } = step;
  const agreement = getAgreement(state, id);
  if (agreement === null) return "agreements/unknown";
  if (signer.kind !== "member" || !partiesOf(agreement).includes(signer.member)) {
    return "agreements/not-party";
  }
  if (endDay < today) return "agreements/end-in-past";
  const last = lastDayOf(agreement);
  if (last !== null && last <= endDay) return "agreements/ends-sooner";
  // Commit point.
  agreements.put(state, namesKey(id), { ...agreement, endedDay: endDay });
  step.emit({ kind: "agreements/ended", id, member: signer.member, endDay });
  return null;
};

export const agreementsHandlers: Handlers<"agreements"> = {
  "agreements/publish": publish,
  "agreements/accept": accept,
  "agreements/end": end,
};
