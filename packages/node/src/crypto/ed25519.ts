import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/** Longest list of parsed public keys kept at hand; the oldest goes first. */
export const MAX_CACHED_KEYS = 4096;

export const ED25519_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;

// RFC 8410: the fixed head of a SubjectPublicKeyInfo and of a PKCS #8 document for Ed25519.
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** A key that signs bytes; the secret stays inside. */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** A signer from a 32-byte Ed25519 seed (RFC 8032 §5.1.5). */
export function ed25519Signer(seed: Uint8Array): Signer {
  if (seed.length !== ED25519_KEY_BYTES) throw new RangeError("an Ed25519 seed has 32 bytes");
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: "der",
    type: "pkcs8",
  });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    publicKey: new Uint8Array(spki.subarray(SPKI_HEAD.length)),
    sign: (message: Uint8Array): Uint8Array => new Uint8Array(sign(null, message, key)),
  };
}

/**
 * Strict verification: canonical encodings, S < L, no small-order A or R, cofactorless.
 * Never throws: whatever is not a signature by that key is false.
 */
export function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== ED25519_KEY_BYTES) return false;
  if (signature.length !== ED25519_SIGNATURE_BYTES) return false;
  const key = parsedKey(publicKey);
  if (key === null) return false;
  try {
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

const parsedKeys = new Map<string, KeyObject>();

function parsedKey(publicKey: Uint8Array): KeyObject | null {
  const name = Buffer.from(publicKey).toString("latin1");
  const known = parsedKeys.get(name);
  if (known !== undefined) return known;
  const key = parse(publicKey);
  if (key === null) return null;
  remember(parsedKeys, name, key);
  return key;
}

function parse(publicKey: Uint8Array): KeyObject | null {
  try {
    const spki = Buffer.concat([SPKI_HEAD, publicKey]);
    return createPublicKey({ key: spki, format: "der", type: "spki" });
  } catch {
    return null;
  }
}

/** Keeps `value` under `name`, dropping the oldest entry at the limit. */
export function remember<T>(cache: Map<string, T>, name: string, value: T): void {
  if (cache.size >= MAX_CACHED_KEYS) {
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
  cache.set(name, value);
}
