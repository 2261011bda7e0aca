import { fromBase64, toBase64 } from "./base64.ts";
import { concat, equal } from "./bytes.ts";
import type { Sha256 } from "./hash.ts";
import { fromHex, toHex } from "./hex.ts";
import { encodeUtf8, utf8Length } from "./utf8.ts";

/** A log's own Ed25519 signature over the note's text. */
export const LOG_KEY_TYPE = 0x01;
/** A timestamped Ed25519 cosignature. */
export const COSIGNER_KEY_TYPE = 0x04;
export const KEY_HASH_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;

/** A key that signs notes (C2SP signed-note). The public key is 32 bytes of Ed25519. */
export interface NoteKey {
  readonly name: string;
  readonly type: 0x01 | 0x04;
  readonly publicKey: Uint8Array;
}

const SPACES_BEYOND_ASCII: ReadonlySet<number> = new Set([
  0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
  0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]);

/** Whether a key may bear this name: not empty, no space of any kind, no control, no plus. */
export const isKeyName = (name: string): boolean => {
  if (name.length === 0 || utf8Length(name) === null) return false;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code <= 0x20 || code === 0x2b) return false;
    if (SPACES_BEYOND_ASCII.has(code)) return false;
  }
  return true;
};

/** The first 4 bytes of SHA-256(name ‖ "\n" ‖ type ‖ public key): what a signature line names. */
export const keyHash = (sha: Sha256, key: NoteKey): Uint8Array => {
  const named = concat(encodeUtf8(`${key.name}\n`), new Uint8Array([key.type]), key.publicKey);
  return sha.one(named).slice(0, KEY_HASH_BYTES);
};

/**
 * `<name>+<key hash in hex>+<base64 of type and public key>`, for example
 * `example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k`.
 */
export const formatVerifierKey = (sha: Sha256, key: NoteKey): string => {
  if (!isKeyName(key.name)) throw new RangeError("not a key name");
  if (key.publicKey.length !== PUBLIC_KEY_BYTES) throw new RangeError("a public key has 32 bytes");
  const material = concat(new Uint8Array([key.type]), key.publicKey);
  return `${key.name}+${toHex(keyHash(sha, key))}+${toBase64(material)}`;
};

/** The key, or null when the text is not a vkey of type 0x01 or 0x04 or its hash does not fit. */
export const parseVerifierKey = (
  sha: Sha256,
  text: string,
): (NoteKey & { readonly keyHash: Uint8Array }) | null => {
  const firstPlus = text.indexOf("+");
  const secondPlus = text.indexOf("+", firstPlus + 1);
  if (firstPlus < 0 || secondPlus < 0) return null;
  const name = text.slice(0, firstPlus);
  const stated = fromHex(text.slice(firstPlus + 1, secondPlus));
  const material = fromBase64(text.slice(secondPlus + 1));
  if (!isKeyName(name) || stated === null || material?.length !== 1 + PUBLIC_KEY_BYTES) return null;
  const type = material[0];
  if (type !== LOG_KEY_TYPE && type !== COSIGNER_KEY_TYPE) return null;
  const key: NoteKey = { name, type, publicKey: material.slice(1) };
  const computed = keyHash(sha, key);
  return equal(stated, computed) ? { ...key, keyHash: computed } : null;
};
