import { createPublicKey, verify } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import {
  assembleTransaction,
  type CoseKey,
  type Host,
  keyId,
  type SignatureAlgorithm,
  type SignatureVerifier,
  signingBytes,
  type TransactionPayload,
  type UnsignedTransaction,
} from "@tallystick/ledger";
import { type Hash, toBase64Url } from "@tallystick/log";
import { ed25519Key, nodeSha256, verifyEd25519 } from "./hosts.ts";

/** A signer of transactions that is the same at every run. */
export interface TestSigner {
  readonly algorithm: SignatureAlgorithm;
  readonly key: CoseKey;
  readonly keyId: Hash;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** A member's or officer's signer: the Ed25519 key whose seed is the SHA-256 of the name. */
export const ed25519Signer = (name: string): TestSigner => {
  const { publicKey, sign } = ed25519Key(name);
  const key: CoseKey = { kind: "ed25519", publicKey };
  return { algorithm: -19, key, keyId: keyId(nodeSha256, key), sign };
};

/** A wallet's signer: the P-256 key whose secret is the SHA-256 of the name; signs by RFC 6979. */
export const p256Signer = (name: string): TestSigner => {
  const secret = nodeSha256.one(Buffer.from(name));
  const key: CoseKey = { kind: "p256", publicKey: p256.getPublicKey(secret, false).slice(1) };
  const sign = (message: Uint8Array): Uint8Array => p256.sign(message, secret, { lowS: true });
  return { algorithm: -9, key, keyId: keyId(nodeSha256, key), sign };
};

const verifyP256 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  const x = toBase64Url(publicKey.subarray(0, 32));
  const y = toBase64Url(publicKey.subarray(32));
  try {
    const key = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
    return verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature);
  } catch {
    return false;
  }
};

export const verifySignature: SignatureVerifier = (algorithm, publicKey, message, signature) =>
  (algorithm === -19 ? verifyEd25519 : verifyP256)(publicKey, message, signature);

/** A host on the runtime's own cryptography. */
export const nodeHost: Host = { sha256: nodeSha256, verify: verifySignature };

/** Bytes of a transaction, signed; with the key in its header unless `withKey` is false. */
export const signTransaction = (options: {
  readonly networkId: Hash;
  readonly signer: TestSigner;
  readonly payload: TransactionPayload;
  readonly withKey?: boolean;
}): Uint8Array => {
  const { networkId, signer, payload } = options;
  const { algorithm, keyId } = signer;
  const key = options.withKey === false ? null : signer.key;
  const unsigned: UnsignedTransaction = { networkId, algorithm, keyId, key, payload };
  return assembleTransaction({ ...unsigned, signature: signer.sign(signingBytes(unsigned)) });
};
