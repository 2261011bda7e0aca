import {
  type Fault,
  type JsonObject,
  type ResolveIssuerKey,
  readPath,
  readSdJwt,
  selectDisclosures,
  verifySdJwtCredential,
} from "@tallystick/credentials";
import type { HolderKeys } from "./holder-keys.ts";

/** A fact in the wallet: one credential, one of the copies of its kind. */
export interface HeldFact {
  readonly vct: string;
  readonly issuer: string;
  /** The number of the key that it is bound to. */
  readonly copy: number;
  readonly credential: string;
  readonly claims: JsonObject;
  readonly expiresAtSeconds: number | null;
}

export interface ReceiveInput {
  readonly credential: string;
  /** Which of the wallet's keys the issuer was given for it. */
  readonly copy: number;
  readonly allowedVct: readonly string[];
  readonly resolveIssuerKey: ResolveIssuerKey;
  readonly nowSeconds: number;
}

export type ReceiveResult =
  | { readonly ok: true; readonly fact: HeldFact }
  | {
      readonly ok: false;
      readonly code: "wallet/credential-faulty" | "wallet/credential-shows-too-much";
      readonly faults: readonly Fault[];
    };

/** The facts that a wallet holds, at most one of a kind for each key. */
export class Facts {
  readonly #held: Map<string, HeldFact> = new Map();
  readonly #keys: HolderKeys;

  constructor(keys: HolderKeys) {
    this.#keys = keys;
  }

  /** Takes a credential in after checking all of it; a newer one of the same kind and copy replaces
   * the older. Codes: `wallet/credential-faulty` with the faults found,
   * `wallet/credential-shows-too-much` when something about the owner could not be kept back. */
  async receive(input: ReceiveInput): Promise<ReceiveResult> {
    const { credential, copy } = input;
    const { publicJwk } = await this.#keys.key(copy);
    const verified = await verifySdJwtCredential({ ...input, holderKey: publicJwk });
    if (!verified.ok) {
      return { ok: false, code: "wallet/credential-faulty", faults: verified.faults };
    }
    const bare = await readSdJwt(await selectDisclosures(credential, []));
    if (bare === null || Object.keys(bare.claims).length > 0) {
      return { ok: false, code: "wallet/credential-shows-too-much", faults: [] };
    }
    const { vct, issuer, claims, expiresAtSeconds } = verified;
    const fact = { vct, issuer, copy, credential, claims, expiresAtSeconds };
    this.#held.set(`${copy} ${vct}`, fact);
    return { ok: true, fact };
  }

  /** The copy of a kind of fact that is bound to key number `copy`. */
  find(vct: string, copy: number): HeldFact | null {
    return this.#held.get(`${copy} ${vct}`) ?? null;
  }

  /** Everything held. */
  list(): readonly HeldFact[] {
    return [...this.#held.values()];
  }
}

/** Does the fact state this claim? */
export const states = (fact: HeldFact, path: string): boolean =>
  readPath(fact.claims, path) !== undefined;
