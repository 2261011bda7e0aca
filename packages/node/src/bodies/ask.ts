import {
  type CompiledService,
  commitmentFields,
  type Fact,
  parseFacts,
  type Service,
} from "@tallystick/definitions";
import { originOf } from "@tallystick/ledger";
import { type Hash, toBase64Url, toHex } from "@tallystick/log";
import type { Body } from "./body.ts";
import { FACT_TYPES } from "./fact-types.ts";
import type { AdoptionView } from "./ledger-view.ts";
import { TAGS_CLAIM, tagName, tagRoles } from "./tags.ts";
import { vctOf } from "./vct.ts";

/** One fact asked of an applicant: from whom, which claims, and why. */
export interface AskedFact {
  readonly fact: string;
  readonly vct: string;
  /** Claim paths, as a wallet shows them. */
  readonly claims: readonly string[];
  /** The legal basis by its name in the definition, and the power it rests on. */
  readonly why: string;
  readonly power: string;
  /** Roles that see it. */
  readonly seenBy: readonly string[];
  readonly keep: string | null;
}

/** A tag that the application must carry. */
export interface AskedTag {
  readonly name: string;
  readonly vct: string;
  readonly claim: string;
}

/** What a body asks of an applicant to a service. spec/bodies-api.md §1. */
export interface Asked {
  readonly audience: string;
  readonly authority: string;
  readonly service: string;
  readonly version: string;
  readonly definition: Hash;
  readonly compiled: CompiledService;
  readonly areas: readonly string[];
  readonly action: string;
  /** The fields to commit to, in order. */
  readonly fields: readonly string[];
  readonly facts: readonly AskedFact[];
  readonly tags: readonly AskedTag[];
}

/** What the body asks for its service; null when it does not offer it. */
export function askFor(body: Body, service: string): Asked | null {
  const adoption = body.view.adoption(body.member.id, service);
  return adoption === null ? null : askUnder(body, body.member.id, adoption);
}

/** What a body asks under a definition that it adopted, also one that it has replaced since. */
export function askUnder(
  { definitions, ledger }: Pick<Body, "definitions" | "ledger">,
  authority: string,
  { definition, areas }: AdoptionView,
): Asked | null {
  const compiled = definitions.get(definition);
  const action = compiled?.service.actions.find(({ from }) => from.length === 0);
  if (compiled === null || action === undefined) return null;
  const { service, version } = compiled.service;
  const name = tagName({ service, authority });
  const tags = tagRoles(compiled.bytes, action).flatMap((role) => tagFor(role, name));
  return {
    audience: `${originOf(ledger.genesis, ledger.networkId)}/${authority}`,
    ...{ authority, service, version, definition, compiled, areas, tags },
    action: action.name,
    fields: fieldNames(compiled.service, action.gives),
    facts: action.gives.flatMap((fact) => askedFact(compiled.service, { name: fact, areas, tags })),
  };
}

/** The names under which the facts are committed to, in the definition's order. */
export function fieldNames(service: Service, facts: readonly string[]): readonly string[] {
  const nothing = parseFacts(service, {});
  if (!nothing.ok) throw new RangeError("no facts at all are always well formed");
  return commitmentFields(service, nothing.facts, facts).map(({ name }) => name);
}

/** The credential's name, as the definition has it, by which the fact may be proved. */
export const credentialFor = (fact: Fact): string | null =>
  fact.accept.find((proof) => proof.by === "credential")?.source ?? null;

interface FactQuery {
  readonly name: string;
  readonly areas: readonly string[];
  readonly tags: readonly AskedTag[];
}

function askedFact(service: Service, { name, areas, tags }: FactQuery): AskedFact[] {
  const fact = service.facts.find((one) => one.name === name);
  const source = fact === undefined ? null : credentialFor(fact);
  if (fact === undefined || source === null) return [];
  const vct = vctOf(source);
  const [seen] = fact.seenBy;
  return [
    {
      fact: name,
      vct,
      claims: [
        ...claimPaths(fact),
        ...tags.filter((tag) => tag.vct === vct).map((tag) => tag.claim),
      ],
      why: seen?.law ?? "",
      power: powerOf(service, seen?.law, areas),
      seenBy: fact.seenBy.map(({ role }) => role),
      keep: fact.keep === null ? null : `${fact.keep.duration} after ${fact.keep.after}`,
    },
  ];
}

const claimPaths = ({ name, type }: Fact): readonly string[] =>
  type.kind === "group" ? type.fields.map((field) => `${name}/${field.name}`) : [name];

/** The power of the jurisdiction in which the body's areas lie. */
function powerOf(service: Service, law: string | undefined, areas: readonly string[]): string {
  const powers = service.law.find(({ name }) => name === law)?.powers ?? [];
  const letter = areas[0]?.charAt(0);
  const here = service.jurisdictions.find((one) => one.letter === letter)?.name ?? null;
  const power = powers.find(({ jurisdiction }) => jurisdiction === here) ?? powers[0];
  return power?.citation ?? "";
}

function tagFor(name: string, tag: string): AskedTag[] {
  const type = FACT_TYPES.find(({ hasTags }) => hasTags);
  return type === undefined ? [] : [{ name, vct: type.vct, claim: `${TAGS_CLAIM}/${tag}` }];
}

/** How long a request may be answered. */
export const NONCE_LIFE_MS = 600_000;
const MAX_NONCES = 10_000;
const NONCE_BYTES = 16;

/** Nonces given out and not used yet. A restart forgets them: an applicant asks again. */
export class Nonces {
  readonly #expiries: Map<string, number> = new Map();

  issue({ randomBytes, ledger }: Pick<Body, "randomBytes" | "ledger">): {
    readonly nonce: string;
    readonly expiresAtMs: number;
  } {
    const nowMs = Number(ledger.now());
    this.#forget(nowMs);
    const nonce = toBase64Url(randomBytes(NONCE_BYTES));
    const expiresAtMs = nowMs + NONCE_LIFE_MS;
    this.#expiries.set(nonce, expiresAtMs);
    return { nonce, expiresAtMs };
  }

  /** Uses a nonce up; false when it was not issued, was used, or is past its time. */
  take(nonce: string, nowMs: number): boolean {
    const expiresAtMs = this.#expiries.get(nonce);
    this.#expiries.delete(nonce);
    return expiresAtMs !== undefined && nowMs < expiresAtMs;
  }

  /** The oldest go first: they are in the order in which they were issued. */
  #forget(nowMs: number): void {
    for (const [nonce, expiresAtMs] of this.#expiries) {
      if (expiresAtMs > nowMs && this.#expiries.size < MAX_NONCES) return;
      this.#expiries.delete(nonce);
    }
  }
}

/** The request as JSON. */
export function askedJson(
  asked: Asked,
  { nonce, expiresAtMs }: { readonly nonce: string; readonly expiresAtMs: number },
): unknown {
  const { audience, authority, service, version, definition, action, fields, facts, tags } = asked;
  return {
    ...{ audience, nonce, expiresAtMs, authority, service, version },
    definition: toHex(definition),
    ...{ action, fields, facts, tags },
  };
}
