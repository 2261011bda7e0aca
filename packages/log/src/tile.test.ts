import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeSha256 as sha } from "../../../test/support/hosts.ts";
import { hashLeaf } from "./hash.ts";
import { toHex } from "./hex.ts";
import {
  decodeEntryBundle,
  encodeEntryBundle,
  hashTile,
  parseTilePath,
  type Tile,
  tilePath,
  tilesOf,
  tileWidth,
} from "./tile.ts";
import { LogTree } from "./tree.ts";

const level = fc.oneof(fc.constant("entries" as const), fc.nat(63));
const index = fc.oneof(fc.nat(2_000), fc.maxSafeNat());
const tiles: fc.Arbitrary<Tile> = fc.record({
  level,
  index,
  width: fc.integer({ min: 1, max: 256 }),
});

test("paths as the standard writes them", () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe("tile/0/x001/x234/067");
  expect(tilePath({ level: 1, index: 0, width: 17 })).toBe("tile/1/000.p/17");
  expect(tilePath({ level: "entries", index: 999, width: 256 })).toBe("tile/entries/999");
  expect(tilePath({ level: 63, index: 1_000, width: 1 })).toBe("tile/63/x001/000.p/1");
});

test("a path read and written again is the same path", () => {
  fc.assert(
    fc.property(tiles, (tile) => {
      expect(parseTilePath(tilePath(tile))).toEqual(tile);
    }),
  );
});

test("whatever is read as a path is the only path to that tile", () => {
  const piece = fc.constantFrom(
    "tile",
    "/",
    "/",
    "entries",
    "0",
    "63",
    "64",
    "000",
    "x000",
    "x001",
    "067",
    ".p",
    "1",
    "255",
    "256",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const path = `tile/${pieces.join("")}`;
      const tile = parseTilePath(path);
      if (tile !== null) expect(tilePath(tile)).toBe(path);
    }),
    { numRuns: 20_000 },
  );
});

test("other paths are refused", () => {
  const refused = [
    "",
    "tile",
    "tile/0",
    "tile/0/",
    "/tile/0/000",
    "tile/0/000/",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/0/0",
    "tile/0/0000",
    "tile/0/x000/000",
    "tile/0/x000/100",
    "tile/0/001/000",
    "tile/0/x001",
    "tile/0/X001/000",
    "tile/0/000.p",
    "tile/0/000.p/",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000.p/1/2",
    "tile/entry/000",
    "tile/0/+00",
    "checkpoint",
    "tile/0/x009/x007/x199/x254/x740/992",
    "tile/0/x001.p/000",
    "tile/8/0/000",
  ];
  for (const path of refused) expect(parseTilePath(path), path).toBeNull();
  for (const width of [0, 257, 1.5]) {
    expect(() => tilePath({ level: 0, index: 0, width })).toThrow(RangeError);
  }
  expect(() => tilePath({ level: 64, index: 0, width: 1 })).toThrow(RangeError);
  expect(() => tilePath({ level: 0, index: -1, width: 1 })).toThrow(RangeError);
});

test("the tiles of a tree of 70,000, as the standard counts them", () => {
  const count = (wanted: Tile["level"], full: boolean) =>
    tilesOf(70_000).filter((tile) => tile.level === wanted && (tile.width === 256) === full);
  expect(count(0, true)).toHaveLength(273);
  expect(count(0, false).map((tile) => tile.width)).toEqual([112]);
  expect(count(1, true)).toHaveLength(1);
  expect(count(1, false).map((tile) => tile.width)).toEqual([17]);
  expect(count(2, false).map((tile) => tile.width)).toEqual([1]);
  expect(tilesOf(256)).toEqual([
    { level: 0, index: 0, width: 256 },
    { level: 1, index: 0, width: 1 },
  ]);
  expect(tilesOf(0)).toEqual([]);
  expect(tileWidth("entries", 273, 70_000)).toBe(112);
  expect(tileWidth(63, 0, Number.MAX_SAFE_INTEGER)).toBe(0);
});

test("a tile holds the roots of the subtrees below it", () => {
  const size = 70_000;
  const leaf = hashLeaf(sha, new Uint8Array([7]));
  const tree = new LogTree(sha);
  for (let i = 0; i < size; i++)
    tree.append(i % 300 === 0 ? hashLeaf(sha, Buffer.from(`${i}`)) : leaf);
  for (const { level, index, width } of tilesOf(size)) {
    const bytes = hashTile(tree, level as number, index, width);
    expect(bytes.length).toBe(32 * width);
    const last = bytes.subarray(32 * (width - 1));
    const span = 256 ** (level as number);
    const start = (index * 256 + width - 1) * span;
    const subtree = new LogTree(sha);
    for (let i = start; i < start + span; i++) subtree.append(tree.leafHash(i));
    if (level === 0 && index % 50 !== 0) continue;
    expect(toHex(last)).toBe(toHex(subtree.root()));
  }
  expect(() => hashTile(tree, 0, 273, 113)).toThrow(RangeError);
  expect(() => hashTile(tree, 2, 0, 2)).toThrow(RangeError);
  expect(() => hashTile(tree, 9, 0, 1)).toThrow(RangeError);
});

test("a bundle read and written again is the same bundle", () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 256 });
  fc.assert(
    fc.property(entries, (list) => {
      expect(decodeEntryBundle(encodeEntryBundle(list))).toEqual(list);
    }),
  );
  const longest = new Uint8Array(65_535).fill(3);
  const [only] = decodeEntryBundle(encodeEntryBundle([longest])) as Uint8Array[];
  expect(Buffer.compare(only as Uint8Array, longest)).toBe(0);
});

test("random bytes are a bundle only when they would be written so", () => {
  const bytes = fc.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 24 });
  fc.assert(
    fc.property(bytes, (values) => {
      const bundle = new Uint8Array(values);
      const entries = decodeEntryBundle(bundle);
      if (entries !== null) expect(encodeEntryBundle(entries)).toEqual(bundle);
    }),
    { numRuns: 3_000 },
  );
});

test("bundles beyond the limits are refused", () => {
  expect(decodeEntryBundle(new Uint8Array())).toBeNull();
  expect(decodeEntryBundle(new Uint8Array([0]))).toBeNull();
  expect(decodeEntryBundle(new Uint8Array([0, 2, 1]))).toBeNull();
  expect(decodeEntryBundle(new Uint8Array(2 * 256))).toHaveLength(256);
  expect(decodeEntryBundle(new Uint8Array(2 * 257))).toBeNull();
  expect(() => encodeEntryBundle([])).toThrow(RangeError);
  expect(() => encodeEntryBundle(Array(257).fill(new Uint8Array()))).toThrow(RangeError);
  expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(RangeError);
});
