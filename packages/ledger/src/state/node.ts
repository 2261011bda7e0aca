import { HASH_BYTES, type Hash, type Sha256 } from "@tallystick/log";

/** One key and its value. Never changed once made; its hash is filled in when first asked for. */
export interface LeafNode {
  readonly keyHash: Hash;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  hash: Hash | null;
}

/**
 * A place where keys part. It may be changed by the version that made it and by no other, so
 * that snapshots share all that has not changed since.
 */
export interface InnerNode {
  left: Node;
  right: Node;
  readonly version: number;
  hash: Hash | null;
}

/** Null is a subtree with no key in it. */
export type Node = LeafNode | InnerNode | null;

/** The hash of an empty subtree, and the root of the empty map. */
export const EMPTY: Hash = new Uint8Array(HASH_BYTES);

const LEAF_BYTES = 1 + 2 * HASH_BYTES;

export const isLeaf = (node: LeafNode | InnerNode): node is LeafNode => "keyHash" in node;

/** Bit `depth` of the key hash, 0 being the most significant: true leads to the right. */
export const bitAt = (keyHash: Hash, depth: number): boolean =>
  (((keyHash[depth >> 3] as number) >> (7 - (depth & 7))) & 1) === 1;

/** SHA-256(0x00 ‖ key hash ‖ SHA-256(value)): 65 bytes, so that no inner node can look like it. */
export const hashStateLeaf = (sha: Sha256, keyHash: Hash, valueHash: Hash): Hash => {
  const block = new Uint8Array(LEAF_BYTES);
  block.set(keyHash, 1);
  block.set(valueHash, 1 + HASH_BYTES);
  return sha.one(block);
};

/** The subtree's hash, when it is known already. */
const knownHash = (node: Node): Hash | null => (node === null ? EMPTY : node.hash);

/** The subtree's hash; everything changed since the last time is hashed level by level. */
export const hashOf = (sha: Sha256, node: Node): Hash => {
  const known = knownHash(node);
  if (known !== null) return known;
  const levels: InnerNode[][] = [];
  gather(sha, node as LeafNode | InnerNode, levels);
  for (const level of levels) hashLevel(sha, level);
  return knownHash(node) as Hash;
};

/** Hashes new leaves and sorts new inner nodes by how many levels of new nodes lie below them. */
const gather = (sha: Sha256, node: LeafNode | InnerNode, levels: InnerNode[][]): number => {
  if (isLeaf(node)) {
    node.hash = hashStateLeaf(sha, node.keyHash, sha.one(node.value));
    return 0;
  }
  let height = 0;
  for (const child of [node.left, node.right]) {
    if (child !== null && child.hash === null)
      height = Math.max(height, gather(sha, child, levels));
  }
  const level = levels[height] ?? [];
  level.push(node);
  levels[height] = level;
  return height + 1;
};

/** One call of the host for the whole level: hashing in bulk is several times faster. */
const hashLevel = (sha: Sha256, level: readonly InnerNode[]): void => {
  const blocks = new Uint8Array(level.length * 2 * HASH_BYTES);
  for (const [at, node] of level.entries()) {
    blocks.set(knownHash(node.left) as Hash, at * 2 * HASH_BYTES);
    blocks.set(knownHash(node.right) as Hash, (at * 2 + 1) * HASH_BYTES);
  }
  const hashes = sha.pairs(blocks);
  for (const [at, node] of level.entries()) {
    node.hash = hashes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES);
  }
};
