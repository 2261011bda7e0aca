import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";

const { Point } = ed25519;
type EdPoint = InstanceType<typeof Point>;

const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const ORDER = Point.Fn.ORDER;

const littleEndian = (bytes: Uint8Array): bigint => {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]!);
  return value;
};

/** A point in its one canonical encoding that is not of small order, else null. */
const decodePoint = (bytes: Uint8Array): EdPoint | null => {
  try {
    const point = Point.fromBytes(bytes, false);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
};

const challenge = (r: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint => {
  const hash = sha512.create().update(r).update(publicKey).update(message).digest();
  return littleEndian(hash) % ORDER;
};

const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, at) => byte === b[at]);

/**
 * Verifies an Ed25519 signature by the strict rule that every node of the network applies:
 * canonical encodings only, S below the group order, A and R not of small order, and the equation
 * without the cofactor (R is recomputed and its bytes compared). Any other rule could accept what a
 * node refuses. Wrong lengths are simply false.
 */
export const verifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean => {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= ORDER) return false;
  const a = decodePoint(publicKey);
  if (a === null || decodePoint(r) === null) return false;
  const k = challenge(r, publicKey, message);
  const recomputed = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
  return equalBytes(recomputed.toBytes(), r);
};
