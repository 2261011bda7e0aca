import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { demonstrationKey } from "@tallystick/node/demonstration-key";

/** PKCS #8 heads (RFC 8410) before the 32 secret bytes of an Ed25519 and an X25519 key. */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
const PKCS8_X25519 = Buffer.from("302e020100300506032b656e04220420", "hex");
const RAW_KEY_BYTES = 32;

/** The keys of one demonstration, derived from its genesis' random bytes: they are public. */
export interface DemonstrationKeys {
  /** The 32 secret bytes under a name such as `avonbridge/act`. */
  readonly secret: (name: string) => Uint8Array;
  readonly ed25519: (name: string) => Uint8Array;
  readonly x25519: (name: string) => Uint8Array;
  /** The 64 bytes x ‖ y of a P-256 public key. */
  readonly p256: (name: string) => Uint8Array;
}

export function demonstrationKeys(random: Uint8Array): DemonstrationKeys {
  const secret = (name: string): Uint8Array => demonstrationKey(random, name);
  return {
    secret,
    ed25519: (name) => rawPublic(privateKey(PKCS8_ED25519, secret(name))),
    x25519: (name) => rawPublic(privateKey(PKCS8_X25519, secret(name))),
    p256: (name) => {
      const curve = createECDH("prime256v1");
      curve.setPrivateKey(secret(name));
      return new Uint8Array(curve.getPublicKey().subarray(1));
    },
  };
}

const privateKey = (head: Buffer, secret: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([head, secret]), format: "der", type: "pkcs8" });

/** The last 32 bytes of a SubjectPublicKeyInfo are the raw key, for both curves (RFC 8410). */
const rawPublic = (key: KeyObject): Uint8Array =>
  new Uint8Array(
    createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-RAW_KEY_BYTES),
  );
