import { equal } from "./bytes.ts";
import { isCount } from "./decimal.ts";
import { emptyRoot, HASH_BYTES, type Hash, hashNode, type Sha256 } from "./hash.ts";

/** A claim that a leaf stands at `index` of the tree of `size` leaves. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Hash;
  readonly proof: readonly Hash[];
}

/** A claim that the old tree is the beginning of the new one. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Hash;
  readonly newRoot: Hash;
  readonly proof: readonly Hash[];
}

const isHash = (hash: Uint8Array): boolean => hash.length === HASH_BYTES;
const half = (n: number): number => Math.floor(n / 2);

/** RFC 9162 §2.1.3.2. The root that the proof leads to, or null when its shape cannot be right. */
export const rootFromInclusion = (sha: Sha256, claim: InclusionClaim): Hash | null => {
  const { index, size, leafHash, proof } = claim;
  if (!isCount(index) || !isCount(size) || index >= size) return null;
  if (!isHash(leafHash) || !proof.every(isHash)) return null;
  let node = index;
  let last = size - 1;
  let root = leafHash;
  for (const sibling of proof) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      root = hashNode(sha, sibling, root);
      // A right edge without sibling is lifted unchanged until it has one.
      while (node % 2 === 0 && node > 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      root = hashNode(sha, root, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 ? root : null;
};

/** Whether the leaf stands in the tree that has this root. */
export const verifyInclusion = (
  sha: Sha256,
  claim: InclusionClaim & { readonly root: Hash },
): boolean => {
  const root = rootFromInclusion(sha, claim);
  return root !== null && equal(root, claim.root);
};

/** RFC 9162 §2.1.4.2. Whether the old tree is a prefix of the new one. */
export const verifyConsistency = (sha: Sha256, claim: ConsistencyClaim): boolean => {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) return false;
  if (!isHash(oldRoot) || !isHash(newRoot) || !proof.every(isHash)) return false;
  if (oldSize === 0) {
    const newIsKnown = newSize > 0 || equal(newRoot, oldRoot);
    return proof.length === 0 && newIsKnown && equal(oldRoot, emptyRoot(sha));
  }
  if (oldSize === newSize) return proof.length === 0 && equal(oldRoot, newRoot);
  const roots = rootsFromConsistency(sha, claim);
  return roots !== null && equal(roots.old, oldRoot) && equal(roots.new, newRoot);
};

const rootsFromConsistency = (
  sha: Sha256,
  { oldSize, newSize, oldRoot, proof }: ConsistencyClaim,
): { old: Hash; new: Hash } | null => {
  let node = oldSize - 1;
  let last = newSize - 1;
  while (node % 2 === 1) {
    node = half(node);
    last = half(last);
  }
  // When the old size is a power of two its root is a node of the new tree and is not sent.
  const path = node === 0 ? [oldRoot, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) return null;
  let old = first;
  let grown = first;
  for (const sibling of rest) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      old = hashNode(sha, sibling, old);
      grown = hashNode(sha, sibling, grown);
      while (node % 2 === 0 && node > 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      grown = hashNode(sha, grown, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 ? { old, new: grown } : null;
};
