import { createCipheriv, createDecipheriv, getRandomValues, randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OWNER_ALONE = 0o600;

/** Bytes under AES-256-GCM: the ciphertext has the 16-byte tag at its end. */
export interface Sealed {
  /** 12 random bytes. */
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}

/**
 * A member's own key, which wraps the key of each case and never leaves its keeper: a file here, a
 * key management service or hardware module elsewhere. `context` is bound into what it wraps.
 */
export interface MemberKey {
  wrap(dataKey: Uint8Array, context: Uint8Array): Promise<Sealed>;
  /** Null when it is not what this key wrapped in this context. */
  unwrap(wrapped: Sealed, context: Uint8Array): Promise<Uint8Array | null>;
}

/** Seals bytes under a 32-byte key with a fresh random nonce. */
export function sealBytes(key: Uint8Array, bytes: Uint8Array, context: Uint8Array): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(context);
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  return { nonce: new Uint8Array(nonce), sealed: new Uint8Array(sealed) };
}

/** What was sealed, or null when key, context or a byte of it is another. */
export function openBytes(
  key: Uint8Array,
  { nonce, sealed }: Sealed,
  context: Uint8Array,
): Uint8Array | null {
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) return null;
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(context).setAuthTag(sealed.subarray(end));
  try {
    const bytes = Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
    return new Uint8Array(bytes);
  } catch {
    return null;
  }
}

/** 32 fresh random bytes for one case. The caller fills them with zeros when done. */
export const newDataKey = (): Uint8Array => getRandomValues(new Uint8Array(KEY_BYTES));

/** The member's key in a file that its owner alone may read; made when it is not there. */
export function fileMemberKey(path: string): MemberKey {
  if (!existsSync(path)) {
    writeFileSync(path, randomBytes(KEY_BYTES), { mode: OWNER_ALONE, flag: "wx", flush: true });
  }
  chmodSync(path, OWNER_ALONE);
  const key = new Uint8Array(readFileSync(path));
  if (key.length !== KEY_BYTES) throw new RangeError(`${path} does not hold a member's key`);
  return {
    wrap: async (dataKey, context): Promise<Sealed> => sealBytes(key, dataKey, context),
    unwrap: async (wrapped, context): Promise<Uint8Array | null> =>
      openBytes(key, wrapped, context),
  };
}
