import { createECDH, createHash, createPublicKey, verify } from "node:crypto";
import { expect, test } from "vitest";
import { demonstrationKey } from "./demonstration-key.ts";
import { ed25519Signer, verifyEd25519 } from "./ed25519.ts";
import { createHost, verifySignature } from "./host.ts";
import { p256Jwk, p256Signer, toDer, verifyP256 } from "./p256.ts";
import { RuntimeDisagrees, selfTest } from "./self-test.ts";
import { nodeSha256 } from "./sha256.ts";

const random = new Uint8Array(16).fill(7);
const message = new TextEncoder().encode("a bus pass");

test("one and pairs hash as SHA-256 does", () => {
  const blocks = new Uint8Array(3 * 64).map((_, i) => i);
  const digests = nodeSha256.pairs(blocks);
  for (let i = 0; i < 3; i++) {
    const block = blocks.subarray(64 * i, 64 * (i + 1));
    const expected = createHash("sha256").update(block).digest();
    expect(Buffer.from(digests.subarray(32 * i, 32 * (i + 1)))).toEqual(expected);
    expect(Buffer.from(nodeSha256.one(block))).toEqual(expected);
  }
  expect(() => nodeSha256.pairs(new Uint8Array(65))).toThrow(RangeError);
});

test("this runtime agrees on the edge cases", () => {
  expect(() => createHost()).not.toThrow();
});

test("a runtime that says yes, or no, to everything is refused", () => {
  expect(() => selfTest(() => true)).toThrow(RuntimeDisagrees);
  expect(() => selfTest(() => false)).toThrow(RuntimeDisagrees);
});

test("Ed25519 signs and verifies RFC 8032's second test", () => {
  const seed = Buffer.from(
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "hex",
  );
  const signer = ed25519Signer(seed);
  const text = new Uint8Array([0x72]);
  const signature = signer.sign(text);
  expect(Buffer.from(signer.publicKey).toString("hex")).toBe(
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  );
  expect(Buffer.from(signature).toString("hex")).toBe(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
  expect(verifyEd25519(signer.publicKey, text, signature)).toBe(true);
  expect(verifyEd25519(signer.publicKey, message, signature)).toBe(false);
  expect(verifyEd25519(signer.publicKey, text, signature.subarray(1))).toBe(false);
  expect(verifyEd25519(signer.publicKey.subarray(1), text, signature)).toBe(false);
});

test("P-256 signs low s, and every signature that OpenSSL makes converts", () => {
  const signer = p256Signer(demonstrationKey(random, "avonbridge/issuer"));
  const half = (0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n - 1n) / 2n;
  for (let i = 0; i < 200; i++) {
    const text = new Uint8Array([i, 1, 2]);
    const signature = signer.sign(text);
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`);
    expect(s <= half).toBe(true);
    expect(verifyP256(signer.publicKey, text, signature)).toBe(true);
    expect(verifyP256(signer.publicKey, message, signature)).toBe(false);
  }
});

test("DER integers drop leading zeros and keep the sign bit clear", () => {
  const signature = new Uint8Array(64);
  signature[31] = 0x7f;
  signature[32] = 0x80;
  expect(Buffer.from(toDer(signature)).toString("hex")).toBe(
    `302602017f022100${"80".padEnd(64, "0")}`,
  );
});

test("a P-256 JSON Web Key holds the same key", () => {
  const scalar = demonstrationKey(random, "avonbridge/issuer");
  const { d: _, ...jwk } = p256Jwk(scalar);
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const signature = toDer(p256Signer(scalar).sign(message));
  expect(verify("sha256", message, key, signature)).toBe(true);
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(scalar);
  expect(curve.getPublicKey().subarray(1, 33).toString("base64url")).toBe(jwk.x);
});

test("malformed keys and foreign algorithms are false, not errors", () => {
  expect(verifyP256(new Uint8Array(64), message, new Uint8Array(64))).toBe(false);
  expect(verifySignature(-8 as -19, new Uint8Array(32), message, new Uint8Array(64))).toBe(false);
});

test("demonstration keys differ by name and by network", () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  const key = hex(demonstrationKey(random, "log"));
  expect(key).toBe(hex(demonstrationKey(random, "log")));
  expect(key).not.toBe(hex(demonstrationKey(random, "avonbridge/act")));
  expect(key).not.toBe(hex(demonstrationKey(new Uint8Array(16), "log")));
});
