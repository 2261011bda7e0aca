import { type Json, type JsonObject, presentSdJwt, readSdJwt } from "@tallystick/credentials";
import { ClientError } from "../errors.ts";
import { type Facts, type HeldFact, states } from "./facts.ts";
import type { HolderKeys } from "./holder-keys.ts";

/** One kind of fact that is asked for, and the paths of the claims in it: `dateOfBirth`. */
export interface FactRequest {
  readonly vct: string;
  readonly claims: readonly string[];
}

/** What a body asks of a wallet, for one use: the nonce is never asked with again. */
export interface PresentationRequest {
  readonly facts: readonly FactRequest[];
  readonly audience: string;
  readonly nonce: string;
}

export interface PresentInput {
  readonly request: PresentationRequest;
  /** The time as the node tells it. */
  readonly nowSeconds: number;
}

export type PresentRefusal =
  | "wallet/nothing-asked"
  | "wallet/fact-not-known"
  | "wallet/fact-expired"
  | "wallet/no-unused-copy"
  | "wallet/would-show-too-much";

export type PresentResult =
  | {
      readonly ok: true;
      /** One for each fact asked for, in that order, all bound to one key. */
      readonly presentations: readonly string[];
      readonly copy: number;
    }
  | {
      readonly ok: false;
      readonly code: PresentRefusal;
      /** The facts and claims that are in the way; their names, never their values. */
      readonly missing: readonly FactRequest[];
    };

/** Thrown when the wallet finds that it made something other than what it was asked for. */
export class WalletError extends ClientError {}

/** The copies of one wallet and which of them were shown. */
export interface Shelf {
  readonly keys: HolderKeys;
  readonly facts: Facts;
  /** Numbers of the keys that were shown to somebody; no key is shown twice. */
  readonly used: Set<number>;
}

/**
 * Shows what is asked for and nothing else, under a key that was never shown before. Codes, in the
 * order of checking: `wallet/nothing-asked`; `wallet/fact-not-known`, no copy of a fact states what
 * is asked; `wallet/fact-expired`; `wallet/no-unused-copy`, ask the issuers for more;
 * `wallet/would-show-too-much`, an issuer bundled something with a claim that cannot be kept back.
 */
export const present = async (shelf: Shelf, input: PresentInput): Promise<PresentResult> => {
  const { facts: asked } = input.request;
  if (asked.length === 0) return { ok: false, code: "wallet/nothing-asked", missing: [] };
  const refusal = refuse(shelf, input);
  if (refusal !== null) return refusal;
  const copy = unusedCopy(shelf, input)!;
  const held = asked.map((one) => shelf.facts.find(one.vct, copy)!);
  shelf.used.add(copy);
  const { privateKey } = await shelf.keys.key(copy);
  const presentations = await Promise.all(
    asked.map((one, at) => show(held[at]!, { paths: one.claims, input, privateKey })),
  );
  const excess = await excessOf(asked, presentations);
  if (excess.length === 0) return { ok: true, presentations, copy };
  shelf.used.delete(copy);
  return { ok: false, code: "wallet/would-show-too-much", missing: excess };
};

const refuse = (shelf: Shelf, input: PresentInput): PresentResult | null => {
  const { facts: asked } = input.request;
  const unknown = asked.flatMap((one) => unknownIn(shelf.facts, one));
  if (unknown.length > 0) return { ok: false, code: "wallet/fact-not-known", missing: unknown };
  const isCurrent = (one: FactRequest): boolean =>
    shelf.facts.list().some((fact) => answers(fact, one) && !isExpired(fact, input.nowSeconds));
  const expired = asked.filter((one) => !isCurrent(one));
  if (expired.length > 0) return { ok: false, code: "wallet/fact-expired", missing: expired };
  if (unusedCopy(shelf, input) !== null) return null;
  return { ok: false, code: "wallet/no-unused-copy", missing: asked };
};

/** The claims that no copy of the fact states, or all, when no copy states them together. */
const unknownIn = (facts: Facts, asked: FactRequest): readonly FactRequest[] => {
  const held = facts.list().filter((fact) => fact.vct === asked.vct);
  if (held.some((fact) => answers(fact, asked))) return [];
  const claims = asked.claims.filter((path) => !held.some((fact) => states(fact, path)));
  return [claims.length > 0 ? { vct: asked.vct, claims } : asked];
};

const answers = (fact: HeldFact, asked: FactRequest): boolean =>
  fact.vct === asked.vct && asked.claims.every((path) => states(fact, path));

const isExpired = (fact: HeldFact, nowSeconds: number): boolean =>
  fact.expiresAtSeconds !== null && fact.expiresAtSeconds <= nowSeconds;

/** The first copy that was never shown and has every fact, current. */
const unusedCopy = (shelf: Shelf, input: PresentInput): number | null => {
  const has = (copy: number, asked: FactRequest): boolean => {
    const fact = shelf.facts.find(asked.vct, copy);
    return fact !== null && answers(fact, asked) && !isExpired(fact, input.nowSeconds);
  };
  for (let copy = 0; copy < shelf.keys.count; copy++) {
    if (!shelf.used.has(copy) && input.request.facts.every((one) => has(copy, one))) return copy;
  }
  return null;
};

interface ShowOptions {
  readonly paths: readonly string[];
  readonly input: PresentInput;
  readonly privateKey: CryptoKey;
}

const show = (fact: HeldFact, { paths, input, privateKey }: ShowOptions): Promise<string> =>
  presentSdJwt({
    credential: fact.credential,
    disclose: paths,
    audience: input.request.audience,
    nonce: input.request.nonce,
    issuedAtSeconds: input.nowSeconds,
    holderKey: privateKey,
  });

/** Reads back what is about to leave: the claims in it that nobody asked for. */
const excessOf = async (
  asked: readonly FactRequest[],
  presentations: readonly string[],
): Promise<readonly FactRequest[]> => {
  const excess = await Promise.all(
    presentations.map(async (text, at): Promise<FactRequest> => {
      const read = await readSdJwt(text);
      if (read === null) {
        throw new WalletError("wallet/presentation-unreadable", {
          message: "The wallet cannot read its own presentation.",
        });
      }
      const { vct, claims } = asked[at]!;
      const wanted = (path: string): boolean =>
        claims.some((one) => path === one || path.startsWith(`${one}/`));
      return { vct, claims: leavesOf(read.claims).filter((path) => !wanted(path)) };
    }),
  );
  return excess.filter((one) => one.claims.length > 0);
};

/** The paths of all values, and of lists and objects that hold none. */
const leavesOf = (claims: JsonObject): readonly string[] =>
  Object.entries(claims).flatMap(([name, value]) => leaves(value, escapeName(name)));

const leaves = (value: Json, path: string): readonly string[] => {
  if (typeof value !== "object" || value === null) return [path];
  const members = Object.entries(value) as [string, Json][];
  if (members.length === 0) return [path];
  return members.flatMap(([name, inner]) => leaves(inner, `${path}/${escapeName(name)}`));
};

const escapeName = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");
