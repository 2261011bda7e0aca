import { concat, encodeUtf8, equal, HASH_BYTES, type Hash, type Sha256 } from "@tallystick/log";
import { decode, encode } from "../cbor.ts";
import { bytes, bytesOf, hash, list, orNull, record } from "../shape.ts";
import { bitAt, EMPTY, hashOf, hashStateLeaf, isLeaf, type Node } from "./node.ts";

/** Another key's leaf, standing where the key's own would stand. */
export interface OtherLeaf {
  readonly keyHash: Hash;
  readonly valueHash: Hash;
}

/** That a key has a value under a state root, or that it has none. spec/state-proof.md. */
export interface StateProof {
  readonly keyHash: Hash;
  /** Null says that the key is absent. */
  readonly value: Uint8Array | null;
  /** 256 bits: bit d, most significant first, is set when the path has a sibling at depth d. */
  readonly bitmap: Uint8Array;
  /** The siblings that are not empty, from the leaf up to the root. */
  readonly siblings: readonly Hash[];
  /** For an absent key: null when its slot is empty. */
  readonly otherLeaf: OtherLeaf | null;
}

export type StateProofCode =
  | "state-proof/not-deterministic"
  | "state-proof/bad-shape"
  | "state-proof/other-key"
  | "state-proof/wrong-root";

export type StateProofVerdict =
  | { readonly ok: true /** Null: proved absent. */; readonly value: Uint8Array | null }
  | { readonly ok: false; readonly code: StateProofCode };

export type StateProofDecoded =
  | { readonly ok: true; readonly proof: StateProof }
  | { readonly ok: false; readonly code: StateProofCode };

const KEY_BITS = 256;

const shape = record<StateProof>({
  keyHash: hash,
  value: orNull(bytes),
  bitmap: bytesOf(KEY_BITS / 8),
  siblings: list(hash, KEY_BITS),
  otherLeaf: orNull(record<OtherLeaf>({ keyHash: hash, valueHash: hash })),
});

/** [key hash, value or null, bitmap, [sibling, …], null or [key hash, value hash]]. */
export const encodeStateProof = (proof: StateProof): Uint8Array => encode(shape.encode(proof));

/** The proof out of its bytes: its form is checked here, what it proves by `verifyStateProof`. */
export const decodeStateProof = (bytes: Uint8Array): StateProofDecoded => {
  const decoded = decode(bytes);
  if (!decoded.ok) return { ok: false, code: "state-proof/not-deterministic" };
  const proof = shape.decode(decoded.value);
  if (proof === undefined || !isWellFormed(proof)) {
    return { ok: false, code: "state-proof/bad-shape" };
  }
  return { ok: true, proof };
};

/**
 * What the proof says about the key under the root: its value, or null for absent. Refuses with
 * `state-proof/bad-shape`, `state-proof/other-key` or `state-proof/wrong-root`, in that order.
 */
export const verifyStateProof = (
  sha: Sha256,
  root: Hash,
  module: string,
  key: Uint8Array,
  proof: StateProof,
): StateProofVerdict => {
  if (!isWellFormed(proof)) return { ok: false, code: "state-proof/bad-shape" };
  if (!equal(proof.keyHash, stateKeyHash(sha, module, key))) {
    return { ok: false, code: "state-proof/other-key" };
  }
  if (!equal(rootOf(sha, proof), root)) return { ok: false, code: "state-proof/wrong-root" };
  return { ok: true, value: proof.value };
};

const SEPARATOR = new Uint8Array(1);

/** What the tree sorts by: SHA-256(module ‖ 0x00 ‖ key). A module's name holds no 0x00. */
export const stateKeyHash = (sha: Sha256, module: string, key: Uint8Array): Hash =>
  sha.one(concat(encodeUtf8(module), SEPARATOR, key));

/** Walks down to where the key stands or would stand, noting what lies beside the path. */
export const proveKey = (sha: Sha256, root: Node, keyHash: Hash): StateProof => {
  hashOf(sha, root);
  const bitmap = new Uint8Array(KEY_BITS / 8);
  const siblings: Hash[] = [];
  let node = root;
  for (let depth = 0; node !== null && !isLeaf(node); depth += 1) {
    const right = bitAt(keyHash, depth);
    const sibling = right ? node.left : node.right;
    node = right ? node.right : node.left;
    if (sibling === null) continue;
    bitmap[depth >> 3] = (bitmap[depth >> 3] as number) | (0x80 >> (depth & 7));
    siblings.unshift(hashOf(sha, sibling));
  }
  const found = node !== null && equal(node.keyHash, keyHash) ? node : null;
  const other = found === null ? node : null;
  const otherLeaf =
    other === null ? null : { keyHash: other.keyHash, valueHash: sha.one(other.value) };
  return { keyHash, value: found?.value ?? null, bitmap, siblings, otherLeaf };
};

/** One proof has one form: no empty sibling, no sibling unannounced, no leaf that cannot be. */
const isWellFormed = (proof: StateProof): boolean => {
  const { keyHash, value, bitmap, siblings, otherLeaf } = proof;
  if (keyHash.length !== HASH_BYTES || bitmap.length !== KEY_BITS / 8) return false;
  if (siblings.some((sibling) => sibling.length !== HASH_BYTES || equal(sibling, EMPTY))) {
    return false;
  }
  const depths = depthsOf(bitmap);
  if (depths.length !== siblings.length) return false;
  if (otherLeaf === null) return true;
  if (otherLeaf.keyHash.length !== HASH_BYTES || otherLeaf.valueHash.length !== HASH_BYTES) {
    return false;
  }
  return value === null && !equal(otherLeaf.keyHash, keyHash);
};

/** Depths at which the path has a sibling, from the leaf up. */
const depthsOf = (bitmap: Uint8Array): number[] => {
  const depths: number[] = [];
  for (let depth = KEY_BITS - 1; depth >= 0; depth -= 1)
    if (bitAt(bitmap, depth)) depths.push(depth);
  return depths;
};

/** Above its deepest sibling nothing can part two leaves: the path ends just below it. */
const pathLength = (bitmap: Uint8Array): number => (depthsOf(bitmap)[0] ?? -1) + 1;

const rootOf = (sha: Sha256, proof: StateProof): Hash => {
  const { keyHash, bitmap, siblings } = proof;
  let node = startOf(sha, proof);
  let next = 0;
  for (let depth = pathLength(bitmap) - 1; depth >= 0; depth -= 1) {
    const sibling = bitAt(bitmap, depth) ? (siblings[next++] as Hash) : EMPTY;
    node = sha.one(bitAt(keyHash, depth) ? concat(sibling, node) : concat(node, sibling));
  }
  return node;
};

/** The hash at the lower end of the path. */
const startOf = (sha: Sha256, { keyHash, value, otherLeaf }: StateProof): Hash => {
  if (value !== null) return hashStateLeaf(sha, keyHash, sha.one(value));
  if (otherLeaf === null) return EMPTY;
  return hashStateLeaf(sha, otherLeaf.keyHash, otherLeaf.valueHash);
};
