import { concat } from "./bytes.ts";

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;

export const HASH_BYTES = 32;

/** SHA-256 as the host hands it in. Both are pure: equal input, equal output, input left alone. */
export interface Sha256 {
  /** SHA-256 of the bytes. */
  one(bytes: Uint8Array): Uint8Array;
  /** n blocks of 64 bytes, one after the other → their n hashes of 32 bytes. */
  pairs(blocks: Uint8Array): Uint8Array;
}

const LEAF_PREFIX = new Uint8Array([0]);
const NODE_PREFIX = new Uint8Array([1]);

/** RFC 6962 §2.1: SHA-256(0x00 ‖ data). */
export const hashLeaf = (sha: Sha256, data: Uint8Array): Hash => sha.one(concat(LEAF_PREFIX, data));

/** RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). */
export const hashNode = (sha: Sha256, left: Hash, right: Hash): Hash =>
  sha.one(concat(NODE_PREFIX, left, right));

/** RFC 6962 §2.1: the root of the tree with no leaf, SHA-256 of nothing. */
export const emptyRoot = (sha: Sha256): Hash => sha.one(new Uint8Array(0));
