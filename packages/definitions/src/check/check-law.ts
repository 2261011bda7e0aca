import { mayBeShown } from "../expression/types.ts";
import type { FaultCode, Faults } from "../fault.ts";
import type { Position } from "../position.ts";
import type { Fact, LegalBasis, Service } from "../service.ts";

/**
 * Each personal field has a recipient, a power and an end; special and criminal data have their
 * conditions; each flow between bodies has its gateway. Faults: definition/no-power, no-recipient,
 * no-keep, no-condition, no-gateway.
 */
export function checkLaw(service: Service, faults: Faults): void {
  for (const law of service.law) checkPowers(service, law, faults);
  for (const fact of service.facts) {
    if (!mayBeShown(fact.dataClass)) checkFact(service, fact, faults);
  }
  for (const disclosure of service.disclosures) {
    const between = isBody(service, disclosure.from) && isBody(service, disclosure.to);
    if (between && disclosure.gateway === null) {
      add(faults, disclosure.at, "definition/no-gateway", [
        `"${disclosure.name}" goes from body to body and names no gateway`,
        "add gateway: with the id of the agreement, statute, processor or emergency",
      ]);
    }
    if (disclosure.keep === null) {
      add(faults, disclosure.at, "definition/no-keep", [
        `"${disclosure.name}" does not say how long its recipient keeps it`,
        "add keep: P1D after replaced, or what the law asks for",
      ]);
    }
  }
}

const isBody = (service: Service, role: string): boolean =>
  ["member", "organisation"].includes(
    service.roles.find((one) => one.name === role)?.kind ?? "member",
  );

const add = (faults: Faults, at: Position, code: FaultCode, [what, mend]: [string, string]): void =>
  faults.add(at, code, what, mend);

/** A basis has one power for all, or one for each jurisdiction. */
function checkPowers(service: Service, law: LegalBasis, faults: Faults): void {
  for (const { name } of service.jurisdictions) {
    const found = law.powers.some(
      (power) => (power.jurisdiction ?? name) === name && power.citation.trim() !== "",
    );
    if (found) continue;
    add(faults, law.at, "definition/no-power", [
      `law "${law.name}" names no power for ${name}`,
      `add power: {${name}: "the Act and section"}`,
    ]);
  }
}

function checkFact(service: Service, fact: Fact, faults: Faults): void {
  if (fact.seenBy.length === 0) {
    add(faults, fact.at, "definition/no-recipient", [
      `nobody is named who may see ${fact.name}`,
      "add seen-by: {role: law}",
    ]);
  }
  if (fact.keep === null) {
    add(faults, fact.at, "definition/no-keep", [
      `${fact.name} would be kept for ever`,
      "add keep: P3M after decided, or what the law asks for",
    ]);
  }
  const laws = service.law.filter((law) => fact.seenBy.some((seen) => seen.law === law.name));
  for (const law of laws) checkConditions(fact, law, faults);
}

function checkConditions(fact: Fact, law: LegalBasis, faults: Faults): void {
  const lacks =
    fact.dataClass === "special"
      ? law.article9 === null || law.schedule1 === null
      : fact.dataClass === "criminal" && law.article10 === null;
  if (!lacks) return;
  add(faults, law.at, "definition/no-condition", [
    `law "${law.name}" lets ${fact.dataClass} data (${fact.name}) be seen without its condition`,
    fact.dataClass === "special"
      ? "add article9: and schedule1: with the condition and the paragraph"
      : "add article10: with the condition",
  ]);
}
