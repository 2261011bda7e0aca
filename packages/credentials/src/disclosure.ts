import { decodeBase64Url, encodeBase64Url, sha256, toBytes } from "./base64url.ts";
import { type Fault, type FaultCode, fault } from "./faults.ts";
import { decodeJson, isArray, type Json } from "./json.ts";
import type { Parsed } from "./parse-jws.ts";

/** A disclosure (RFC 9901 §4.2): salt, name and value of a member, or salt and value of an array's
 * element, for which `name` is null. `encoded` is what the digest is taken over. */
export interface Disclosure {
  readonly encoded: string;
  readonly digest: string;
  readonly name: string | null;
  readonly value: Json;
}

/** Names that a claim never carries: the format's own, and the one that reaches a prototype. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(["_sd", "_sd_alg", "...", "__proto__"]);

/** Makes a disclosure; `name` is null for an array's element. */
export async function createDisclosure(
  salt: string,
  name: string | null,
  value: Json,
): Promise<Disclosure> {
  const content = name === null ? [salt, value] : [salt, name, value];
  const encoded = encodeBase64Url(toBytes(JSON.stringify(content)));
  return { encoded, digest: await digestOf(encoded), name, value };
}

/** The digest that stands in the credential for a disclosure (RFC 9901 §4.2.3). */
export async function digestOf(encoded: string): Promise<string> {
  return encodeBase64Url(await sha256(toBytes(encoded)));
}

/** Takes a disclosure apart. Codes: `credentials/encoding-not-strict`,
 * `credentials/disclosure-malformed`, `credentials/reserved-name` and those of the JSON. */
export async function parseDisclosure(encoded: string, index: number): Promise<Parsed<Disclosure>> {
  const refuse = (code: FaultCode): { readonly ok: false; readonly faults: readonly Fault[] } => ({
    ok: false,
    faults: [fault(code, "disclosure", index)],
  });
  const bytes = decodeBase64Url(encoded);
  if (bytes === null) return refuse("credentials/encoding-not-strict");
  const decoded = decodeJson(bytes);
  if (!decoded.ok) return refuse(decoded.code);
  const content = decoded.value;
  if (!isArray(content) || typeof content[0] !== "string") {
    return refuse("credentials/disclosure-malformed");
  }
  const digest = await digestOf(encoded);
  if (content.length === 2) {
    return { ok: true, value: { encoded, digest, name: null, value: content[1]! } };
  }
  const name = content[1];
  if (content.length !== 3 || typeof name !== "string") {
    return refuse("credentials/disclosure-malformed");
  }
  if (RESERVED_NAMES.has(name)) return refuse("credentials/reserved-name");
  return { ok: true, value: { encoded, digest, name, value: content[2]! } };
}
