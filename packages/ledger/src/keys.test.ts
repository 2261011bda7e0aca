import { createHash, generateKeyPairSync } from "node:crypto";
import { concat, fromBase64Url, fromHex, type Sha256, toHex } from "@tallystick/log";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CoseKey, decodeCoseKey, encodeCoseKey, keyId } from "./keys.ts";
import { isLowS, isOnP256 } from "./p256.ts";

const sha = {
  one: (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest()),
} as Sha256;

const bytesOf = (text: unknown): Uint8Array => fromBase64Url(text as string) as Uint8Array;

const freshP256 = (): CoseKey => {
  const jwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({
    format: "jwk",
  });
  return { kind: "p256", publicKey: concat(bytesOf(jwk.x), bytesOf(jwk.y)) };
};

test("the thumbprint is that of RFC 9679 §6", () => {
  const x = "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d";
  const y = "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";
  const key: CoseKey = { kind: "p256", publicKey: fromHex(x + y) as Uint8Array };
  expect(toHex(keyId(sha, key))).toBe(
    "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec",
  );
});

test("an Ed25519 key comes back from its bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (publicKey) => {
      const bytes = encodeCoseKey({ kind: "ed25519", publicKey });
      expect(bytes.length).toBe(40);
      expect(decodeCoseKey(bytes)).toEqual({ kind: "ed25519", publicKey });
    }),
  );
});

test("P-256 keys of the platform are points, and no neighbour of one is", () => {
  for (let i = 0; i < 20; i += 1) {
    const key = freshP256();
    expect(decodeCoseKey(encodeCoseKey(key))).toEqual(key);
    const off = key.publicKey.slice();
    off[63] = (off[63] as number) ^ 1;
    expect(isOnP256(off)).toBe(false);
    expect(decodeCoseKey(encodeCoseKey({ kind: "p256", publicKey: off }))).toBe(null);
  }
});

test("coordinates at or above the prime are refused", () => {
  const prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
  // x = 0 is on the curve with this y; x = prime is the same point written a second way.
  const y = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
  expect(isOnP256(fromHex("00".repeat(32) + y) as Uint8Array)).toBe(true);
  expect(isOnP256(fromHex(prime + y) as Uint8Array)).toBe(false);
});

test("any other bytes are no key", () => {
  const keys: CoseKey[] = [{ kind: "ed25519", publicKey: new Uint8Array(32).fill(7) }, freshP256()];
  for (const bytes of keys.map(encodeCoseKey)) {
    const head = bytes.length === 40 ? 8 : 43;
    for (let at = 0; at < head; at += 1) {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(decodeCoseKey(changed), `byte ${at}`).toBe(null);
    }
    expect(decodeCoseKey(bytes.subarray(1))).toBe(null);
    expect(decodeCoseKey(concat(bytes, new Uint8Array(1)))).toBe(null);
  }
  expect(() => encodeCoseKey({ kind: "p256", publicKey: new Uint8Array(65) })).toThrow(RangeError);
  expect(() => encodeCoseKey({ kind: "ed25519", publicKey: new Uint8Array(31) })).toThrow(
    RangeError,
  );
});

test("of s and n - s exactly one is low", () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const signatureWith = (s: bigint): Uint8Array =>
    fromHex("11".repeat(32) + s.toString(16).padStart(64, "0")) as Uint8Array;
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: order - 1n }), (s) => {
      expect(isLowS(signatureWith(s))).not.toBe(isLowS(signatureWith(order - s)));
    }),
  );
  expect(isLowS(signatureWith(order >> 1n))).toBe(true);
  expect(isLowS(signatureWith((order >> 1n) + 1n))).toBe(false);
});
