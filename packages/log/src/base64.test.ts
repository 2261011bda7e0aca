import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from "./base64.ts";
import { parseDecimal } from "./decimal.ts";
import { fromHex, toHex } from "./hex.ts";

test("bytes are written as the host writes them, and read back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const host = Buffer.from(bytes);
      expect(toBase64(bytes)).toBe(host.toString("base64"));
      expect(toBase64Url(bytes)).toBe(host.toString("base64url"));
      expect(toHex(bytes)).toBe(host.toString("hex"));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

test("every text of four characters that is read is the one that would be written", () => {
  const character = fc.constantFrom(..."AQgw/+-_=Zz9\n é");
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 8 }), (text) => {
      const standard = fromBase64(text);
      if (standard !== null) expect(toBase64(standard)).toBe(text);
      const urlSafe = fromBase64Url(text);
      if (urlSafe !== null) expect(toBase64Url(urlSafe)).toBe(text);
    }),
    { numRuns: 5_000 },
  );
});

test("lax base64 is refused", () => {
  for (const text of [
    "Zg",
    "Zg=",
    "Zh==",
    "Zm9=",
    "Z",
    "Zg==Zg==",
    "=",
    "====",
    "Zg==\n",
    "Z_8=",
  ]) {
    expect(fromBase64(text), text).toBeNull();
  }
  for (const text of ["Zg==", "Zh", "Z", "Z/8", "Zm9vY"])
    expect(fromBase64Url(text), text).toBeNull();
});

test("hexadecimal is lowercase and whole", () => {
  for (const text of ["0", "0G", "AB", "0x", " 1", "é0"]) expect(fromHex(text), text).toBeNull();
});

test("decimals have one form", () => {
  expect(parseDecimal("0")).toBe(0);
  expect(parseDecimal("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  const refused = ["", "00", "01", "-1", "+1", "1.0", "1e3", " 1", "1 ", "9007199254740992", "١"];
  for (const text of [...refused, "99999999999999999999"])
    expect(parseDecimal(text), text).toBeNull();
});
