import { type PublicJwk, sameKey } from "./es256.ts";
import { type Fault, fault, inOrder } from "./faults.ts";
import type { JsonObject } from "./json.ts";
import { type JudgedCredential, judgeCredential } from "./judge-credential.ts";
import { judgeKeyBinding } from "./judge-key-binding.ts";
import { parseSdJwt } from "./parse-sd-jwt.ts";
import type { CredentialPolicy, StatusReference } from "./policy.ts";

export interface VerifyPresentationInput extends CredentialPolicy {
  readonly presentation: string;
  readonly audience: string;
  readonly nonce: string;
}

export interface VerifyCredentialInput extends CredentialPolicy {
  /** The credential as issued: no key binding. */
  readonly credential: string;
  /** The key that the holder asked it to be bound to. */
  readonly holderKey: PublicJwk;
}

/** A credential in which nothing was found wrong. */
export interface VerifiedCredential {
  readonly ok: true;
  readonly issuer: string;
  readonly vct: string;
  /** What was disclosed or always shows about the subject. */
  readonly claims: JsonObject;
  readonly holderKey: PublicJwk;
  readonly status: StatusReference | null;
  readonly issuedAtSeconds: number | null;
  readonly expiresAtSeconds: number | null;
}

export interface RefusedCredential {
  readonly ok: false;
  /** Everything that was found wrong, in the order of checking. */
  readonly faults: readonly Fault[];
}

export type VerifyResult = VerifiedCredential | RefusedCredential;

/** Verifies a presentation with key binding (RFC 9901 §7.3, SD-JWT VC §3.4). Checks, order and
 * codes: spec/credentials.md §5 and §6. */
export async function verifySdJwtPresentation(
  input: VerifyPresentationInput,
): Promise<VerifyResult> {
  const parsed = await parseSdJwt(input.presentation);
  if (!parsed.ok) return { ok: false, faults: inOrder(parsed.faults) };
  const judged = await judgeCredential(parsed.value, input);
  const binding = await judgeKeyBinding(parsed.value, judged.importedKey, input);
  return conclude(judged, binding);
}

/** Verifies a credential as the holder receives it: the same checks without a presentation's, and
 * that it is bound to the holder's own key. */
export async function verifySdJwtCredential(input: VerifyCredentialInput): Promise<VerifyResult> {
  const parsed = await parseSdJwt(input.credential);
  if (!parsed.ok) return { ok: false, faults: inOrder(parsed.faults) };
  const judged = await judgeCredential(parsed.value, input);
  const faults: Fault[] = [];
  if (parsed.value.keyBinding !== null) {
    faults.push(fault("credentials/key-binding-unexpected", "key-binding"));
  }
  if (judged.holderKey !== null && !sameKey(judged.holderKey, input.holderKey)) {
    faults.push(fault("credentials/holder-key-unexpected", "issuer-token"));
  }
  return conclude(judged, faults);
}

/** A result without faults has an issuer, a type and a holder's key: their absence is a fault. */
function conclude(judged: JudgedCredential, more: readonly Fault[]): VerifyResult {
  const { faults, issuer, vct, holderKey, importedKey: _, ...rest } = judged;
  const all = inOrder([...faults, ...more]);
  if (all.length > 0 || issuer === null || vct === null || holderKey === null) {
    return { ok: false, faults: all };
  }
  return { ok: true, issuer, vct, holderKey, ...rest };
}
