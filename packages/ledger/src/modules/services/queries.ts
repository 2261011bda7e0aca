import { concat, type Hash } from "@tallystick/log";
import type { Day } from "../../civil.ts";
import { type Definition, decodeDefinition } from "../../definition.ts";
import type { StateReader } from "../../state/state-map.ts";
import { namesKey } from "../../table.ts";
import {
  type ActEvidence,
  type Adoption,
  acts,
  adoptions,
  type Case,
  cases,
  type DisclosureRecord,
  type Draw,
  definitions,
  disclosures,
  draws,
  type Publication,
  publications,
} from "./state.ts";

/** The state key of an adoption. */
export const adoptionKey = (member: string, definition: Hash): Uint8Array =>
  concat(namesKey(member), definition);

/** The state key of a disclosure: transaction id and message index (0 to 15). */
export const disclosureKey = (transactionId: Hash, messageIndex: number): Uint8Array =>
  concat(transactionId, new Uint8Array([messageIndex]));

/** The compiled bytes with this hash, voted or not; null when nobody proposed them. */
export const getDefinitionBytes = (state: StateReader, hash: Hash): Uint8Array | null =>
  definitions.get(state, hash);

/** The definition with this hash, voted or not; null when nobody proposed it. */
export const getDefinition = (state: StateReader, hash: Hash): Definition | null => {
  const bytes = getDefinitionBytes(state, hash);
  return bytes === null ? null : decodeDefinition(bytes);
};

/** How far the definition with this hash has come, or null. */
export const getPublication = (state: StateReader, hash: Hash): Publication | null =>
  publications.get(state, hash);

/** Every definition proposed, in order of hash. */
export function* listPublications(
  state: StateReader,
): Iterable<Publication & { readonly definition: Hash }> {
  for (const [definition, publication] of publications.under(state, new Uint8Array())) {
    yield { definition, ...publication };
  }
}

/** A member's adoption of a definition, or null. */
export const getAdoption = (
  state: StateReader,
  member: string,
  definition: Hash,
): Adoption | null => adoptions.get(state, adoptionKey(member, definition));

/** A member's adoptions, in order of definition hash. */
export function* listAdoptions(
  state: StateReader,
  member: string,
): Iterable<Adoption & { readonly definition: Hash }> {
  const prefix = namesKey(member);
  for (const [key, adoption] of adoptions.under(state, prefix)) {
    yield { definition: key.slice(prefix.length), ...adoption };
  }
}

/** The definition by which a member runs a service on a day: the newest in force, or null. */
export const adoptedFor = (
  state: StateReader,
  member: string,
  on: { readonly service: string; readonly day: Day },
): (Adoption & { readonly definition: Hash }) | null => {
  let newest: (Adoption & { readonly definition: Hash }) | null = null;
  for (const adoption of listAdoptions(state, member)) {
    if (adoption.service !== on.service || adoption.inForceFromDay > on.day) continue;
    if (newest === null || isNewer(adoption, newest)) newest = adoption;
  }
  return newest;
};

const isNewer = (one: Adoption, other: Adoption): boolean =>
  one.inForceFromDay === other.inForceFromDay
    ? one.leafIndex > other.leafIndex
    : one.inForceFromDay > other.inForceFromDay;

/** A case by its 16-byte id, or null. */
export const getCase = (state: StateReader, caseId: Uint8Array): Case | null =>
  cases.get(state, caseId);

/** Every case with its id, in order of id. */
export function* listCases(state: StateReader): Iterable<Case & { readonly id: Uint8Array }> {
  for (const [id, found] of cases.under(state, new Uint8Array())) yield { id, ...found };
}

/** A disclosure by the transaction and message that made it, or null. */
export const getDisclosure = (
  state: StateReader,
  transactionId: Hash,
  messageIndex: number,
): DisclosureRecord | null => disclosures.get(state, disclosureKey(transactionId, messageIndex));

/** Every disclosure, in order of transaction id. */
export function* listDisclosures(
  state: StateReader,
): Iterable<DisclosureRecord & { readonly transactionId: Hash; readonly messageIndex: number }> {
  for (const [key, found] of disclosures.under(state, new Uint8Array())) {
    yield { transactionId: key.slice(0, 32), messageIndex: key[32] ?? 0, ...found };
  }
}

/** What is kept of a decision, by its transaction id; null when it was none. */
export const getAct = (state: StateReader, transactionId: Hash): ActEvidence | null =>
  acts.get(state, transactionId);

/** Every decision, in order of transaction id. */
export function* listActs(state: StateReader): Iterable<ActEvidence & { readonly act: Hash }> {
  for (const [act, found] of acts.under(state, new Uint8Array())) yield { act, ...found };
}

/** The draw of an act, or null when it has not been drawn. */
export const getDraw = (state: StateReader, act: Hash): Draw | null => draws.get(state, act);

/** Every draw, in order of the act's transaction id. */
export function* listDraws(state: StateReader): Iterable<Draw & { readonly act: Hash }> {
  for (const [act, found] of draws.under(state, new Uint8Array())) yield { act, ...found };
}
