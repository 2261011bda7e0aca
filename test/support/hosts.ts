import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { sha256 as nobleHash } from "@noble/hashes/sha2.js";
import { concat, type Hash, type Sha256, type VerifyEd25519 } from "@tallystick/log";

const pairsBy =
  (one: Sha256["one"]): Sha256["pairs"] =>
  (blocks) => {
    const hashes: Uint8Array[] = [];
    for (let at = 0; at < blocks.length; at += 64) hashes.push(one(blocks.subarray(at, at + 64)));
    return concat(...hashes);
  };

const nodeOne = (bytes: Uint8Array): Hash =>
  new Uint8Array(createHash("sha256").update(bytes).digest());

/** SHA-256 by the runtime's OpenSSL. */
export const nodeSha256: Sha256 = { one: nodeOne, pairs: pairsBy(nodeOne) };

/** SHA-256 in JavaScript, as a browser without native code would run it. */
export const nobleSha256: Sha256 = { one: nobleHash, pairs: pairsBy(nobleHash) };

/** A key pair that is the same at every run. */
export interface TestKey {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");

/** The Ed25519 key whose seed is the SHA-256 of the name. */
export const ed25519Key = (name: string): TestKey => {
  const der = Buffer.concat([PKCS8_HEAD, nodeOne(Buffer.from(name))]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return {
    publicKey: new Uint8Array(spki.subarray(SPKI_HEAD.length)),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
};

const publicKeyObject = (publicKey: Uint8Array): KeyObject => {
  const der = Buffer.concat([SPKI_HEAD, publicKey]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
};

/** Ed25519 by the runtime's OpenSSL; a key that is no point verifies nothing. */
export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    return verify(null, message, publicKeyObject(publicKey), signature);
  } catch {
    return false;
  }
};
