import { decodePublicJwk, importPublicKey, type PublicJwk, type SignatureForms } from "./es256.ts";

/** Which credential asks for its issuer's key. All three come from the credential, unverified. */
export interface IssuerQuery {
  readonly issuer: string;
  readonly keyId: string | null;
  readonly vct: string;
}

/** Answers with the key of an issuer that is trusted for this type, or null. */
export type ResolveIssuerKey = (
  query: IssuerQuery,
) => PublicJwk | CryptoKey | null | Promise<PublicJwk | CryptoKey | null>;

/** A credential's place in a Token Status List. */
export interface StatusReference {
  readonly uri: string;
  readonly index: number;
}

/** Answers with the status value at the place, or null when it cannot be found out. */
export type StatusOf = (reference: StatusReference) => number | null | Promise<number | null>;

/** What the verifier knows and asks of any credential. */
export interface CredentialPolicy {
  readonly resolveIssuerKey: ResolveIssuerKey;
  readonly allowedVct: readonly string[];
  readonly nowSeconds: number;
  /** Without it the status is returned and not judged. */
  readonly statusOf?: StatusOf;
  /** `low-s` unless told otherwise. */
  readonly signatures?: SignatureForms;
  readonly window?: { readonly ageSeconds: number; readonly skewSeconds: number };
}

/** Imports what a resolver handed back; a key that is no public P-256 key counts as none. */
export async function importTrustedKey(
  found: PublicJwk | CryptoKey | null,
): Promise<CryptoKey | null> {
  if (found === null || !("kty" in found)) return found;
  const jwk = decodePublicJwk({ ...found });
  return jwk === null ? null : importPublicKey(jwk);
}
