import { ed25519 } from "@noble/curves/ed25519.js";
import {
  assembleTransaction,
  type CoseKey,
  keyId,
  MAX_TRANSACTION_BYTES,
  signingBytes,
  type TransactionPayload,
} from "@tallystick/ledger";
import type { Hash, Sha256 } from "@tallystick/log";
import { SignError } from "./errors.ts";
import { normaliseLowS } from "./hosts/p256.ts";

const SIGNATURE_BYTES = 64;

/** COSE algorithm numbers: Ed25519 for members and staff, ESP256 for wallets. */
export type SigningAlgorithm = -19 | -9;

/** A key that can sign and never shows itself: a phone's, a node's, a security module's. */
export interface Signer {
  readonly algorithm: SigningAlgorithm;
  readonly key: CoseKey;
  readonly keyId: Hash;
  /** Signs the message itself (not a hash of it) and gives 64 bytes; ECDSA's s is low. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
}

/** A signer around a key that somebody else holds; what it returns is checked and made low-s. */
export const createSigner = (options: {
  readonly sha: Sha256;
  readonly key: CoseKey;
  readonly sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}): Signer => {
  const { sha, key } = options;
  const sign = async (message: Uint8Array): Promise<Uint8Array> => {
    const signature = await options.sign(message);
    if (signature.length !== SIGNATURE_BYTES) {
      throw new SignError("client/bad-signature-length", {
        message: `The key gave ${signature.length} bytes where a signature has ${SIGNATURE_BYTES}.`,
      });
    }
    return key.kind === "p256" ? normaliseLowS(signature) : signature;
  };
  return { algorithm: key.kind === "p256" ? -9 : -19, key, keyId: keyId(sha, key), sign };
};

/** A signer from a 32-byte Ed25519 seed, in plain JavaScript: demonstrations and tests. */
export const seedSigner = (sha: Sha256, seed: Uint8Array): Signer =>
  createSigner({
    sha,
    key: { kind: "ed25519", publicKey: ed25519.getPublicKey(seed) },
    sign: (message) => ed25519.sign(message, seed),
  });

/**
 * A signer from a WebCrypto key pair: ECDSA on P-256 or Ed25519. The private key may be (and in a
 * wallet is) not extractable. Throws SignError `client/key-not-supported`.
 */
export const webCryptoSigner = async (
  sha: Sha256,
  subtle: SubtleCrypto,
  pair: CryptoKeyPair,
): Promise<Signer> => {
  const raw = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const key = coseKeyOf(pair.publicKey.algorithm.name, raw);
  const algorithm = key.kind === "p256" ? { name: "ECDSA", hash: "SHA-256" } : { name: "Ed25519" };
  return createSigner({
    sha,
    key,
    sign: async (message) =>
      new Uint8Array(await subtle.sign(algorithm, pair.privateKey, message.slice())),
  });
};

const coseKeyOf = (name: string, raw: Uint8Array): CoseKey => {
  if (name === "Ed25519" && raw.length === 32) return { kind: "ed25519", publicKey: raw };
  if (name === "ECDSA" && raw.length === 65) return { kind: "p256", publicKey: raw.slice(1) };
  throw new SignError("client/key-not-supported", {
    message: "The ledger takes Ed25519 and ECDSA P-256 keys only.",
  });
};

export interface SignedTransaction {
  /** SHA-256 of the signed structure: known before anything is sent. */
  readonly id: Hash;
  readonly bytes: Uint8Array;
}

/**
 * Signs a payload for one network. `includeKey` puts the public key into the transaction: needed
 * while the ledger does not know the key, and always allowed, so that the receipt alone shows who
 * signed. Throws SignError (spec/transaction.md).
 */
export const signTransaction = async (options: {
  readonly sha: Sha256;
  readonly networkId: Hash;
  readonly payload: TransactionPayload;
  readonly signer: Signer;
  readonly includeKey?: boolean;
}): Promise<SignedTransaction> => {
  const { sha, networkId, payload, signer } = options;
  const parts = {
    networkId,
    algorithm: signer.algorithm,
    keyId: signer.keyId,
    payload,
    ...(options.includeKey === false ? {} : { key: signer.key }),
  };
  const message = signingBytes(parts);
  const bytes = assembleTransaction({ ...parts, signature: await signer.sign(message) });
  if (bytes.length > MAX_TRANSACTION_BYTES) {
    throw new SignError("client/too-large", {
      message: `This transaction has ${bytes.length} of at most ${MAX_TRANSACTION_BYTES} bytes.`,
    });
  }
  return { id: sha.one(message), bytes };
};
