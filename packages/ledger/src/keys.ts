import { concat, type Hash, type Sha256 } from "@tallystick/log";
import type { SignatureAlgorithm } from "./host.ts";
import { isOnP256 } from "./p256.ts";

/** A public key that signs transactions. */
export type CoseKey =
  | { readonly kind: "ed25519" /** 32 bytes. */; readonly publicKey: Uint8Array }
  | { readonly kind: "p256" /** x ‖ y, 64 bytes. */; readonly publicKey: Uint8Array };

/** {1: 1 (OKP), -1: 6 (Ed25519), -2: 32 bytes}, up to where x begins. */
const OKP_HEAD = new Uint8Array([0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20]);
/** {1: 2 (EC2), -1: 1 (P-256), -2: 32 bytes, -3: 32 bytes}, up to where x begins. */
const EC2_HEAD = new Uint8Array([0xa4, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x20]);
/** What stands between x and y. */
const EC2_MIDDLE = new Uint8Array([0x22, 0x58, 0x20]);

const OKP_BYTES = 40;
const EC2_BYTES = 75;

/** The COSE algorithm that a key of this kind signs with. */
export const algorithmOf = (key: CoseKey): SignatureAlgorithm =>
  key.kind === "ed25519" ? -19 : -9;

/**
 * COSE_Key (RFC 9052 §7) with its required parameters alone, in RFC 8949 §4.2 order: 40 bytes for
 * Ed25519, 75 for P-256. Throws RangeError for a public key of another length. spec/transaction.md.
 */
export const encodeCoseKey = (key: CoseKey): Uint8Array => {
  const wanted = key.kind === "ed25519" ? 32 : 64;
  if (key.publicKey.length !== wanted)
    throw new RangeError(`a ${key.kind} key has ${wanted} bytes`);
  if (key.kind === "ed25519") return concat(OKP_HEAD, key.publicKey);
  const x = key.publicKey.subarray(0, 32);
  const y = key.publicKey.subarray(32);
  return concat(EC2_HEAD, x, EC2_MIDDLE, y);
};

/** The key, or null when the bytes are not exactly what `encodeCoseKey` writes for a point. */
export const decodeCoseKey = (bytes: Uint8Array): CoseKey | null => {
  if (bytes.length === OKP_BYTES && holdsAt(bytes, OKP_HEAD, 0)) {
    return { kind: "ed25519", publicKey: bytes.slice(8) };
  }
  if (bytes.length !== EC2_BYTES || !holdsAt(bytes, EC2_HEAD, 0)) return null;
  if (!holdsAt(bytes, EC2_MIDDLE, 40)) return null;
  const publicKey = concat(bytes.subarray(8, 40), bytes.subarray(43));
  return isOnP256(publicKey) ? { kind: "p256", publicKey } : null;
};

/** The key's id: its RFC 9679 thumbprint, SHA-256 of `encodeCoseKey(key)`. */
export const keyId = (sha: Sha256, key: CoseKey): Hash => sha.one(encodeCoseKey(key));

const holdsAt = (bytes: Uint8Array, part: Uint8Array, start: number): boolean => {
  for (let i = 0; i < part.length; i += 1) if (bytes[start + i] !== part[i]) return false;
  return true;
};
