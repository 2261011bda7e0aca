import { fromHex, toHex } from "@tallystick/log";
import * as cborg from "cborg";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cbor, type CborInput, decode, encode } from "./cbor.ts";

const hex = (text: string): Uint8Array => fromHex(text.replaceAll(" ", "")) as Uint8Array;

const int64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const { value: cborValue } = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.oneof(int64, fc.bigInt({ min: -300n, max: 70_000n })),
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: "grapheme" }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 30 }),
  ),
}));

/** cborg gives numbers for small integers. */
const asCborg = (value: unknown): unknown => {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return Array.isArray(value) ? value.map(asCborg) : value;
};

test("every value comes back from its bytes, and cborg reads and writes the same bytes", () => {
  fc.assert(
    fc.property(cborValue, (value) => {
      const bytes = encode(value);
      expect(decode(bytes)).toEqual({ ok: true, value });
      expect(asCborg(cborg.decode(bytes))).toEqual(asCborg(value));
      expect(toHex(cborg.encode(value))).toBe(toHex(bytes));
    }),
    { numRuns: 500 },
  );
});

test("whatever bytes decode are the ones that the value encodes to", () => {
  const nearly = fc.uint8Array({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(nearly, (bytes) => {
      const result = decode(bytes);
      if (result.ok) expect(toHex(encode(result.value))).toBe(toHex(bytes));
    }),
    { numRuns: 20_000 },
  );
});

test("one changed byte never yields the same value", () => {
  fc.assert(
    fc.property(cborValue, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, place, flip) => {
      const bytes = encode(value);
      const at = place % bytes.length;
      bytes[at] = (bytes[at] as number) ^ flip;
      const result = decode(bytes);
      if (result.ok) expect(result.value).not.toEqual(value);
    }),
  );
});

const REFUSED: readonly [string, string, number][] = [
  ["", "cbor/truncated", 0],
  ["18", "cbor/truncated", 0],
  ["19 01", "cbor/truncated", 0],
  ["42 00", "cbor/truncated", 0],
  ["82 01", "cbor/truncated", 0],
  ["82 01 18", "cbor/truncated", 2],
  ["9a ff ff ff ff", "cbor/truncated", 0],
  ["9b 00 00 00 01 00 00 00 00", "cbor/truncated", 0],
  ["5b 00 00 00 01 00 00 00 00", "cbor/truncated", 0],
  ["1c", "cbor/reserved-head", 0],
  ["fc", "cbor/reserved-head", 0],
  ["9f ff", "cbor/indefinite-length", 0],
  ["5f 41 00 ff", "cbor/indefinite-length", 0],
  ["ff", "cbor/indefinite-length", 0],
  ["18 17", "cbor/not-shortest", 0],
  ["19 00 ff", "cbor/not-shortest", 0],
  ["1a 00 00 ff ff", "cbor/not-shortest", 0],
  ["1b 00 00 00 00 ff ff ff ff", "cbor/not-shortest", 0],
  ["38 17", "cbor/not-shortest", 0],
  ["58 01 00", "cbor/not-shortest", 0],
  ["78 01 61", "cbor/not-shortest", 0],
  ["98 01 00", "cbor/not-shortest", 0],
  ["a0", "cbor/map-not-allowed", 0],
  ["82 01 a1 01 01", "cbor/map-not-allowed", 2],
  ["c2 41 01", "cbor/tag-not-allowed", 0],
  ["f9 00 00", "cbor/float-not-allowed", 0],
  ["fa 3f 80 00 00", "cbor/float-not-allowed", 0],
  ["fb 3f f0 00 00 00 00 00 00", "cbor/float-not-allowed", 0],
  ["f7", "cbor/simple-not-allowed", 0],
  ["e0", "cbor/simple-not-allowed", 0],
  ["f8 20", "cbor/simple-not-allowed", 0],
  ["1b 80 00 00 00 00 00 00 00", "cbor/integer-out-of-range", 0],
  ["3b 80 00 00 00 00 00 00 00", "cbor/integer-out-of-range", 0],
  ["61 ff", "cbor/bad-utf8", 0],
  ["62 c0 80", "cbor/bad-utf8", 0],
  ["63 ed a0 80", "cbor/bad-utf8", 0],
  [`${"81".repeat(16)}80`, "cbor/too-deep", 16],
  ["01 02", "cbor/trailing-bytes", 1],
  ["80 80", "cbor/trailing-bytes", 1],
];

test.each(REFUSED)("%s is refused: %s at %i", (bytes, code, at) => {
  expect(decode(hex(bytes))).toEqual({ ok: false, code, at });
});

const ACCEPTED: readonly [string, Cbor][] = [
  ["17", 23n],
  ["18 18", 24n],
  ["1a 00 01 00 00", 65_536n],
  ["1b 00 00 00 01 00 00 00 00", 1n << 32n],
  ["1b 7f ff ff ff ff ff ff ff", (1n << 63n) - 1n],
  ["3b 7f ff ff ff ff ff ff ff", -(1n << 63n)],
  ["20", -1n],
  ["83 f4 f5 f6", [false, true, null]],
  ["64 f0 9f 9a 8c", "🚌"],
  [`${"81".repeat(15)}80`, JSON.parse(`${"[".repeat(16)}${"]".repeat(16)}`) as Cbor],
];

test.each(ACCEPTED)("%s is read and written", (bytes, value) => {
  expect(decode(hex(bytes))).toEqual({ ok: true, value });
  expect(toHex(encode(value))).toBe(toHex(hex(bytes)));
});

test("safe integers may be given as numbers", () => {
  for (const value of [0, 23, 24, 2 ** 32, Number.MAX_SAFE_INTEGER, -1, Number.MIN_SAFE_INTEGER]) {
    expect(toHex(encode(value))).toBe(toHex(encode(BigInt(value))));
  }
});

const UNWRITABLE: readonly [string, CborInput][] = [
  ["a fraction", 0.5],
  ["an unsafe number", 2 ** 53],
  ["not a number", Number.NaN],
  ["an integer above int64", 1n << 63n],
  ["an integer below int64", -(1n << 63n) - 1n],
  ["a lone surrogate", "\ud800"],
  ["17 arrays deep", JSON.parse(`${"[".repeat(17)}${"]".repeat(17)}`) as CborInput],
];

test.each(UNWRITABLE)("%s cannot be written", (_what, value) => {
  expect(() => encode(value)).toThrow(RangeError);
});

test("what is decoded does not change when the bytes do", () => {
  const bytes = hex("81 42 01 02");
  const result = decode(bytes);
  bytes.fill(0);
  expect(result).toEqual({ ok: true, value: [new Uint8Array([1, 2])] });
});
