import { type Bytes, decodeBase64Url } from "./base64url.ts";
import type { FaultCode } from "./faults.ts";
import { isArray, isObject, type Json, member } from "./json.ts";

/** A public P-256 key as JWK (RFC 7517); x and y are 32 bytes in base64url. */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** Signs bytes with ECDSA on P-256 over SHA-256; returns r and s, 32 bytes each. */
export type Signer = (bytes: Uint8Array) => Promise<Uint8Array>;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
const ORDER: bigint = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER: bigint = ORDER >> 1n;

/** Reads a public P-256 key strictly: nothing private, coordinates of exactly 32 bytes, and no use,
 * operation or algorithm that excludes checking an ES256 signature. Null otherwise. Whether the
 * point lies on the curve is judged by `importKey`. */
export function decodePublicJwk(value: Json | undefined): PublicJwk | null {
  if (!isObject(value)) return null;
  const is = (name: string, ...accepted: readonly unknown[]): boolean =>
    accepted.includes(member(value, name));
  const isPublic = is("kty", "EC") && is("crv", "P-256") && is("d", undefined);
  const mayVerify = is("use", undefined, "sig") && is("alg", undefined, "ES256");
  if (!isPublic || !mayVerify || !allowsVerifying(member(value, "key_ops"))) return null;
  const [x, y] = [member(value, "x"), member(value, "y")];
  return isCoordinate(x) && isCoordinate(y) ? { kty: "EC", crv: "P-256", x, y } : null;
}

function allowsVerifying(operations: Json | undefined): boolean {
  return operations === undefined || (isArray(operations) && operations.includes("verify"));
}

function isCoordinate(value: Json | undefined): value is string {
  return typeof value === "string" && decodeBase64Url(value)?.length === 32;
}

/** Imports a public key for checking signatures; null when it is no point of the curve. */
export async function importPublicKey(jwk: PublicJwk): Promise<CryptoKey | null> {
  const { kty, crv, x, y } = jwk;
  try {
    return await crypto.subtle.importKey("jwk", { kty, crv, x, y }, ALGORITHM, true, ["verify"]);
  } catch {
    return null;
  }
}

/** The public half of a key, ready for `cnf.jwk`. */
export async function exportPublicJwk(key: CryptoKey): Promise<PublicJwk> {
  const { x, y } = await crypto.subtle.exportKey("jwk", key);
  return { kty: "EC", crv: "P-256", x: x!, y: y! };
}

/** Are they one key? */
export function sameKey(a: PublicJwk, b: PublicJwk): boolean {
  return a.x === b.x && a.y === b.y;
}

/** Signs and brings the signature to its low-s form, so that each has one encoding only. */
export async function signEs256(key: CryptoKey | Signer, bytes: Bytes): Promise<Bytes> {
  const signature =
    typeof key === "function"
      ? await key(bytes)
      : new Uint8Array(await crypto.subtle.sign(SIGNATURE, key, bytes));
  return toLowS(signature);
}

/** The low-s form of a signature (64 bytes, r then s). */
export function toLowS(signature: Uint8Array): Bytes {
  const low = new Uint8Array(signature);
  const s = toInteger(low.subarray(32));
  if (s <= HALF_ORDER) return low;
  const hex = (ORDER - s).toString(16).padStart(64, "0");
  for (let i = 0; i < 32; i++) low[32 + i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return low;
}

/** Which forms of a signature are accepted: the low-s one alone, or both, for issuers elsewhere
 * whose software does not choose. */
export type SignatureForms = "low-s" | "any";

/** Judges the form of a signature: 64 bytes, both halves in [1, n−1], s in its lower half. */
export function judgeSignature(signature: Uint8Array, forms: SignatureForms): FaultCode | null {
  if (signature.length !== 64) return "credentials/signature-malformed";
  const r = toInteger(signature.subarray(0, 32));
  const s = toInteger(signature.subarray(32));
  const inRange = r > 0n && r < ORDER && s > 0n && s < ORDER;
  if (!inRange) return "credentials/signature-malformed";
  return s > HALF_ORDER && forms === "low-s" ? "credentials/signature-not-canonical" : null;
}

/** Checks a signature whose form has been judged. */
export async function verifyEs256(
  key: CryptoKey,
  bytes: Bytes,
  signature: Bytes,
): Promise<boolean> {
  return crypto.subtle.verify(SIGNATURE, key, signature, bytes);
}

function toInteger(bytes: Uint8Array): bigint {
  let hex = "0x";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}
