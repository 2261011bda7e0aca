import { readFileSync } from "node:fs";
import { deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64Url } from "./base64url.ts";
import { MAX_STATUS_ENTRIES, MAX_STATUS_LIST_BYTES } from "./limits.ts";
import {
  compressStatusList,
  createStatusList,
  decompressStatusList,
  freeStatusIndex,
  type StatusBits,
  setStatus,
  statusAt,
  statusEntries,
} from "./status-list.ts";

interface Small {
  readonly bits: StatusBits;
  readonly lst: string;
  readonly statuses: number[];
}
interface Large {
  readonly bits: StatusBits;
  readonly lst: string;
  readonly set: [number, number][];
}
const vectors: { small: Small[]; large: Large[] } = JSON.parse(
  readFileSync(new URL("./vectors/status-list.json", import.meta.url), "utf8"),
);
const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));

describe("the draft's vectors", () => {
  test.each(vectors.small)("$bits bit, small", async ({ bits, lst, statuses }) => {
    const list = await decompressStatusList(bits, decodeBase64Url(lst)!);
    expect(statuses.map((_, index) => statusAt(list!, index))).toEqual(statuses);
    expect(statusAt(list!, statuses.length)).toBeNull();
    const own = createStatusList(bits, statuses.length);
    for (const [index, status] of statuses.entries()) setStatus(own, index, status);
    expect(own.bytes).toEqual(list!.bytes);
  });

  test.each(vectors.large)("$bits bit, a million entries", async ({ bits, lst, set }) => {
    const own = createStatusList(bits, 2 ** 20);
    for (const [index, status] of set) setStatus(own, index, status);
    const theirs = await decompressStatusList(bits, decodeBase64Url(lst)!);
    expect(Buffer.compare(own.bytes, theirs!.bytes)).toBe(0);
    expect(set.map(([index]) => [index, statusAt(theirs!, index)])).toEqual(set);
  });
});

test("setting an entry changes that entry and no other", () => {
  const shape = fc.record({
    bits: fc.constantFrom<StatusBits>(1, 2, 4, 8),
    writes: fc.array(fc.tuple(fc.nat(63), fc.nat(255)), { maxLength: 40 }),
  });
  fc.assert(
    fc.property(shape, ({ bits, writes }) => {
      const list = createStatusList(bits, 64);
      const model = new Array<number>(64).fill(0);
      for (const [index, wide] of writes) {
        const value = wide % 2 ** bits;
        setStatus(list, index, value);
        model[index] = value;
      }
      expect(model.map((_, index) => statusAt(list, index))).toEqual(model);
    }),
  );
});

test("entries and values outside the list are refused", () => {
  const list = createStatusList(2, 8);
  expect(statusEntries(list)).toBe(8);
  expect([-1, 8, 0.5, Number.NaN].map((index) => statusAt(list, index))).toEqual(
    new Array(4).fill(null),
  );
  expect(() => setStatus(list, 8, 1)).toThrow("No such entry");
  expect(() => setStatus(list, 0, 4)).toThrow("No such entry");
  expect(() => createStatusList(1, MAX_STATUS_ENTRIES + 1)).toThrow("2^20");
  expect(() => createStatusList(1, 0)).toThrow("2^20");
});

test("packing gives ZLIB that another implementation reads, and reads its packing", async () => {
  const list = createStatusList(1, 4096);
  setStatus(list, 4095, 1);
  const packed = await compressStatusList(list);
  expect(new Uint8Array(inflateSync(packed))).toEqual(list.bytes);
  const theirs = new Uint8Array(deflateSync(list.bytes));
  expect((await decompressStatusList(1, theirs))?.bytes).toEqual(list.bytes);
});

test("what is not ZLIB, is cut short or unpacks beyond the limit is refused", async () => {
  const packed = new Uint8Array(deflateSync(new Uint8Array(MAX_STATUS_LIST_BYTES)));
  expect((await decompressStatusList(8, packed))?.bytes.length).toBe(MAX_STATUS_LIST_BYTES);
  const bomb = new Uint8Array(deflateSync(new Uint8Array(MAX_STATUS_LIST_BYTES + 1)));
  expect(await decompressStatusList(8, bomb)).toBeNull();
  expect(await decompressStatusList(8, packed.slice(0, -5))).toBeNull();
  expect(await decompressStatusList(8, new Uint8Array([1, 2, 3]))).toBeNull();
  const twice = new Uint8Array([...deflateSync(new Uint8Array(8)), 0]);
  expect(await decompressStatusList(8, twice)).toBeNull();
});

describe("a free entry", () => {
  test("is never one that is taken, and none is found in a full list", () => {
    const list = createStatusList(1, 64);
    const taken = new Set<number>();
    for (let i = 0; i < 64; i++) {
      const index = freeStatusIndex(list, (one) => taken.has(one), random);
      expect(index !== null && !taken.has(index)).toBe(true);
      taken.add(index!);
    }
    expect(freeStatusIndex(list, (one) => taken.has(one), random)).toBeNull();
  });

  test("does not follow the order of issue", () => {
    const list = createStatusList(1, 2 ** 16);
    const drawn = Array.from({ length: 8 }, () => freeStatusIndex(list, () => false, random)!);
    expect(drawn).not.toEqual([...drawn].sort((a, b) => a - b));
  });

  test("comes from the randomness handed in, without the bias of a remainder", () => {
    const list = createStatusList(8, 3);
    const draws = [0xffffffff, 5].map((word) => new Uint8Array(new Uint32Array([word]).buffer));
    const bigEndian = draws.map((bytes) => bytes.reverse());
    expect(
      freeStatusIndex(
        list,
        () => false,
        () => bigEndian.shift()!,
      ),
    ).toBe(2);
  });
});
