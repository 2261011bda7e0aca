import {
  type StatusList,
  type StatusReference,
  statusAt,
  verifyStatusListToken,
} from "@tallystick/credentials";
import { equal, type Hash, toHex } from "@tallystick/log";
import type { Body } from "./body.ts";
import { jwkOf } from "./vct.ts";

/** Lists kept at hand, by the hash that the ledger holds: such a list never changes. */
const MAX_LISTS = 32;
const MAX_TOKEN_BYTES = 262_144;
const FETCH_TIMEOUT_MS = 5_000;
const PATH = /\/v1\/members\/([a-z0-9-]{1,64})\/status-lists\/([a-z0-9-]{1,64})$/;

/** Finds the status of credentials in the lists that issuers committed to on the ledger. */
export class StatusLookUp {
  readonly #lists: Map<string, StatusList> = new Map();

  /** The status at a place; null when no list with the ledger's hash is to be had. */
  async statusOf(
    body: Pick<Body, "view" | "ledger" | "fetch" | "addressOf">,
    { uri, index }: StatusReference,
  ): Promise<number | null> {
    const issuer = issuerOf(uri);
    const shown = issuer === null ? null : body.view.statusList(issuer, uri);
    if (issuer === null || shown === null) return null;
    const name = toHex(shown.list);
    const list =
      this.#lists.get(name) ?? (await fetchList(body, { uri, issuer, hash: shown.list }));
    if (list === null) return null;
    if (this.#lists.size >= MAX_LISTS) this.#lists.clear();
    this.#lists.set(name, list);
    return statusAt(list, index);
  }
}

/** The member whose list lies at this address, or null for an address of another form. */
export const issuerOf = (uri: string): string | null => PATH.exec(uri)?.[1] ?? null;

interface ListQuery {
  readonly uri: string;
  readonly issuer: string;
  readonly hash: Hash;
}

async function fetchList(
  body: Pick<Body, "view" | "ledger" | "fetch" | "addressOf">,
  { uri, issuer, hash }: ListQuery,
): Promise<StatusList | null> {
  const token = await fetchToken(body, uri, issuer);
  const key = body.view.anyIssuerKey(issuer);
  if (token === null || key === null) return null;
  const nowSeconds = Number(body.ledger.now() / 1000n);
  const verified = await verifyStatusListToken({
    token,
    uri,
    nowSeconds,
    resolveKey: () => jwkOf(key),
  });
  if (!verified.ok || !equal(body.ledger.host.sha256.one(verified.packed), hash)) return null;
  return verified.list;
}

/** From where the issuer's node answers today: the address in a credential may be an older one. */
async function fetchToken(
  { fetch, addressOf }: Pick<Body, "fetch" | "addressOf">,
  uri: string,
  issuer: string,
): Promise<string | null> {
  const path = PATH.exec(uri)?.[0] ?? "";
  try {
    const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
    const answer = await fetch(`${addressOf(issuer)}${path}`, { signal });
    const token = answer.ok ? await answer.text() : "";
    return token === "" || token.length > MAX_TOKEN_BYTES ? null : token;
  } catch {
    return null;
  }
}
