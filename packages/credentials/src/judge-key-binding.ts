import { encodeBase64Url, sha256, toBytes } from "./base64url.ts";
import type { SignatureForms } from "./es256.ts";
import { type Fault, type FaultCode, fault } from "./faults.ts";
import { type JsonObject, member } from "./json.ts";
import { judgeTimes } from "./judge-times.ts";
import { CLOCK_SKEW_SECONDS, PRESENTATION_AGE_SECONDS } from "./limits.ts";
import { judgeHeader, judgeJwsSignature } from "./parse-jws.ts";
import type { ParsedSdJwt } from "./parse-sd-jwt.ts";

/** The type of a key binding JWT (RFC 9901 §4.3). */
export const KEY_BINDING_TYP = "kb+jwt";

export interface KeyBindingPolicy {
  readonly audience: string;
  readonly nonce: string;
  readonly nowSeconds: number;
  readonly signatures?: SignatureForms;
  readonly window?: { readonly ageSeconds: number; readonly skewSeconds: number };
}

/** The holder's part of a verification (RFC 9901 §7.3, step 5). Without a holder's key everything
 * but the signature is judged. */
export async function judgeKeyBinding(
  parsed: ParsedSdJwt,
  holderKey: CryptoKey | null,
  policy: KeyBindingPolicy,
): Promise<readonly Fault[]> {
  const { keyBinding } = parsed;
  if (keyBinding === null) return [fault("credentials/key-binding-missing", "key-binding")];
  const { header, payload } = keyBinding;
  const forms = policy.signatures ?? "low-s";
  const hash = encodeBase64Url(await sha256(toBytes(parsed.withoutKeyBinding)));
  return [
    ...judgeHeader(header, KEY_BINDING_TYP, "key-binding"),
    ...judgeAge(payload, policy),
    ...judgeClaim(payload, "aud", policy.audience, "credentials/audience-wrong"),
    ...judgeClaim(payload, "nonce", policy.nonce, "credentials/nonce-wrong"),
    ...judgeClaim(payload, "sd_hash", hash, "credentials/presentation-hash-wrong"),
    ...(await judgeJwsSignature(keyBinding, holderKey, { part: "key-binding", forms })),
  ];
}

/** The audience is one text, never a list (RFC 9901 §4.3). */
function judgeClaim(
  payload: JsonObject,
  name: string,
  expected: string,
  code: FaultCode,
): readonly Fault[] {
  return member(payload, name) === expected ? [] : [fault(code, "key-binding")];
}

function judgeAge(payload: JsonObject, policy: KeyBindingPolicy): readonly Fault[] {
  const { nowSeconds } = policy;
  const skewSeconds = policy.window?.skewSeconds ?? CLOCK_SKEW_SECONDS;
  const ageSeconds = policy.window?.ageSeconds ?? PRESENTATION_AGE_SECONDS;
  const times = judgeTimes(payload, "key-binding", { nowSeconds, skewSeconds });
  if (times.issuedAt === null) {
    return [...times.faults, fault("credentials/time-malformed", "key-binding")];
  }
  const tooOld = times.issuedAt < nowSeconds - ageSeconds;
  return tooOld
    ? [...times.faults, fault("credentials/presentation-too-old", "key-binding")]
    : times.faults;
}
