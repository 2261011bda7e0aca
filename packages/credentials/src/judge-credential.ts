import { decodePublicJwk, importPublicKey, type PublicJwk } from "./es256.ts";
import { type Fault, type FaultCode, fault } from "./faults.ts";
import { CREDENTIAL_TYP } from "./issue-sd-jwt.ts";
import { isObject, type JsonObject, member } from "./json.ts";
import { judgeTimes } from "./judge-times.ts";
import { CLOCK_SKEW_SECONDS } from "./limits.ts";
import { judgeHeader, judgeJwsSignature } from "./parse-jws.ts";
import type { ParsedSdJwt } from "./parse-sd-jwt.ts";
import { type CredentialPolicy, importTrustedKey, type StatusReference } from "./policy.ts";
import { PLAIN_CLAIMS, resolveDisclosures } from "./resolve-disclosures.ts";

/** What was read from a credential, and everything that is wrong with it. A null stands for what is
 * absent; where it is required its fault is among the faults. */
export interface JudgedCredential {
  readonly issuer: string | null;
  readonly vct: string | null;
  readonly claims: JsonObject;
  readonly holderKey: PublicJwk | null;
  /** The same key, ready to check the key binding with. */
  readonly importedKey: CryptoKey | null;
  readonly status: StatusReference | null;
  readonly issuedAtSeconds: number | null;
  readonly expiresAtSeconds: number | null;
  readonly faults: readonly Fault[];
}

/** The issuer's part of a verification, in the order of spec/credentials.md §5. */
export async function judgeCredential(
  parsed: ParsedSdJwt,
  policy: CredentialPolicy,
): Promise<JudgedCredential> {
  const { header, payload } = parsed.issuerToken;
  const skewSeconds = policy.window?.skewSeconds ?? CLOCK_SKEW_SECONDS;
  const ofHeader = judgeHeader(header, CREDENTIAL_TYP, "issuer-token");
  const names = judgeNames(payload, policy.allowedVct);
  const times = judgeTimes(payload, "issuer-token", { nowSeconds: policy.nowSeconds, skewSeconds });
  const place = judgeStatusReference(payload);
  const resolved = resolveDisclosures(payload, parsed.disclosures);
  const signature = await judgeIssuerSignature(parsed, names, policy);
  const holder = await judgeHolderKey(payload);
  const status = await judgeStatus(place.status, policy);
  const { faults: _, ...read } = { ...names, ...place };
  return {
    ...read,
    claims: claimsAboutSubject(resolved.claims),
    holderKey: holder.holderKey,
    importedKey: holder.importedKey,
    issuedAtSeconds: times.issuedAt,
    expiresAtSeconds: times.expiresAt,
    faults: [
      ...[ofHeader, names.faults, times.faults, place.faults].flat(),
      ...[resolved.faults, signature, holder.faults, status].flat(),
    ],
  };
}

interface Names {
  readonly issuer: string | null;
  readonly vct: string | null;
  readonly faults: readonly Fault[];
}

function judgeNames(payload: JsonObject, allowedVct: readonly string[]): Names {
  const faults: Fault[] = [];
  const read = (name: string, missing: FaultCode): string | null => {
    const value = member(payload, name);
    if (typeof value === "string" && value !== "") return value;
    faults.push(fault(missing, "issuer-token"));
    return null;
  };
  const issuer = read("iss", "credentials/issuer-missing");
  const vct = read("vct", "credentials/credential-type-missing");
  if (vct !== null && !allowedVct.includes(vct)) {
    faults.push(fault("credentials/credential-type-not-accepted", "issuer-token"));
  }
  return { issuer, vct, faults };
}

/** Without issuer and type nobody can be asked for a key; the signature's form is judged still. */
async function judgeIssuerSignature(
  { issuerToken }: ParsedSdJwt,
  { issuer, vct }: Names,
  policy: CredentialPolicy,
): Promise<readonly Fault[]> {
  const options = { part: "issuer-token", forms: policy.signatures ?? "low-s" } as const;
  if (issuer === null || vct === null) return judgeJwsSignature(issuerToken, null, options);
  const kid = member(issuerToken.header, "kid");
  const keyId = typeof kid === "string" ? kid : null;
  const key = await importTrustedKey(await policy.resolveIssuerKey({ issuer, keyId, vct }));
  const untrusted = key === null ? [fault("credentials/issuer-not-trusted", "issuer-token")] : [];
  return [...untrusted, ...(await judgeJwsSignature(issuerToken, key, options))];
}

interface Holder {
  readonly holderKey: PublicJwk | null;
  readonly importedKey: CryptoKey | null;
  readonly faults: readonly Fault[];
}

async function judgeHolderKey(payload: JsonObject): Promise<Holder> {
  const confirmation = member(payload, "cnf");
  const jwk = isObject(confirmation) ? member(confirmation, "jwk") : undefined;
  if (jwk === undefined) return withoutHolder("credentials/holder-key-missing");
  const holderKey = decodePublicJwk(jwk);
  const importedKey = holderKey === null ? null : await importPublicKey(holderKey);
  if (importedKey === null) return withoutHolder("credentials/holder-key-malformed");
  return { holderKey, importedKey, faults: [] };
}

function withoutHolder(code: FaultCode): Holder {
  return { holderKey: null, importedKey: null, faults: [fault(code, "issuer-token")] };
}

/** Reads `status.status_list` (Token Status List §6.2). Another kind of status is malformed here:
 * it could not be checked, and unchecked is not the same as valid. */
function judgeStatusReference(payload: JsonObject): {
  readonly status: StatusReference | null;
  readonly faults: readonly Fault[];
} {
  const status = member(payload, "status");
  if (status === undefined) return { status: null, faults: [] };
  const list = isObject(status) ? member(status, "status_list") : undefined;
  const index = isObject(list) ? member(list, "idx") : undefined;
  const uri = isObject(list) ? member(list, "uri") : undefined;
  const inRange = typeof index === "number" && Number.isSafeInteger(index) && index >= 0;
  if (inRange && typeof uri === "string") return { status: { uri, index }, faults: [] };
  return { status: null, faults: [fault("credentials/status-malformed", "issuer-token")] };
}

async function judgeStatus(
  reference: StatusReference | null,
  { statusOf }: CredentialPolicy,
): Promise<readonly Fault[]> {
  if (reference === null || statusOf === undefined) return [];
  const value = await statusOf(reference);
  if (value === 0) return [];
  if (value === null) return [fault("credentials/status-unknown", "status-list")];
  return [fault(value === 2 ? "credentials/suspended" : "credentials/revoked", "status-list")];
}

/** The claims without those about the credential itself. */
export function claimsAboutSubject(claims: JsonObject): JsonObject {
  const about = Object.entries(claims).filter(
    ([name]) => name !== "iat" && !PLAIN_CLAIMS.has(name),
  );
  return Object.fromEntries(about);
}
