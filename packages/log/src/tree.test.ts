import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nobleSha256, nodeSha256 } from "../../../test/support/hosts.ts";
import { type Hash, hashLeaf } from "./hash.ts";
import { fromHex, toHex } from "./hex.ts";
import { LogTree } from "./tree.ts";

const sha = nodeSha256;
const SMALL = 70;

/** RFC 6962 §2.1 word by word, with nothing kept and nothing shared with the code under test. */
const naive = {
  split: (n: number): number => 2 ** Math.floor(Math.log2(n - 1)),
  root: (leaves: Buffer[]): Buffer => {
    if (leaves.length === 0) return Buffer.from(sha.one(Buffer.alloc(0)));
    if (leaves.length === 1) return leaves[0] as Buffer;
    const k = naive.split(leaves.length);
    const children = [naive.root(leaves.slice(0, k)), naive.root(leaves.slice(k))];
    return Buffer.from(sha.one(Buffer.concat([Buffer.from([1]), ...children])));
  },
  path: (m: number, leaves: Buffer[]): Buffer[] => {
    if (leaves.length === 1) return [];
    const k = naive.split(leaves.length);
    const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
    if (m < k) return [...naive.path(m, left), naive.root(right)];
    return [...naive.path(m - k, right), naive.root(left)];
  },
  subproof: (m: number, leaves: Buffer[], whole: boolean): Buffer[] => {
    if (m === leaves.length) return whole ? [] : [naive.root(leaves)];
    const k = naive.split(leaves.length);
    const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
    if (m <= k) return [...naive.subproof(m, left, whole), naive.root(right)];
    return [...naive.subproof(m - k, right, false), naive.root(left)];
  },
};

const leaves = Array.from({ length: 700 }, (_, i) =>
  Buffer.from(hashLeaf(sha, Buffer.from(`leaf ${i}`))),
);
const treeOf = (size: number, by = sha): LogTree => {
  const tree = new LogTree(by);
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  return tree;
};
const hexOf = (hashes: readonly Uint8Array[]): string[] => hashes.map(toHex);

test("the eight leaves that every implementation of RFC 6962 is tried on", () => {
  const data = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ];
  const roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ];
  const tree = new LogTree(sha);
  expect(toHex(tree.root())).toBe(roots[0]);
  for (const [i, hex] of data.entries()) {
    tree.append(hashLeaf(sha, fromHex(hex) as Uint8Array));
    expect(toHex(tree.root())).toBe(roots[i + 1]);
  }
});

describe(`all sizes up to ${SMALL}, against a naive implementation`, () => {
  const tree = treeOf(SMALL);

  test("roots, also of sizes gone by", () => {
    for (let size = 0; size <= SMALL; size++) {
      const expected = toHex(naive.root(leaves.slice(0, size)));
      expect(toHex(tree.root(size))).toBe(expected);
      expect(toHex(treeOf(size).root())).toBe(expected);
    }
  });

  test("inclusion proofs of every leaf", () => {
    for (let size = 1; size <= SMALL; size++) {
      for (let index = 0; index < size; index++) {
        const expected = hexOf(naive.path(index, leaves.slice(0, size)));
        expect(hexOf(tree.inclusionProof(index, size))).toEqual(expected);
      }
    }
  });

  test("consistency proofs between every two sizes", () => {
    for (let size = 1; size <= SMALL; size++) {
      for (let old = 1; old <= size; old++) {
        const expected = hexOf(naive.subproof(old, leaves.slice(0, size), true));
        expect(hexOf(tree.consistencyProof(old, size))).toEqual(expected);
      }
    }
  });
});

test("larger trees, by property", () => {
  const tree = treeOf(leaves.length);
  const sizes = fc.tuple(fc.nat(leaves.length), fc.nat(leaves.length));
  fc.assert(
    fc.property(sizes, fc.nat(), ([a, b], seed) => {
      const [old, size] = a < b ? [a, b] : [b, a];
      if (old === 0) return;
      const within = leaves.slice(0, size);
      expect(toHex(tree.root(size))).toBe(toHex(naive.root(within)));
      const index = seed % size;
      expect(hexOf(tree.inclusionProof(index, size))).toEqual(hexOf(naive.path(index, within)));
      const expected = hexOf(naive.subproof(old, within, true));
      expect(hexOf(tree.consistencyProof(old, size))).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test("a hasher in JavaScript gives the same roots", () => {
  const [native, script] = [treeOf(300), treeOf(300, nobleSha256)];
  for (let size = 0; size <= 300; size++) {
    expect(toHex(script.root(size))).toBe(toHex(native.root(size)));
  }
});

test("what is handed out can be changed without changing the tree", () => {
  const tree = treeOf(5);
  const root = toHex(tree.root());
  const handedOut: Hash[] = [
    tree.root(),
    tree.root(1),
    tree.root(4),
    tree.leafHash(4),
    tree.subtreeHash(2, 0),
    ...tree.inclusionProof(0, 5),
    ...tree.consistencyProof(3, 5),
  ];
  for (const hash of handedOut) hash.fill(0);
  expect(toHex(tree.root())).toBe(root);
  expect(hexOf(tree.inclusionProof(0, 5))).toEqual(hexOf(treeOf(5).inclusionProof(0, 5)));
});

test("out of range throws", () => {
  const tree = treeOf(5);
  const wrong = [
    () => tree.append(new Uint8Array(31)),
    () => tree.root(6),
    () => tree.root(-1),
    () => tree.root(1.5),
    () => tree.inclusionProof(5, 5),
    () => tree.inclusionProof(-1, 5),
    () => tree.inclusionProof(0, 6),
    () => tree.consistencyProof(4, 6),
    () => tree.consistencyProof(4, 3),
    () => tree.leafHash(5),
    () => tree.subtreeHash(2, 1),
    () => tree.subtreeHash(3, 0),
  ];
  for (const call of wrong) expect(call).toThrow(RangeError);
  expect(tree.size).toBe(5);
});
