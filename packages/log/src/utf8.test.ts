import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8, utf8Length } from "./utf8.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const decodeByHost = (bytes: Uint8Array): string | null => {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
};

test("every code point is written as the host writes it, and read back", () => {
  for (let point = 0; point <= 0x10ffff; point += point < 0x3000 ? 1 : 61) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const text = String.fromCodePoint(point);
    const bytes = encodeUtf8(text);
    expect(Buffer.compare(bytes, new TextEncoder().encode(text))).toBe(0);
    expect(decodeUtf8(bytes)).toBe(text);
    expect(utf8Length(text)).toBe(bytes.length);
  }
});

test("a lone surrogate is never replaced", () => {
  for (const text of ["\ud800", "a\udc00", "\udc00\ud800", "\ud83d"]) {
    expect(() => encodeUtf8(text)).toThrow(RangeError);
    expect(utf8Length(text)).toBeNull();
  }
});

test("what is not well-formed gives null", () => {
  const malformed = [
    "80",
    "c0 80",
    "c1 bf",
    "c2",
    "e0 80 80",
    "e0 9f bf",
    "ed a0 80",
    "ed bf bf",
    "e2 82",
    "f0 80 80 80",
    "f0 8f bf bf",
    "f4 90 80 80",
    "f5 80 80 80",
    "ff",
    "c2 41",
    "e2 82 c2",
  ];
  for (const hex of malformed) {
    expect(decodeUtf8(Buffer.from(hex.split(" ").join(""), "hex")), hex).toBeNull();
  }
});

test("all sequences of two bytes, and random longer ones, are judged as the host judges them", () => {
  for (let word = 0; word < 0x10000; word++) {
    const bytes = new Uint8Array([word >> 8, word & 0xff]);
    if (decodeUtf8(bytes) !== decodeByHost(bytes)) expect.fail(`differs at ${word.toString(16)}`);
  }
  const likely = fc.constantFrom(
    0x41,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
  );
  fc.assert(
    fc.property(fc.array(likely, { maxLength: 8 }), (values) => {
      const bytes = new Uint8Array(values);
      expect(decodeUtf8(bytes)).toBe(decodeByHost(bytes));
    }),
    { numRuns: 3_000 },
  );
});

test("a byte order mark stays a character", () => {
  expect(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe("\ufeffa");
});
