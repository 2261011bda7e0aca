import { hashLeaf, hashTile, LogTree, parseTilePath, verifyConsistency } from "@tallystick/log";
import { describe, expect, it } from "vitest";
import { nobleSha256 } from "./hosts/sha256.ts";
import { createTileReader, proveConsistency } from "./read-tiles.ts";

const treeOf = (size: number): LogTree => {
  const tree = new LogTree(nobleSha256);
  for (let at = 0; at < size; at++) {
    tree.append(hashLeaf(nobleSha256, Uint8Array.of(at >> 8, at & 0xff)));
  }
  return tree;
};

const serveTiles = (tree: LogTree, size: number) => ({
  url: "http://node.test",
  fetch: async (input: string): Promise<Response> => {
    const tile = parseTilePath(new URL(input).pathname.slice(1));
    if (tile === null || tile.level === "entries") return new Response(null, { status: 404 });
    if (tile.width > size) return new Response(null, { status: 404 });
    return new Response(hashTile(tree, tile.level, tile.index, tile.width).slice());
  },
});

const proofBetween = async (tree: LogTree, oldSize: number, newSize: number) => {
  const endpoint = serveTiles(tree, newSize);
  const reader = createTileReader({ sha: nobleSha256, endpoint, size: newSize });
  return proveConsistency({ sha: nobleSha256, reader, oldSize, newSize });
};

describe("proveConsistency", () => {
  it("gives the tree's own proof for every pair of small sizes", async () => {
    const tree = treeOf(40);
    for (let newSize = 1; newSize <= 40; newSize++) {
      for (let oldSize = 1; oldSize <= newSize; oldSize++) {
        const proof = await proofBetween(tree, oldSize, newSize);
        expect(proof).toEqual(tree.consistencyProof(oldSize, newSize));
      }
    }
  });

  it("reads across tile borders", async () => {
    const tree = treeOf(1100);
    for (const [oldSize, newSize] of [
      [255, 256],
      [256, 257],
      [300, 1100],
      [513, 1024],
      [1023, 1100],
    ] as const) {
      const proof = await proofBetween(tree, oldSize, newSize);
      const claim = { oldSize, newSize, oldRoot: tree.root(oldSize), newRoot: tree.root(newSize) };
      expect(verifyConsistency(nobleSha256, { ...claim, proof })).toBe(true);
    }
  });
});
