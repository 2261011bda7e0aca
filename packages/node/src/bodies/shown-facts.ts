import type { JsonObject, VerifiedCredential } from "@tallystick/credentials";
import { commitmentFields, type Facts, parseFacts } from "@tallystick/definitions";
import type { CommittedField } from "@tallystick/ledger";
import type { Asked } from "./ask.ts";
import { sameValue } from "./openings.ts";
import { shownTag, TAGS_CLAIM } from "./tags.ts";

/** A refusal by its code. */
export interface Refused {
  readonly ok: false;
  readonly code: string;
}

export type ShownFacts =
  | {
      readonly ok: true;
      readonly facts: Facts;
      /** The fact that each credential shows, in the order shown. */
      readonly shownBy: readonly string[];
      /** Tags by name. */
      readonly tags: readonly { readonly name: string; readonly tag: Uint8Array }[];
    }
  | Refused;

const refuse = (code: string): Refused => ({ ok: false, code });

/**
 * Matches what credentials show with what was asked and with what was committed to. Codes, in
 * order: `bodies/fact-not-asked`, `facts/…`, `bodies/fact-not-proven`, `bodies/fact-differs`.
 */
export function matchFacts(
  asked: Pick<Asked, "facts" | "compiled" | "service" | "authority" | "tags">,
  credentials: readonly Pick<VerifiedCredential, "vct" | "claims">[],
  openings: readonly CommittedField[],
): ShownFacts {
  const shownBy: string[] = [];
  let claims: JsonObject = {};
  let tagClaims: JsonObject = {};
  for (const credential of credentials) {
    const fact = asked.facts.find(({ vct }) => vct === credential.vct)?.fact;
    if (fact === undefined || shownBy.includes(fact)) return refuse("bodies/fact-not-asked");
    const { [TAGS_CLAIM]: tags, ...rest } = credential.claims;
    if (Object.keys(rest).some((name) => name !== fact)) return refuse("bodies/fact-not-asked");
    if (tags !== undefined) tagClaims = { [TAGS_CLAIM]: tags };
    claims = { ...claims, ...rest };
    shownBy.push(fact);
  }
  const judged = judgeClaims(asked, claims, openings);
  if (!judged.ok) return judged;
  const tags = asked.tags.flatMap(({ name }) => {
    const tag = shownTag(tagClaims, asked);
    return tag === null ? [] : [{ name, tag }];
  });
  return { ok: true, facts: judged.facts, shownBy, tags };
}

function judgeClaims(
  { compiled, facts }: Pick<Asked, "compiled" | "facts">,
  claims: JsonObject,
  openings: readonly CommittedField[],
): { readonly ok: true; readonly facts: Facts } | Refused {
  const parsed = parseFacts(compiled.service, claims);
  if (!parsed.ok) {
    const [first] = parsed.faults;
    const isUnknown = first?.code === "facts/unknown-field";
    return refuse(isUnknown ? "bodies/fact-not-asked" : (first?.code ?? "facts/wrong-type"));
  }
  const names = facts.map(({ fact }) => fact);
  const fields = commitmentFields(compiled.service, parsed.facts, names);
  const shown = new Map(fields.map(({ name, value }) => [name, value]));
  for (const { name, value } of openings) {
    const proven = shown.get(name) ?? null;
    if (proven === null && value !== null) return refuse("bodies/fact-not-proven");
    if (!sameValue(proven, value)) return refuse("bodies/fact-differs");
  }
  return { ok: true, facts: parsed.facts };
}

/**
 * Facts as JSON for the rule, out of committed fields: `residence.authority` goes into `residence`.
 */
export function factsOfFields(fields: readonly CommittedField[]): Record<string, unknown> {
  const facts: Record<string, Record<string, unknown> | unknown> = {};
  for (const { name, value } of fields) {
    if (value === null) continue;
    const plain = typeof value === "bigint" ? Number(value) : value;
    const [fact = "", part] = name.split(".");
    if (part === undefined) facts[fact] = plain;
    else facts[fact] = { ...(facts[fact] as object | undefined), [part]: plain };
  }
  return facts;
}
