import { createPublicKey, verify as nodeVerify } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifyEd25519 } from "./ed25519.ts";

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const FIELD = Point.Fp.ORDER;
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** Node 24 applies libsodium's strict rule: a second opinion that shares no code with ours. */
const nodeSays = (key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  try {
    const spki = createPublicKey({ key: Buffer.concat([SPKI, key]), format: "der", type: "spki" });
    return nodeVerify(null, message, spki, signature);
  } catch {
    return false;
  }
};

const toLittleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));
const fromLittleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((p) => [...p]));

const TORSION = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
const SMALL_ORDER = Array.from({ length: 8 }, (_, times) => TORSION.multiplyUnsafe(BigInt(times)));
const SECRET = 0x1234567890abcdefn;
const message = new TextEncoder().encode("a bus pass");

/** Signs with chosen points, so that faulty keys and nonces can be made on purpose. */
const signWith = (a: Uint8Array, r: Uint8Array, nonce: bigint): Uint8Array => {
  const k = fromLittleEndian(sha512(join(r, a, message))) % ORDER;
  return join(r, toLittleEndian((nonce + k * SECRET) % ORDER));
};

const edgeCases = (): { key: Uint8Array; signature: Uint8Array }[] => {
  const keys = SMALL_ORDER.flatMap((t) => [
    t.toBytes(),
    Point.BASE.multiply(SECRET).add(t).toBytes(),
  ]);
  const nonces = SMALL_ORDER.flatMap((t) => [
    { r: t.toBytes(), nonce: 0n },
    { r: Point.BASE.multiply(77n).add(t).toBytes(), nonce: 77n },
  ]);
  const notCanonical = [FIELD, FIELD + 1n, FIELD + 2n, FIELD + 18n].map(toLittleEndian);
  const negativeZero = toLittleEndian(1n | (1n << 255n));
  const allKeys = [...keys, ...notCanonical, negativeZero];
  const allNonces = [...nonces, ...[...notCanonical, negativeZero].map((r) => ({ r, nonce: 0n }))];
  return allKeys.flatMap((key) =>
    allNonces.flatMap(({ r, nonce }) => {
      const signature = signWith(key, r, nonce);
      const beyond = fromLittleEndian(signature.subarray(32)) + ORDER;
      return [
        { key, signature },
        { key, signature: join(r, toLittleEndian(beyond)) },
        { key, signature: join(r, toLittleEndian(0n)) },
      ];
    }),
  );
};

describe("verifyEd25519", () => {
  it("agrees with the runtime on every edge case of encoding, order and cofactor", () => {
    const cases = edgeCases();
    const verdicts = cases.map(({ key, signature }) => verifyEd25519(key, message, signature));
    expect(verdicts).toEqual(cases.map((c) => nodeSays(c.key, message, c.signature)));
    expect(verdicts.filter(Boolean).length).toBeGreaterThan(0);
    expect(verdicts.filter(Boolean).length).toBeLessThan(40);
  });

  it("refuses a mixed-order key that the cofactored rule would accept", () => {
    const key = Point.BASE.multiply(SECRET).add(TORSION).toBytes();
    const r = Point.BASE.multiply(78n).toBytes();
    const signature = signWith(key, r, 78n);
    expect(ed25519.verify(signature, message, key, { zip215: true })).toBe(true);
    expect(verifyEd25519(key, message, signature)).toBe(false);
  });

  it("accepts a signature of RFC 8032 and refuses it with any bit turned", () => {
    const key = Buffer.from(
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "hex",
    );
    const signature = Buffer.from(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
      "hex",
    );
    expect(verifyEd25519(key, Uint8Array.of(0x72), signature)).toBe(true);
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const turned = Uint8Array.from(signature);
        turned[bit >> 3]! ^= 1 << (bit & 7);
        expect(verifyEd25519(key, Uint8Array.of(0x72), turned)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it("is false, not an exception, for wrong lengths", () => {
    expect(verifyEd25519(new Uint8Array(31), message, new Uint8Array(64))).toBe(false);
    expect(verifyEd25519(new Uint8Array(32), message, new Uint8Array(63))).toBe(false);
  });
});
