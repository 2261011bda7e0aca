import { expect, test } from "vitest";
import { nodeSha256 as sha } from "../../../test/support/hosts.ts";
import { emptyRoot, type Hash, hashLeaf } from "./hash.ts";
import {
  type ConsistencyClaim,
  type InclusionClaim,
  rootFromInclusion,
  verifyConsistency,
  verifyInclusion,
} from "./proof.ts";
import { LogTree } from "./tree.ts";

const SIZE = 40;
const tree = new LogTree(sha);
for (let i = 0; i < SIZE; i++) tree.append(hashLeaf(sha, Buffer.from(`leaf ${i}`)));

const inclusion = (index: number, size: number): InclusionClaim & { root: Hash } => ({
  index,
  size,
  leafHash: tree.leafHash(index),
  proof: tree.inclusionProof(index, size),
  root: tree.root(size),
});
const consistency = (oldSize: number, newSize: number): ConsistencyClaim => ({
  oldSize,
  newSize,
  oldRoot: tree.root(oldSize),
  newRoot: tree.root(newSize),
  proof: tree.consistencyProof(oldSize, newSize),
});

const flipped = (hash: Hash, bit: number): Hash => {
  const copy = hash.slice();
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
};
/** Each way to spoil a proof's list by one step. */
const spoiled = (proof: readonly Hash[]): Hash[][] => [
  ...proof.map((hash, i) => proof.with(i, flipped(hash, i * 7)) as Hash[]),
  ...proof.map((_, i) => proof.toSpliced(i, 1)),
  ...[...proof, null].map((_, i) => proof.toSpliced(i, 0, tree.leafHash(0))),
  ...proof.map((hash, i) => proof.with(i, hash.subarray(0, 31)) as Hash[]),
];

test("every inclusion verifies", () => {
  for (let size = 1; size <= SIZE; size++) {
    for (let index = 0; index < size; index++) {
      expect(verifyInclusion(sha, inclusion(index, size))).toBe(true);
    }
  }
});

test("an inclusion with anything changed does not", () => {
  for (let size = 1; size <= 20; size++) {
    for (let index = 0; index < size; index++) {
      const claim = inclusion(index, size);
      for (const proof of spoiled(claim.proof)) {
        expect(verifyInclusion(sha, { ...claim, proof })).toBe(false);
      }
      expect(verifyInclusion(sha, { ...claim, root: flipped(claim.root, 3) })).toBe(false);
      expect(verifyInclusion(sha, { ...claim, leafHash: flipped(claim.leafHash, 9) })).toBe(false);
      for (let other = 0; other < size; other++) {
        const moved = verifyInclusion(sha, { ...claim, index: other });
        expect(moved, `${index} shown as ${other} of ${size}`).toBe(other === index);
      }
    }
  }
});

test("an inclusion with impossible numbers has no root", () => {
  const claim = inclusion(3, 7);
  for (const [index, size] of [
    [7, 7],
    [-1, 7],
    [0.5, 7],
    [3, 2 ** 53],
    [Number.NaN, 7],
    [3, 3],
  ]) {
    expect(rootFromInclusion(sha, { ...claim, index, size } as InclusionClaim)).toBeNull();
  }
});

test("every consistency verifies", () => {
  for (let newSize = 0; newSize <= SIZE; newSize++) {
    for (let oldSize = 0; oldSize <= newSize; oldSize++) {
      expect(verifyConsistency(sha, consistency(oldSize, newSize))).toBe(true);
    }
  }
});

test("a consistency with anything changed does not", () => {
  for (let newSize = 1; newSize <= 20; newSize++) {
    for (let oldSize = 1; oldSize <= newSize; oldSize++) {
      const claim = consistency(oldSize, newSize);
      for (const proof of spoiled(claim.proof)) {
        expect(verifyConsistency(sha, { ...claim, proof })).toBe(false);
      }
      const oldRoot = flipped(claim.oldRoot, 5);
      const newRoot = flipped(claim.newRoot, 5);
      for (const size of [2 * newSize, Math.ceil(newSize / 2)]) {
        if (size === newSize || size < oldSize) continue;
        expect(verifyConsistency(sha, { ...claim, newSize: size })).toBe(false);
      }
      expect(verifyConsistency(sha, { ...claim, oldRoot })).toBe(false);
      expect(verifyConsistency(sha, { ...claim, newRoot })).toBe(false);
    }
  }
});

test("the empty tree is a prefix of every tree, and only the true empty root is one", () => {
  const claim = consistency(0, 5);
  expect(verifyConsistency(sha, claim)).toBe(true);
  expect(verifyConsistency(sha, { ...claim, oldRoot: tree.root(1) })).toBe(false);
  expect(verifyConsistency(sha, { ...claim, proof: [tree.root(1)] })).toBe(false);
  const both = { oldSize: 0, newSize: 0, oldRoot: emptyRoot(sha), proof: [] };
  expect(verifyConsistency(sha, { ...both, newRoot: tree.root(1) })).toBe(false);
});

test("a shrunken or impossible tree is not consistent", () => {
  const claim = consistency(3, 7);
  expect(verifyConsistency(sha, { ...claim, oldSize: 8 })).toBe(false);
  expect(verifyConsistency(sha, { ...claim, oldSize: -1 })).toBe(false);
  expect(verifyConsistency(sha, { ...claim, newSize: 2 ** 60 })).toBe(false);
});

test("a forked log is not consistent with what was seen before", () => {
  const forked = new LogTree(sha);
  for (let i = 0; i < 12; i++) forked.append(i === 2 ? tree.leafHash(3) : tree.leafHash(i));
  for (let oldSize = 3; oldSize < 12; oldSize++) {
    const proof = forked.consistencyProof(oldSize, 12);
    const claim = { oldSize, newSize: 12, oldRoot: tree.root(oldSize), proof };
    expect(verifyConsistency(sha, { ...claim, newRoot: forked.root() })).toBe(false);
  }
});
