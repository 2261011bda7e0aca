import { encodeBase64Url, sha256, toBytes } from "./base64url.ts";
import type { Signer } from "./es256.ts";
import { CredentialsError } from "./faults.ts";
import { signJws } from "./issue-sd-jwt.ts";
import { KEY_BINDING_TYP } from "./judge-key-binding.ts";
import { parseSdJwt } from "./parse-sd-jwt.ts";
import { liesWithin, readPath } from "./path.ts";
import { type Placement, resolveDisclosures } from "./resolve-disclosures.ts";

export interface PresentInput {
  /** The credential as issued, with all its disclosures. */
  readonly credential: string;
  /** Paths of the claims to show, each with everything beneath it. */
  readonly disclose: readonly string[];
  /** The body for which the presentation is made, and the nonce of its request. */
  readonly audience: string;
  readonly nonce: string;
  readonly issuedAtSeconds: number;
  readonly holderKey: CryptoKey | Signer;
}

/** Presents a credential: keeps the disclosures asked for and those that they lie within, no
 * others, and signs the selection for one audience and nonce (RFC 9901 §7.2).
 * Throws CredentialsError `credentials/claim-not-held` when a path names no claim of the
 * credential, `credentials/cannot-present` when the credential cannot be read. */
export async function presentSdJwt(input: PresentInput): Promise<string> {
  const selected = await selectDisclosures(input.credential, input.disclose);
  const payload = {
    iat: input.issuedAtSeconds,
    aud: input.audience,
    nonce: input.nonce,
    sd_hash: encodeBase64Url(await sha256(toBytes(selected))),
  };
  const header = { alg: "ES256", typ: KEY_BINDING_TYP };
  return selected + (await signJws(header, payload, input.holderKey));
}

/** The credential with the disclosures for these paths alone, not signed by the holder. */
export async function selectDisclosures(
  credential: string,
  paths: readonly string[],
): Promise<string> {
  const parsed = await parseSdJwt(credential);
  if (!parsed.ok || parsed.value.keyBinding !== null) {
    throw new CredentialsError("credentials/cannot-present", "The credential cannot be read.");
  }
  const { issuerToken, disclosures } = parsed.value;
  const { claims, placements } = resolveDisclosures(issuerToken.payload, disclosures);
  const keep = new Set(paths.flatMap((path) => disclosuresFor(path, placements)));
  for (const path of paths) {
    if (readPath(claims, path) === undefined) {
      throw new CredentialsError("credentials/claim-not-held", "The credential lacks a claim.");
    }
  }
  const kept = disclosures.filter((_, index) => keep.has(index)).map((one) => one.encoded);
  return `${[credential.split("~")[0]!, ...kept].join("~")}~`;
}

/** Those that the claim lies in, the claim's own, and all beneath it. */
function disclosuresFor(path: string, placements: readonly Placement[]): readonly number[] {
  return placements.flatMap((one) => {
    if (liesWithin(one.path, path)) return [one.disclosure, ...one.within];
    return liesWithin(path, one.path) ? [one.disclosure, ...one.within] : [];
  });
}
