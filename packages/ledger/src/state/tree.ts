import { equal, type Hash } from "@tallystick/log";
import { bitAt, type InnerNode, isLeaf, type LeafNode, type Node } from "./node.ts";

// The compact sparse Merkle tree: a subtree with one key in it is that key's leaf, at whatever
// depth, so that the shape follows from the keys alone and not from the order they came in.

/** The subtree with the leaf put in, in place of the one with its key hash if there is one. */
export const putLeaf = (node: Node, depth: number, leaf: LeafNode, version: number): Node => {
  if (node === null) return leaf;
  if (isLeaf(node)) {
    return equal(node.keyHash, leaf.keyHash) ? leaf : part(node, leaf, depth, version);
  }
  const right = bitAt(leaf.keyHash, depth);
  const child = putLeaf(right ? node.right : node.left, depth + 1, leaf, version);
  return withChild(node, right, child, version);
};

/** The subtree without the leaf of that key hash, which must be in it. */
export const deleteLeaf = (
  node: LeafNode | InnerNode,
  depth: number,
  keyHash: Hash,
  version: number,
): Node => {
  if (isLeaf(node)) return null;
  const right = bitAt(keyHash, depth);
  const old = right ? node.right : node.left;
  if (old === null) throw new RangeError("the key is not in the tree");
  const child = deleteLeaf(old, depth + 1, keyHash, version);
  const other = right ? node.left : node.right;
  if (child === null && other !== null && isLeaf(other)) return other;
  if (other === null && child !== null && isLeaf(child)) return child;
  return withChild(node, right, child, version);
};

/** The leaf that the bits of the key hash lead to, whether or not it is the one meant. */
export const findLeaf = (root: Node, keyHash: Hash): LeafNode | null => {
  let node = root;
  for (let depth = 0; node !== null && !isLeaf(node); depth += 1) {
    node = bitAt(keyHash, depth) ? node.right : node.left;
  }
  return node;
};

const withChild = (node: InnerNode, right: boolean, child: Node, version: number): InnerNode => {
  if (node.version !== version) {
    const [left, other] = right ? [node.left, child] : [child, node.right];
    return { left, right: other, version, hash: null };
  }
  if (right) node.right = child;
  else node.left = child;
  node.hash = null;
  return node;
};

/** Inner nodes down to the bit in which two leaves differ. */
const part = (old: LeafNode, leaf: LeafNode, depth: number, version: number): InnerNode => {
  const right = bitAt(leaf.keyHash, depth);
  if (bitAt(old.keyHash, depth) !== right) {
    const [left, other] = right ? [old, leaf] : [leaf, old];
    return { left, right: other, version, hash: null };
  }
  const deeper = part(old, leaf, depth + 1, version);
  const [left, other] = right ? [null, deeper] : [deeper, null];
  return { left, right: other, version, hash: null };
};
