import { p256 } from "@noble/curves/nist.js";

const COORDINATES_BYTES = 64;
const SIGNATURE_BYTES = 64;
const UNCOMPRESSED = 0x04;

/** The order n of the P-256 group, and the largest s that counts as low. */
export const P256_ORDER: bigint = p256.Point.Fn.ORDER;
const LARGEST_LOW_S = P256_ORDER >> 1n;

const bigEndian = (bytes: Uint8Array): bigint =>
  bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

/**
 * Turns an ECDSA signature r ‖ s (64 bytes) into its low-s twin. WebCrypto gives either of the two;
 * the ledger takes only the low one, so that nobody can re-sign a transaction without its key.
 */
export const normaliseLowS = (signature: Uint8Array): Uint8Array => {
  if (signature.length !== SIGNATURE_BYTES) throw new RangeError("a signature has 64 bytes");
  const s = bigEndian(signature.subarray(32));
  if (s <= LARGEST_LOW_S) return signature;
  const normal = signature.slice();
  let low = P256_ORDER - s;
  for (let at = 63; at >= 32; at--) {
    normal[at] = Number(low & 0xffn);
    low >>= 8n;
  }
  return normal;
};

/**
 * Verifies ECDSA on P-256 with SHA-256 (COSE ESP256). `publicKey` is x ‖ y, `signature` is r ‖ s,
 * 64 bytes each; a high s is refused, as is a key that is no point of the curve.
 */
export const verifyP256 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean => {
  if (publicKey.length !== COORDINATES_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  const point = new Uint8Array(COORDINATES_BYTES + 1);
  point[0] = UNCOMPRESSED;
  point.set(publicKey, 1);
  try {
    return p256.verify(signature, message, point, { lowS: true, prehash: true });
  } catch {
    return false;
  }
};
