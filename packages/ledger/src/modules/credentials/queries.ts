import type { StateReader } from "../../state/state-map.ts";
import { namesKey } from "../../table.ts";
import { type Issuer, issuers, type StatusListCommitment, statusLists } from "./state.ts";

/** Whether and how a body may issue a type; an issuer withdrawn is answered too. Null for none. */
export const getIssuer = (state: StateReader, vct: string, issuer: string): Issuer | null =>
  issuers.get(state, namesKey(issuer, vct));

/** True when the body is accredited for any type. */
export const isIssuer = (state: StateReader, issuer: string): boolean => {
  for (const [, { withdrawn }] of issuers.under(state, namesKey(issuer))) {
    if (!withdrawn) return true;
  }
  return false;
};

/** The newest commitment to a status list, or null. */
export const getStatusList = (
  state: StateReader,
  issuer: string,
  uri: string,
): StatusListCommitment | null => statusLists.get(state, namesKey(issuer, uri));

const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Every accreditation, also those withdrawn, in order of issuer and type. */
export function* listIssuers(
  state: StateReader,
): Iterable<Issuer & { readonly issuer: string; readonly vct: string }> {
  for (const [key, entry] of issuers.under(state, new Uint8Array())) {
    const end = key.indexOf(0);
    yield {
      issuer: textOf(key.subarray(0, end)),
      vct: textOf(key.subarray(end + 1, -1)),
      ...entry,
    };
  }
}
