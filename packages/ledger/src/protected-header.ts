import { concat, equal, type Hash, type Sha256 } from "@tallystick/log";
import { encode } from "./cbor.ts";
import { CborReader, MAJOR } from "./cbor-reader.ts";
import type { SignatureAlgorithm } from "./host.ts";
import { algorithmOf, type CoseKey, decodeCoseKey, encodeCoseKey, keyId } from "./keys.ts";
import type { TransactionCode } from "./transaction-code.ts";

/** Which key signs and how: {1: algorithm, 4: key id} or {1: …, 4: …, -65537: COSE_Key}. */
export interface ProtectedHeader {
  readonly algorithm: SignatureAlgorithm;
  readonly keyId: Hash;
  /** Needed while the key is not in state, allowed always. */
  readonly key: CoseKey | null;
}

/** COSE header labels (RFC 9052 §3.1); -65537 is in the range for private use. */
const LABEL = { algorithm: 1n, keyId: 4n, key: -65537n } as const;

/** Heads of a map of two and of three entries. */
const MAP_OF_2 = new Uint8Array([0xa2]);
const MAP_OF_3 = new Uint8Array([0xa3]);

export type HeaderDecoded =
  | { readonly ok: true; readonly header: ProtectedHeader }
  | { readonly ok: false; readonly code: TransactionCode };

const refuse = (code: TransactionCode): HeaderDecoded => ({ ok: false, code });

/** The header's bytes, its labels in the order of RFC 8949 §4.2. */
export const encodeProtectedHeader = (header: ProtectedHeader): Uint8Array => {
  const always = concat(
    encode(LABEL.algorithm),
    encode(header.algorithm),
    encode(LABEL.keyId),
    encode(header.keyId),
  );
  if (header.key === null) return concat(MAP_OF_2, always);
  return concat(MAP_OF_3, always, encode(LABEL.key), encodeCoseKey(header.key));
};

/** The header out of its bytes: labels, algorithm, key id and key are looked at in that order. */
export const decodeProtectedHeader = (sha: Sha256, bytes: Uint8Array): HeaderDecoded => {
  const entries = readEntries(bytes);
  if (entries === null) return refuse("transaction/bad-protected-header");
  const { algorithm, kid, keyBytes } = entries;
  if (algorithm !== -19n && algorithm !== -9n) return refuse("transaction/unknown-algorithm");
  if (kid.length !== 32) return refuse("transaction/bad-key-id");
  const known = { algorithm: Number(algorithm) as SignatureAlgorithm, keyId: kid };
  if (keyBytes === null) return { ok: true, header: { ...known, key: null } };
  const key = decodeCoseKey(keyBytes);
  if (key === null) return refuse("transaction/bad-key");
  if (algorithmOf(key) !== known.algorithm) {
    return refuse("transaction/key-does-not-fit-algorithm");
  }
  if (!equal(keyId(sha, key), kid)) return refuse("transaction/key-does-not-fit-id");
  return { ok: true, header: { ...known, key } };
};

interface Entries {
  readonly algorithm: unknown;
  readonly kid: Uint8Array;
  readonly keyBytes: Uint8Array | null;
}

const readEntries = (bytes: Uint8Array): Entries | null => {
  const reader = new CborReader(bytes);
  if (!reader.head() || reader.major !== MAJOR.map) return null;
  const count = reader.low;
  if (count !== 2 && count !== 3) return null;
  if (reader.item() !== LABEL.algorithm) return null;
  const algorithm = reader.item();
  if (algorithm === undefined || reader.item() !== LABEL.keyId) return null;
  const kid = reader.item();
  if (!(kid instanceof Uint8Array)) return null;
  if (count === 2) return reader.at === bytes.length ? { algorithm, kid, keyBytes: null } : null;
  if (reader.item() !== LABEL.key) return null;
  return { algorithm, kid, keyBytes: bytes.subarray(reader.at) };
};
