import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { remember, type Signer } from "./ed25519.ts";

const COORDINATE_BYTES = 32;
const SIGNATURE_BYTES = 64;

// RFC 5480: the fixed head of a SubjectPublicKeyInfo for a point on P-256.
const SPKI_HEAD = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex");

/** Order of the group of P-256 (FIPS 186-5). */
const GROUP_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A signer from a 32-byte P-256 scalar; signatures are r‖s with the low s. */
export function p256Signer(scalar: Uint8Array): Signer {
  const point = publicPoint(scalar);
  const key = createPrivateKey({ key: p256Jwk(scalar), format: "jwk" });
  return {
    publicKey: point,
    sign: (message: Uint8Array): Uint8Array => lowS(fromDer(sign("sha256", message, key))),
  };
}

/** The private JSON Web Key of a P-256 scalar, for hosts that want a CryptoKey. */
export function p256Jwk(scalar: Uint8Array): {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d: string;
} {
  const point = Buffer.from(publicPoint(scalar));
  return {
    kty: "EC",
    crv: "P-256",
    x: point.subarray(0, COORDINATE_BYTES).toString("base64url"),
    y: point.subarray(COORDINATE_BYTES).toString("base64url"),
    d: Buffer.from(scalar).toString("base64url"),
  };
}

/**
 * Verifies ESP256 (RFC 9864): key x‖y, signature r‖s. That s is low is the decoder's check.
 * DER is made here because OpenSSL's own conversion costs more than the verification (TOOLS).
 */
export function verifyP256(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== 2 * COORDINATE_BYTES || signature.length !== SIGNATURE_BYTES) {
    return false;
  }
  const key = parsedKey(publicKey);
  if (key === null) return false;
  try {
    return verify("sha256", message, key, toDer(signature));
  } catch {
    return false;
  }
}

const parsedKeys = new Map<string, KeyObject>();

function parsedKey(publicKey: Uint8Array): KeyObject | null {
  const name = Buffer.from(publicKey).toString("latin1");
  const known = parsedKeys.get(name);
  if (known !== undefined) return known;
  try {
    const spki = Buffer.concat([SPKI_HEAD, publicKey]);
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    remember(parsedKeys, name, key);
    return key;
  } catch {
    return null;
  }
}

function publicPoint(scalar: Uint8Array): Uint8Array {
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(scalar);
  return new Uint8Array(curve.getPublicKey().subarray(1));
}

/** r‖s as the DER SEQUENCE of two INTEGERs that OpenSSL reads. */
export function toDer(signature: Uint8Array): Uint8Array {
  const r = derInteger(signature.subarray(0, COORDINATE_BYTES));
  const s = derInteger(signature.subarray(COORDINATE_BYTES));
  return Buffer.concat([Buffer.from([0x30, r.length + s.length]), r, s]);
}

function derInteger(magnitude: Uint8Array): Buffer {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  const pad = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.concat([Buffer.from([0x02, digits.length + pad.length, ...pad]), digits]);
}

function fromDer(der: Uint8Array): Uint8Array {
  const signature = new Uint8Array(SIGNATURE_BYTES);
  let at = 2;
  for (const end of [COORDINATE_BYTES, SIGNATURE_BYTES]) {
    const length = der[at + 1] ?? 0;
    let digits = der.subarray(at + 2, at + 2 + length);
    while (digits.length > COORDINATE_BYTES) digits = digits.subarray(1);
    signature.set(digits, end - digits.length);
    at += 2 + length;
  }
  return signature;
}

function lowS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(COORDINATE_BYTES)).toString("hex")}`);
  if (s <= GROUP_ORDER / 2n) return signature;
  const low = (GROUP_ORDER - s).toString(16).padStart(2 * COORDINATE_BYTES, "0");
  signature.set(Buffer.from(low, "hex"), COORDINATE_BYTES);
  return signature;
}
