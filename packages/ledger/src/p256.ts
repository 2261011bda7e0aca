import { compare, toHex } from "@tallystick/log";

// The curve P-256 (SEC 2 §2.4.2): y² = x³ - 3x + b over the field of PRIME.
const PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
/** The order of the group, halved and rounded down, in 32 bytes. */
const HALF_ORDER = new Uint8Array([
  0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
]);

/**
 * Whether x ‖ y, 64 bytes, is a point of the curve, written in its one way. Libraries differ on
 * what they do with other points, so none may reach them.
 */
export const isOnP256 = (publicKey: Uint8Array): boolean => {
  const x = BigInt(`0x${toHex(publicKey.subarray(0, 32))}`);
  const y = BigInt(`0x${toHex(publicKey.subarray(32))}`);
  if (x >= PRIME || y >= PRIME) return false;
  return (y * y - (x * x - 3n) * x - B) % PRIME === 0n;
};

/** Whether the s of a signature r ‖ s, 64 bytes, is in the lower half: of s and n - s, one is. */
export const isLowS = (signature: Uint8Array): boolean =>
  compare(signature.subarray(32), HALF_ORDER) <= 0;
