import { p256 } from "@noble/curves/nist.js";
import { describe, expect, it } from "vitest";
import { normaliseLowS, P256_ORDER, verifyP256 } from "./p256.ts";

const message = new TextEncoder().encode("a bus pass");

const keyPair = async (): Promise<{ publicKey: Uint8Array; privateKey: CryptoKey }> => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { publicKey: raw.slice(1), privateKey: pair.privateKey };
};

const highTwin = (signature: Uint8Array): Uint8Array => {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`);
  const twin = (P256_ORDER - s).toString(16).padStart(64, "0");
  return Uint8Array.from([...signature.subarray(0, 32), ...Buffer.from(twin, "hex")]);
};

describe("verifyP256", () => {
  it("accepts what WebCrypto signs once s is low, and refuses the high twin", async () => {
    const { publicKey, privateKey } = await keyPair();
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    for (let round = 0; round < 8; round++) {
      const raw = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, message));
      const low = normaliseLowS(raw);
      expect(verifyP256(publicKey, message, low)).toBe(true);
      expect(verifyP256(publicKey, message, highTwin(low))).toBe(false);
      expect(normaliseLowS(highTwin(low))).toEqual(low);
    }
  });

  it("refuses another message, another key and a key that is no point", async () => {
    const { publicKey, privateKey } = await keyPair();
    const other = await keyPair();
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    const signature = normaliseLowS(
      new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, message)),
    );
    expect(verifyP256(publicKey, Uint8Array.of(1), signature)).toBe(false);
    expect(verifyP256(other.publicKey, message, signature)).toBe(false);
    expect(verifyP256(new Uint8Array(64), message, signature)).toBe(false);
    expect(verifyP256(publicKey.subarray(1), message, signature)).toBe(false);
  });

  it("knows the order of the curve", () => {
    expect(P256_ORDER).toBe(p256.Point.Fn.ORDER);
    expect(() => normaliseLowS(new Uint8Array(63))).toThrow(RangeError);
  });
});
