import type { Json } from "@tallystick/credentials";
import type { Give } from "@tallystick/definitions";
import { encode } from "@tallystick/ledger";
import { ActRefused, type RecordedAct, TryLater } from "./act.ts";
import type { Body } from "./body.ts";
import { CREDENTIAL_PREFIX, readCase, readItems } from "./case-records.ts";
import { type KeptDecision, readDecision } from "./decide-case.ts";
import { issue, mayIssue } from "./issue-facts.ts";
import type { StatusLists } from "./status-lists.ts";
import { vctOf } from "./vct.ts";

/** A credential that was given in a case, as the vault keeps it. */
export interface GivenCredential {
  readonly token: string;
  readonly uri: string;
  readonly index: number;
}

interface Giving {
  readonly body: Body;
  readonly statusLists: StatusLists;
}

/**
 * Issues whatever the definition gives in the state that the case is in, bound to the key of the
 * presentations. Each is issued once. Throws TryLater `bodies/not-an-issuer` while the ledger does
 * not accredit the body for it.
 */
export async function giveCredentials(
  { body, statusLists }: Giving,
  caseId: Uint8Array,
  decided: RecordedAct,
): Promise<void> {
  const { vault } = body.member;
  const found = await readCase(vault, caseId);
  const service = found === null ? null : body.definitions.get(found.definition)?.service;
  const state = body.view.caseOf(caseId)?.state;
  if (found === null || service === null || service === undefined) return;
  const decision = readDecision(decided.kept);
  for (const give of service.gives.filter((one) => one.in === state)) {
    const name = `${CREDENTIAL_PREFIX}${give.name}`;
    if (vault.list(caseId).includes(name)) continue;
    const vct = vctOf(`${service.service}/${give.name}`);
    if (!mayIssue(body, vct)) throw new TryLater("bodies/not-an-issuer");
    const claims = claimsOf(give, decision);
    const [status] = await statusLists.take(give.name, 1);
    if (status === undefined) return;
    const disclose = Object.keys(claims);
    const statement = { vct, claims, disclose, holderKey: found.holderKey, status };
    const token = await issue(body, statement);
    await vault.put(caseId, [{ name, bytes: encode([token, status.uri, status.index]) }]);
  }
}

/** A credential given in a case; null when there is none of that name. */
export async function givenCredential(
  body: Pick<Body, "member">,
  caseId: Uint8Array,
  name: string,
): Promise<GivenCredential | null> {
  const items = await readItems(body.member.vault, caseId, `${CREDENTIAL_PREFIX}${name}`);
  if (items === null) return null;
  const [token, uri, index] = items as [string, string, bigint];
  return { token, uri, index: Number(index) };
}

const LITERAL = /^'([^'\\]*)'$/;

/**
 * A claim is a text in quotes, or the name of something that the decision granted or worked out.
 */
function claimsOf({ claims }: Give, { fields }: KeptDecision): Record<string, Json> {
  return Object.fromEntries(
    claims.map(({ name, expression }): [string, Json] => {
      const literal = LITERAL.exec(expression.text)?.[1];
      if (literal !== undefined) return [name, literal];
      const field = fields.find(
        (one) =>
          one.name === `gives.${expression.text}` || one.name === `workedOut.${expression.text}`,
      );
      if (field === undefined) throw new ActRefused("bodies/claim-not-supported");
      return [name, toJson(field.value)];
    }),
  );
}

const toJson = (value: unknown): Json => {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  return typeof value === "string" || typeof value === "boolean" ? value : null;
};
