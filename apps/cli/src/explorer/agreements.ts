import { sayField } from "@tallystick/client";
import {
  type Agreement,
  dayToText,
  type Gateway,
  isLive,
  lastDayOf,
  listAgreements,
  partiesOf,
} from "@tallystick/ledger";
import type { AgreementView } from "@tallystick/portal";
import { type ExplorerNode, stateOf } from "./explorer-node.ts";
import type { Register } from "./register.ts";
import { inCell } from "./words.ts";

const GATEWAYS: { readonly [G in Gateway]: string } = {
  agreement: "by agreement of all parties",
  statute: "by statute",
  processor: "to a processor",
  emergency: "in an emergency, to be countersigned within 72 hours",
};

/** The register of agreements, in order of id. */
export const agreementViews = (node: ExplorerNode, register: Register): AgreementView[] => {
  const lastMs = node.replica.lastTimeMs;
  const clockMs = BigInt(node.clock.nowMs());
  const nowMs = clockMs > lastMs ? clockMs : lastMs;
  return [...listAgreements(stateOf(node))].map(({ id, ...agreement }) =>
    agreementView(register, id, { agreement, nowMs }),
  );
};

const agreementView = (
  register: Register,
  id: string,
  { agreement, nowMs }: { readonly agreement: Agreement; readonly nowMs: bigint },
): AgreementView => {
  const { terms, accepted } = agreement;
  const endDay = lastDayOf(agreement);
  const live = isLive(agreement, nowMs);
  const waiting = partiesOf(agreement).filter((party) => !accepted.includes(party));
  const needsAll = terms.gateway !== "statute";
  return {
    ...{ id, name: terms.name, purpose: terms.purpose, power: terms.power, live },
    gateway: GATEWAYS[terms.gateway],
    controllers: terms.controllers.map((member) => register.member(member)),
    recipients: terms.recipients.map((member) => register.member(member)),
    disclosed: terms.disclosed.map(sayField),
    retention: terms.retention,
    startDay: dayToText(terms.startDay),
    endDay: endDay === null ? null : dayToText(endDay),
    reviewDay: dayToText(terms.reviewDay),
    contact: terms.contact,
    areas: inCell(terms.areas.map((code) => register.area(code))),
    waitingFor: !live && needsAll ? waiting.map((member) => register.member(member)) : [],
  };
};
