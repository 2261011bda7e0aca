import { decodeTransaction, verifyTransaction } from "@tallystick/ledger";
import { describe, expect, it } from "vitest";
import { buildPayload } from "./build.ts";
import { BuildError, SignError } from "./errors.ts";
import { nobleHost } from "./hosts/host.ts";
import { createSigner, type Signer, seedSigner, signTransaction, webCryptoSigner } from "./sign.ts";
import { MESSAGE, NETWORK_ID, NOW_MS, SIGNER } from "./testing/sample-log.ts";

const sha = nobleHost.sha256;
const draft = { messages: [MESSAGE], place: { kind: "area", code: "E06000023" } } as const;
const options = { nowMs: NOW_MS, randomBytes: (count: number) => new Uint8Array(count) };

const sign = (signer: Signer, includeKey = true) =>
  signTransaction({
    sha,
    networkId: NETWORK_ID,
    payload: buildPayload(draft, options),
    signer,
    includeKey,
  });

const webPair = (algorithm: EcKeyGenParams | { readonly name: "Ed25519" }) =>
  crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]) as Promise<CryptoKeyPair>;

describe("buildPayload", () => {
  it("is valid for five minutes of the node's clock, on one's own behalf", () => {
    expect(buildPayload(draft, options)).toMatchObject({
      nonce: new Uint8Array(16),
      validUntilMs: NOW_MS + 300_000n,
      actedAtMs: null,
      capacity: { kind: "self" },
      sponsor: null,
    });
  });

  it("refuses a validity that the ledger would refuse, and too little randomness", () => {
    const tooLong = () => buildPayload(draft, { ...options, validityMs: 600_001n });
    expect(tooLong).toThrow(BuildError);
    expect(tooLong).toThrow(expect.objectContaining({ code: "client/validity-too-long" }));
    const tooShort = () =>
      buildPayload(draft, { ...options, randomBytes: () => new Uint8Array(8) });
    expect(tooShort).toThrow(expect.objectContaining({ code: "client/bad-nonce" }));
  });
});

describe("signTransaction", () => {
  it("gives bytes that the ledger reads and verifies, for each kind of key", async () => {
    const ecdsa = await webPair({ name: "ECDSA", namedCurve: "P-256" });
    const ed25519 = await webPair({ name: "Ed25519" });
    for (const signer of [
      SIGNER,
      await webCryptoSigner(sha, crypto.subtle, ecdsa),
      await webCryptoSigner(sha, crypto.subtle, ed25519),
    ]) {
      for (let round = 0; round < 4; round++) {
        const signed = await sign(signer);
        const decoded = decodeTransaction(nobleHost, NETWORK_ID, signed.bytes);
        expect(decoded).toMatchObject({ ok: true, transaction: { id: signed.id } });
        if (decoded.ok) {
          expect(verifyTransaction(nobleHost, decoded.transaction, signer.key)).toBe(true);
          expect(decoded.transaction.key).toEqual(signer.key);
        }
      }
    }
  });

  it("leaves the key out when the ledger knows it", async () => {
    const decoded = decodeTransaction(nobleHost, NETWORK_ID, (await sign(SIGNER, false)).bytes);
    expect(decoded).toMatchObject({ ok: true, transaction: { key: null } });
  });

  it("refuses keys of another kind and signatures of another length", async () => {
    const p384 = await webPair({ name: "ECDSA", namedCurve: "P-384" });
    await expect(webCryptoSigner(sha, crypto.subtle, p384)).rejects.toThrow(
      expect.objectContaining({ code: "client/key-not-supported" }),
    );
    const { key } = seedSigner(sha, new Uint8Array(32));
    const short = createSigner({ sha, key, sign: () => new Uint8Array(63) });
    await expect(sign(short)).rejects.toThrow(SignError);
  });

  it("refuses a transaction that no node would read", async () => {
    const definition = new Uint8Array(50_000);
    const big = { ...draft, messages: [{ type: "services/publish", definition }] } as const;
    const payload = buildPayload(big, options);
    await expect(
      signTransaction({ sha, networkId: NETWORK_ID, payload, signer: SIGNER }),
    ).rejects.toThrow(expect.objectContaining({ code: "client/too-large" }));
  });
});
