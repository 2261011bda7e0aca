import { emptyRoot, HASH_BYTES, type Hash, type Sha256 } from "./hash.ts";

const NODE_BYTES = 1 + 2 * HASH_BYTES;
const FIRST_CAPACITY = 64;

/** A growing column of hashes in one flat buffer. */
class HashColumn {
  #bytes: Uint8Array = new Uint8Array(FIRST_CAPACITY * HASH_BYTES);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(hash: Hash): void {
    const at = this.#count * HASH_BYTES;
    if (at === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(hash, at);
    this.#count++;
  }

  /** A view into the buffer, to be copied before anything is pushed. */
  view(first: number, count: number): Uint8Array {
    return this.#bytes.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES);
  }
}

/**
 * The append-only Merkle tree of RFC 6962 §2.1, in memory. Every complete subtree's hash is kept
 * (64 bytes a leaf), so that a root or a proof of any size up to the present one costs O(log n).
 * What is out of range is the caller's fault and throws RangeError.
 */
export class LogTree {
  readonly #sha: Sha256;
  /** #levels[l] holds, in order, the hash of each complete subtree of 2^l leaves. */
  readonly #levels: HashColumn[] = [new HashColumn()];
  readonly #block: Uint8Array = new Uint8Array(NODE_BYTES).fill(1, 0, 1);

  constructor(sha: Sha256) {
    this.#sha = sha;
  }

  /** Number of leaves. */
  get size(): number {
    return (this.#levels[0] as HashColumn).count;
  }

  /** Adds one leaf by its hash (`hashLeaf` of its data). */
  append(leafHash: Hash): void {
    if (leafHash.length !== HASH_BYTES) throw new RangeError("a leaf hash has 32 bytes");
    let level = 0;
    let index = this.size;
    (this.#levels[0] as HashColumn).push(leafHash);
    while (index % 2 === 1) {
      const pair = (this.#levels[level] as HashColumn).view(index - 1, 2);
      this.#block.set(pair, 1);
      level++;
      index = (index - 1) / 2;
      if (level === this.#levels.length) this.#levels.push(new HashColumn());
      (this.#levels[level] as HashColumn).push(this.#sha.one(this.#block));
    }
  }

  /** The root over the first `size` leaves; over all of them when no size is given. */
  root(size: number = this.size): Hash {
    this.#checkSize(size);
    return size === 0 ? emptyRoot(this.#sha) : this.#rangeRoot(0, size);
  }

  /** RFC 6962 §2.1.1: siblings from the leaf's to the root's child. */
  inclusionProof(index: number, size: number): Hash[] {
    this.#checkSize(size);
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new RangeError("the index lies outside the tree");
    }
    const proof: Hash[] = [];
    let start = 0;
    let end = size;
    while (end - start > 1) {
      const middle = start + largestPowerBelow(end - start);
      if (index < middle) {
        proof.push(this.#rangeRoot(middle, end));
        end = middle;
      } else {
        proof.push(this.#rangeRoot(start, middle));
        start = middle;
      }
    }
    return proof.reverse();
  }

  /** RFC 6962 §2.1.2. Empty when the sizes are equal or the old tree had no leaf. */
  consistencyProof(oldSize: number, newSize: number): Hash[] {
    this.#checkSize(newSize);
    if (!Number.isInteger(oldSize) || oldSize < 0 || oldSize > newSize) {
      throw new RangeError("the old size lies outside the tree");
    }
    if (oldSize === 0) return [];
    const proof: Hash[] = [];
    let start = 0;
    let end = newSize;
    while (oldSize !== end) {
      const middle = start + largestPowerBelow(end - start);
      if (oldSize <= middle) {
        proof.push(this.#rangeRoot(middle, end));
        end = middle;
      } else {
        proof.push(this.#rangeRoot(start, middle));
        start = middle;
      }
    }
    // The verifier holds the old root already, so it is left out where it is a node by itself.
    if (start > 0) proof.push(this.#rangeRoot(start, end));
    return proof.reverse();
  }

  leafHash(index: number): Hash {
    return this.subtreeHash(0, index);
  }

  /** The hash over the leaves [index · 2^level, (index + 1) · 2^level), all of which must exist. */
  subtreeHash(level: number, index: number): Hash {
    return this.subtreeHashes(level, index, 1);
  }

  /** `count` neighbouring subtree hashes, one after the other, as tiles hold them. */
  subtreeHashes(level: number, first: number, count: number): Uint8Array {
    const column = this.#levels[level];
    const within = Number.isInteger(first) && first >= 0 && Number.isInteger(count) && count >= 0;
    if (column === undefined || !within || first + count > column.count) {
      throw new RangeError("the subtree is not complete");
    }
    return column.view(first, count).slice();
  }

  #checkSize(size: number): void {
    if (!Number.isInteger(size) || size < 0 || size > this.size) {
      throw new RangeError("the size lies outside the tree");
    }
  }

  /** RFC 6962's MTH over [start, end); start is a multiple of the largest power of two in it. */
  #rangeRoot(start: number, end: number): Hash {
    const peaks: Hash[] = [];
    let at = start;
    while (at < end) {
      let level = 0;
      let width = 1;
      while (2 * width <= end - at) {
        width *= 2;
        level++;
      }
      peaks.push((this.#levels[level] as HashColumn).view(at / width, 1));
      at += width;
    }
    let root: Hash = (peaks.pop() as Hash).slice();
    for (let peak = peaks.pop(); peak !== undefined; peak = peaks.pop()) {
      this.#block.set(peak, 1);
      this.#block.set(root, 1 + HASH_BYTES);
      root = this.#sha.one(this.#block);
    }
    return root;
  }
}

/** RFC 6962's k: the largest power of two smaller than n, for n ≥ 2. */
const largestPowerBelow = (n: number): number => {
  let power = 1;
  while (2 * power < n) power *= 2;
  return power;
};
