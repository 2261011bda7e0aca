import {
  issueSdJwt,
  type Json,
  type PublicJwk,
  STATUS_INVALID,
  type StatusReference,
} from "@tallystick/credentials";
import { encode } from "@tallystick/ledger";
import { equal } from "@tallystick/log";
import type { Body } from "./body.ts";
import { readItems } from "./case-records.ts";
import { FACT_TYPES, type FactType } from "./fact-types.ts";
import { findPerson } from "./register.ts";
import { issuerKeyId, type StatusLists } from "./status-lists.ts";
import { TAGS_CLAIM, tagsOf } from "./tags.ts";

/** The most copies of one fact in a set. */
export const MAX_COPIES = 16;

/** An issuing body. */
export interface Issuing {
  readonly body: Body;
  readonly statusLists: StatusLists;
}

export interface IssueRequest {
  readonly type: string;
  readonly person: Uint8Array;
  /** Copy i is bound to key i. */
  readonly holderKeys: readonly PublicJwk[];
}

export type Issued =
  | { readonly ok: true; readonly vct: string; readonly credentials: readonly string[] }
  | { readonly ok: false; readonly code: string };

/**
 * Issues one copy of a fact for each key. Codes: `bodies/not-an-issuer`, `bodies/unknown-person`,
 * `bodies/fact-not-held`.
 */
export async function issueFacts(issuing: Issuing, request: IssueRequest): Promise<Issued> {
  const { body, statusLists } = issuing;
  const type = FACT_TYPES.find((one) => one.type === request.type);
  if (type === undefined || !mayIssue(body, type.vct)) {
    return { ok: false, code: "bodies/not-an-issuer" };
  }
  const entry = await findPerson(body, request.person);
  if (entry === null) return { ok: false, code: "bodies/unknown-person" };
  const value = entry[type.fact];
  if (value === undefined) return { ok: false, code: "bodies/fact-not-held" };
  const places = await statusLists.take(type.type, request.holderKeys.length);
  if (!(await rememberPlaces(body, request, places))) {
    return { ok: false, code: "bodies/unknown-person" };
  }
  const stated = await statementOf(body, type, { person: request.person, value: value as Json });
  const credentials = await Promise.all(
    request.holderKeys.map((holderKey, at) =>
      issue(body, { ...stated, holderKey, status: places[at] as StatusReference }),
    ),
  );
  return { ok: true, vct: type.vct, credentials };
}

async function statementOf(
  body: Body,
  type: FactType,
  { person, value }: { readonly person: Uint8Array; readonly value: Json },
): Promise<Pick<Statement, "vct" | "claims" | "disclose">> {
  const plain = { vct: type.vct, claims: { [type.fact]: value }, disclose: type.disclose };
  const tags = type.hasTags ? await tagsOf(body, person) : {};
  const names = Object.keys(tags);
  if (names.length === 0) return plain;
  const paths = names.map((name) => `${TAGS_CLAIM}/${name}`);
  return {
    vct: type.vct,
    claims: { ...plain.claims, [TAGS_CLAIM]: tags },
    disclose: [...type.disclose, TAGS_CLAIM, ...paths],
  };
}

/** Marks every copy that a person was given of a fact; the new list's version, null for no copy. */
export async function revokeFacts(
  { body, statusLists }: Issuing,
  { type, person }: Pick<IssueRequest, "type" | "person">,
): Promise<{ readonly revoked: number; readonly version: number } | null> {
  const indexes = await placesOf(body, person, type);
  if (indexes.length === 0) return null;
  const version = await statusLists.mark(type, indexes, STATUS_INVALID);
  return { revoked: indexes.length, version };
}

/** Whether the ledger accredits the body for this type, with the very key that it holds. */
export function mayIssue({ member, view }: Body, vct: string): boolean {
  const key = view.issuerKey(vct, member.id);
  return key !== null && member.issuer !== null && equal(key, member.issuer.publicKey);
}

export interface Statement {
  readonly vct: string;
  readonly claims: Readonly<Record<string, Json>>;
  readonly disclose: readonly string[];
  readonly holderKey: PublicJwk;
  readonly status: StatusReference;
}

/** One credential by this body, with its place in a status list. */
export function issue(
  { member, ledger, randomBytes }: Body,
  statement: Statement,
): Promise<string> {
  const { vct, claims, disclose, holderKey, status } = statement;
  const signer = member.issuer;
  if (signer === null) throw new RangeError(`${member.id} has no key to issue with`);
  return issueSdJwt({
    issuerKey: async (bytes) => signer.sign(bytes),
    header: { kid: issuerKeyId(member.id) },
    payload: {
      iss: member.id,
      vct,
      iat: Number(ledger.now() / 1000n),
      status: { status_list: { idx: status.index, uri: status.uri } },
      ...claims,
    },
    disclose,
    holderKey,
    randomness: randomBytes,
  });
}

/** One record for each set that was issued: two sets at once never overwrite each other. */
const recordPrefix = (type: FactType["type"]): string => `register/issued/${type}/`;

async function placesOf(body: Body, person: Uint8Array, type: string): Promise<readonly number[]> {
  const { vault } = body.member;
  const names = vault.list(person).filter((name) => name.startsWith(recordPrefix(type)));
  const sets = await Promise.all(names.map((name) => readItems(vault, person, name)));
  return sets.flatMap((places) => (places ?? []).map(Number));
}

async function rememberPlaces(
  { member }: Body,
  { person, type }: IssueRequest,
  places: readonly StatusReference[],
): Promise<boolean> {
  const indexes = places.map(({ index }) => index);
  const name = `${recordPrefix(type)}${indexes[0]}`;
  return member.vault.put(person, [{ name, bytes: encode(indexes) }]);
}
