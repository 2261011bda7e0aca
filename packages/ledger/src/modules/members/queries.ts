import type { Hash } from "@tallystick/log";
import type { StateReader } from "../../state/state-map.ts";
import { namesKey } from "../../table.ts";
import {
  keys,
  type Member,
  members,
  type Operator,
  operators,
  type RegisteredKey,
  type Site,
  sites,
} from "./state.ts";

/** A member by its id, or null. */
export const getMember = (state: StateReader, member: string): Member | null =>
  members.get(state, namesKey(member));

/** An operator by its id, or null. */
export const getOperator = (state: StateReader, operator: string): Operator | null =>
  operators.get(state, namesKey(operator));

/** A member's registered site, or null. */
export const getSite = (state: StateReader, member: string, siteId: string): Site | null =>
  sites.get(state, namesKey(member, siteId));

/** Whose key this is, or null when it belongs to no member. */
export const getKey = (state: StateReader, keyId: Hash): RegisteredKey | null =>
  keys.get(state, keyId);

/** True when the member exists and holds the role. */
export const holdsRole = (state: StateReader, member: string, role: string): boolean =>
  getMember(state, member)?.roles.includes(role) === true;

const NAME_END = 0;
const nameIn = (key: Uint8Array): string =>
  String.fromCharCode(...key.subarray(0, key.indexOf(NAME_END)));

/** Every member, in order of id. */
export function* listMembers(state: StateReader): Iterable<Member & { readonly id: string }> {
  for (const [key, member] of members.under(state, new Uint8Array())) {
    yield { id: nameIn(key), ...member };
  }
}

/** A member's registered sites, in order of id. */
export function* listSites(
  state: StateReader,
  member: string,
): Iterable<Site & { readonly id: string }> {
  const prefix = namesKey(member);
  for (const [key, site] of sites.under(state, prefix)) {
    yield { id: nameIn(key.subarray(prefix.length)), ...site };
  }
}

/** Every key that signs for a member, its own or its staff's, in order of key id. */
export function* listKeys(state: StateReader): Iterable<RegisteredKey & { readonly keyId: Hash }> {
  for (const [key, registered] of keys.under(state, new Uint8Array())) {
    yield { keyId: key.slice(), ...registered };
  }
}
