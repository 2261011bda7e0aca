import { type Bytes, decodeBase64Url, toBytes } from "./base64url.ts";
import { judgeSignature, type SignatureForms, verifyEs256 } from "./es256.ts";
import { type Fault, type FaultPart, fault } from "./faults.ts";
import { decodeJson, isObject, type JsonObject, member } from "./json.ts";

/** A compact JWS (RFC 7515 §7.1) taken apart; nothing about it is checked but its encoding. */
export interface ParsedJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly signed: Bytes;
  readonly signature: Bytes;
}

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Takes a compact JWS apart. Codes: `credentials/token-malformed`,
 * `credentials/encoding-not-strict` and those of the JSON. */
export function parseJws(text: string, part: FaultPart): Parsed<ParsedJws> {
  const pieces = text.split(".");
  if (pieces.length !== 3)
    return { ok: false, faults: [fault("credentials/token-malformed", part)] };
  const header = parseObject(pieces[0]!, part);
  const payload = parseObject(pieces[1]!, part);
  const signature = decodeBase64Url(pieces[2]!);
  const faults = [
    ...(header.ok ? [] : header.faults),
    ...(payload.ok ? [] : payload.faults),
    ...(signature === null ? [fault("credentials/encoding-not-strict", part)] : []),
  ];
  if (!header.ok || !payload.ok || signature === null) return { ok: false, faults };
  const signed = toBytes(`${pieces[0]}.${pieces[1]}`);
  return { ok: true, value: { header: header.value, payload: payload.value, signed, signature } };
}

function parseObject(text: string, part: FaultPart): Parsed<JsonObject> {
  const bytes = decodeBase64Url(text);
  if (bytes === null)
    return { ok: false, faults: [fault("credentials/encoding-not-strict", part)] };
  const decoded = decodeJson(bytes);
  if (!decoded.ok) return { ok: false, faults: [fault(decoded.code, part)] };
  if (isObject(decoded.value)) return { ok: true, value: decoded.value };
  return { ok: false, faults: [fault("credentials/token-malformed", part)] };
}

/** Checks a header: type, algorithm, extensions, key id. No extension is understood, so any `crit`
 * is refused (RFC 7515 §4.1.11). Keys inside the header (`jwk`, `jku`, `x5u`) are never used. */
export function judgeHeader(header: JsonObject, type: string, part: FaultPart): Fault[] {
  const faults: Fault[] = [];
  if (member(header, "typ") !== type)
    faults.push(fault("credentials/token-type-not-allowed", part));
  if (member(header, "alg") !== "ES256")
    faults.push(fault("credentials/algorithm-not-allowed", part));
  if (member(header, "crit") !== undefined) {
    faults.push(fault("credentials/critical-header-unknown", part));
  }
  const keyId = member(header, "kid");
  if (keyId !== undefined && typeof keyId !== "string") {
    faults.push(fault("credentials/key-id-malformed", part));
  }
  return faults;
}

/** Checks a signature: its form first, then whether it matches. Without a key only its form. */
export async function judgeJwsSignature(
  jws: ParsedJws,
  key: CryptoKey | null,
  options: { readonly part: FaultPart; readonly forms: SignatureForms },
): Promise<Fault[]> {
  const code = judgeSignature(jws.signature, options.forms);
  if (code !== null) return [fault(code, options.part)];
  if (key === null || (await verifyEs256(key, jws.signed, jws.signature))) return [];
  return [fault("credentials/signature-wrong", options.part)];
}
