import type { Sha256 } from "@tallystick/log";

/** COSE algorithm numbers: -19 is Ed25519 (RFC 9864), -9 is ECDSA on P-256 with SHA-256. */
export type SignatureAlgorithm = -19 | -9;

/**
 * Judges one signature, synchronously and by the bytes alone. The public key is 32 bytes for
 * Ed25519 and x ‖ y, 64 bytes, for P-256; the signature is 64 bytes for both (r ‖ s for P-256).
 * Ed25519 is judged strictly: canonical encodings, S below the group order, no small-order point,
 * cofactorless. A key or signature that cannot be read is `false`, never an exception.
 */
export type SignatureVerifier = (
  algorithm: SignatureAlgorithm,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;

/** All that the ledger asks of the machine it runs on. */
export interface Host {
  readonly sha256: Sha256;
  readonly verify: SignatureVerifier;
}
