import type { PublicJwk } from "@tallystick/credentials";
import { type Cbor, type CommittedField, decode, encode } from "@tallystick/ledger";
import { fromBase64Url, type Hash } from "@tallystick/log";
import { decodeFields, encodeFields } from "../delivery/contents.ts";
import type { Vault, VaultRecord } from "../vault/vault.ts";
import { jwkOf } from "./vct.ts";

/** What a deciding body keeps about an application beside its facts. */
export interface CaseRecord {
  /** The transaction that opened the case. */
  readonly opened: Hash;
  readonly definition: Hash;
  readonly holderKey: PublicJwk;
  readonly audience: string;
  readonly nonce: string;
  /** The facts shown, in the order of the presentations. */
  readonly shownBy: readonly string[];
}

/** One fact of a case: its committed fields, and the presentation that proves it. */
export interface FactRecord {
  readonly fields: readonly CommittedField[];
  readonly presentation: string | null;
}

export const CASE_RECORD = "case";
export const FACT_PREFIX = "fact/";
export const DECISION_RECORD = "decision";
export const WAITING_RECORD = "waiting";
export const CREDENTIAL_PREFIX = "credential/";

/** The records of an application: one for each fact, so that each is kept for its own time. */
export function caseRecords(
  found: CaseRecord,
  facts: ReadonlyMap<string, FactRecord>,
): Omit<VaultRecord, "due">[] {
  const { opened, definition, holderKey, audience, nonce, shownBy } = found;
  const key = encodeJwk(holderKey);
  return [
    { name: CASE_RECORD, bytes: encode([opened, definition, key, audience, nonce, [...shownBy]]) },
    ...[...facts].map(([name, { fields, presentation }]) => ({
      name: `${FACT_PREFIX}${name}`,
      bytes: encode([encodeFields(fields), presentation]),
    })),
  ];
}

/** Null when this body has no such case, or has erased it. */
export async function readCase(vault: Vault, caseId: Uint8Array): Promise<CaseRecord | null> {
  const items = await readItems(vault, caseId, CASE_RECORD);
  if (items === null) return null;
  const [opened, definition, key, audience, nonce, shownBy] = items as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    string,
    string,
    readonly string[],
  ];
  return { opened, definition, holderKey: jwkOf(key), audience, nonce, shownBy };
}

/** The facts that are still kept, by name. */
export async function readFacts(
  vault: Vault,
  caseId: Uint8Array,
): Promise<ReadonlyMap<string, FactRecord>> {
  const facts = new Map<string, FactRecord>();
  for (const name of vault.list(caseId)) {
    if (!name.startsWith(FACT_PREFIX)) continue;
    const [fields, presentation] = (await readItems(vault, caseId, name)) ?? [];
    facts.set(name.slice(FACT_PREFIX.length), {
      fields: decodeFields(fields) ?? [],
      presentation: typeof presentation === "string" ? presentation : null,
    });
  }
  return facts;
}

/** A record that holds a CBOR array; null for no record. */
export async function readItems(
  vault: Vault,
  scope: Uint8Array,
  name: string,
): Promise<readonly Cbor[] | null> {
  const bytes = await vault.get(scope, name);
  const decoded = bytes === null ? null : decode(bytes);
  return decoded?.ok === true && Array.isArray(decoded.value) ? decoded.value : null;
}

const encodeJwk = ({ x, y }: PublicJwk): Uint8Array =>
  new Uint8Array([...(fromBase64Url(x) ?? []), ...(fromBase64Url(y) ?? [])]);
