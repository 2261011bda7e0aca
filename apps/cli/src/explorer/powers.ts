import { sayName } from "@tallystick/client";
import type { Service } from "@tallystick/definitions";

/**
 * The powers by which the body in control decides: those under which the definition lets it see
 * the facts. Where the area decided for is known, only its jurisdiction's; else all, each with its
 * own. Null when the definition names none.
 */
export const decidingPower = (service: Service, areas: readonly string[]): string | null => {
  const { facts, controller, law } = service;
  const seen = facts.flatMap((fact) => fact.seenBy.filter(({ role }) => role === controller));
  const bases = new Set(seen.map((seenBy) => seenBy.law));
  const names = law.map(({ name }) => name);
  return say(service, bases.size === 0 ? names : names.filter((name) => bases.has(name)), areas);
};

/** The powers by which the definition lets something be disclosed; null for an unknown name. */
export const disclosingPower = (
  service: Service,
  disclosure: string,
  areas: readonly string[],
): string | null => {
  const found = service.disclosures.find(({ name }) => name === disclosure);
  return found === undefined ? null : say(service, [found.law], areas);
};

const say = (
  { law, jurisdictions }: Service,
  bases: readonly string[],
  areas: readonly string[],
): string | null => {
  const here = jurisdictions
    .filter(({ letter }) => areas.some((code) => code.startsWith(letter)))
    .map(({ name }) => name);
  const powers = law
    .filter(({ name }) => bases.includes(name))
    .flatMap((basis) => basis.powers)
    .filter(
      ({ jurisdiction }) =>
        jurisdiction === null || here.length === 0 || here.includes(jurisdiction),
    );
  const isOne = here.length === 1;
  const said = powers.map(({ citation, jurisdiction }) =>
    jurisdiction === null || isOne ? citation : `${citation} (${sayPlace(jurisdiction)})`,
  );
  return said.length === 0 ? null : [...new Set(said)].join("; ");
};

const sayPlace = (jurisdiction: string): string =>
  sayName(jurisdiction).replaceAll(/(^| )[a-z]/g, (letter) => letter.toUpperCase());
