import { createHmac } from "node:crypto";
import type { JsonObject } from "@tallystick/credentials";
import { type DefinitionAction, decodeDefinition, encode, type ScopeTag } from "@tallystick/ledger";
import { fromBase64Url, toBase64Url } from "@tallystick/log";
import type { Body } from "./body.ts";

/** The claim that holds a person's tags. */
export const TAGS_CLAIM = "tags";

/** A service and the body that runs it, where a person may have one case at a time. */
export interface TagScope {
  readonly service: string;
  readonly authority: string;
}

const KEY_SCOPE = new Uint8Array(16);
const KEY_RECORD = "register/scope-key";
const KEY_BYTES = 32;
const TAG_BYTES = 32;

/** The member of `tags` that holds one body's tag: `bus-pass:avonbridge`. */
export const tagName = ({ service, authority }: TagScope): string => `${service}:${authority}`;

/** The scopes of all services that the ledger shows in force and that need a tag. */
export function scopesInForce({ ledger, view }: Body): readonly TagScope[] {
  const scopes: TagScope[] = [];
  for (const { id } of ledger.genesis.members) {
    for (const { service, definition } of view.adoptions(id)) {
      const decoded = decodeDefinition(view.definition(definition) ?? new Uint8Array());
      const once = decoded?.process.decision.once ?? null;
      if (once !== null) scopes.push({ service, authority: id });
    }
  }
  return scopes;
}

/**
 * A person's tag for each scope: HMAC-SHA-256 under a key that this body alone has, so that no two
 * bodies see the same, and nobody can find the person by guessing. spec/bodies-api.md §2.
 */
export async function tagsOf(body: Body, person: Uint8Array): Promise<Record<string, string>> {
  const key = await scopeKey(body);
  const tags = scopesInForce(body).map((scope): [string, string] => {
    const about = encode(["tallystick/scope-tag/v1", scope.service, scope.authority, person]);
    const tag = createHmac("sha256", key).update(about).digest();
    return [tagName(scope), toBase64Url(new Uint8Array(tag))];
  });
  key.fill(0);
  return Object.fromEntries(tags);
}

async function scopeKey({ member, randomBytes }: Body): Promise<Uint8Array> {
  const known = await member.vault.get(KEY_SCOPE, KEY_RECORD);
  if (known !== null) return known;
  await member.vault.put(KEY_SCOPE, [{ name: KEY_RECORD, bytes: randomBytes(KEY_BYTES) }]);
  return scopeKey({ member, randomBytes } as Body);
}

/** The roles for which an opening action must carry a tag. */
export function tagRoles(definition: Uint8Array, { by }: Pick<DefinitionAction, "by">): string[] {
  const { process } = decodeDefinition(definition) ?? {};
  const personal = ["person", "organisation", "device"];
  return (process?.decision.once?.roles ?? []).filter(
    (name) =>
      by.includes(name) &&
      process?.roles.some((role) => role.name === name && personal.includes(role.kind)),
  );
}

/** The tag that a credential's claims show for a scope; null for none. */
export function shownTag(claims: JsonObject, scope: TagScope): Uint8Array | null {
  const tags = Object.hasOwn(claims, TAGS_CLAIM) ? claims[TAGS_CLAIM] : null;
  if (typeof tags !== "object" || tags === null || Array.isArray(tags)) return null;
  const text = (tags as JsonObject)[tagName(scope)];
  const tag = typeof text === "string" ? fromBase64Url(text) : null;
  return tag?.length === TAG_BYTES ? tag : null;
}

/** Whether an opening carries exactly these tags. */
export const hasTags = (found: readonly ScopeTag[], wanted: readonly ScopeTag[]): boolean =>
  found.length === wanted.length &&
  wanted.every(({ name, tag }) =>
    found.some((one) => one.name === name && Buffer.compare(one.tag, tag) === 0),
  );
