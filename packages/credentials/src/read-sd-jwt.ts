import { type JsonObject, member } from "./json.ts";
import { claimsAboutSubject } from "./judge-credential.ts";
import { parseSdJwt } from "./parse-sd-jwt.ts";
import { resolveDisclosures } from "./resolve-disclosures.ts";

/** What stands in a credential, taken at its word. */
export interface ReadCredential {
  readonly vct: string | null;
  /** What is disclosed or always shows about the subject. */
  readonly claims: JsonObject;
  readonly expiresAtSeconds: number | null;
}

/** Reads a credential or presentation and verifies nothing: it is for the wallet that shows its
 * owner what it holds, and for looking at what is about to leave. Null when it cannot be read. */
export async function readSdJwt(text: string): Promise<ReadCredential | null> {
  const parsed = await parseSdJwt(text);
  if (!parsed.ok) return null;
  const { payload } = parsed.value.issuerToken;
  const { claims, faults } = resolveDisclosures(payload, parsed.value.disclosures);
  if (faults.length > 0) return null;
  const [vct, expiry] = [member(payload, "vct"), member(payload, "exp")];
  return {
    vct: typeof vct === "string" ? vct : null,
    claims: claimsAboutSubject(claims),
    expiresAtSeconds: typeof expiry === "number" ? expiry : null,
  };
}
