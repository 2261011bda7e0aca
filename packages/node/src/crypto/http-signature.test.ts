import { createPrivateKey, createPublicKey } from "node:crypto";
import { createSigner, createVerifier, httpbis } from "http-message-signatures";
import { expect, test } from "vitest";
import { ed25519Signer, verifyEd25519 } from "./ed25519.ts";
import { readRequestClaim, signRequest } from "./http-signature.ts";

const seed = new Uint8Array(32).fill(3);
const signer = ed25519Signer(seed);
const requestSigner = {
  keyId: "public-auditor/executor",
  algorithm: "ed25519" as const,
  sign: (message: Uint8Array) => signer.sign(message),
};
const url = new URL("http://127.0.0.1:8080/v1/blocks/3/bodies?limit=5");
const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });

const claimOf = (headers: Record<string, string>, nowSeconds: number, at = url, method = "GET") =>
  readRequestClaim(
    {
      method,
      url: at,
      signatureInput: headers["Signature-Input"],
      signature: headers.Signature,
    },
    nowSeconds,
  );

const isValid = (claim: ReturnType<typeof claimOf>): boolean =>
  claim !== null && verifyEd25519(signer.publicKey, claim.message, claim.signature);

test("what is signed is verified, and nothing else", () => {
  const headers = signRequest({ method: "GET", url }, requestSigner, 1000);
  const claim = claimOf(headers, 1100);
  expect(claim?.keyId).toBe("public-auditor/executor");
  expect(isValid(claim)).toBe(true);
  expect(
    isValid(claimOf(headers, 1100, new URL("http://127.0.0.1:8080/v1/blocks/4/bodies?limit=5"))),
  ).toBe(false);
  expect(
    isValid(claimOf(headers, 1100, new URL("http://127.0.0.1:8081/v1/blocks/3/bodies?limit=5"))),
  ).toBe(false);
  expect(isValid(claimOf(headers, 1100, new URL("http://127.0.0.1:8080/v1/blocks/3/bodies")))).toBe(
    false,
  );
  expect(isValid(claimOf(headers, 1100, url, "POST"))).toBe(false);
});

test("a request is good for five minutes around its time", () => {
  const headers = signRequest({ method: "GET", url }, requestSigner, 1000);
  expect(claimOf(headers, 1300)).not.toBeNull();
  expect(claimOf(headers, 1301)).toBeNull();
  expect(claimOf(headers, 699)).toBeNull();
});

test("a signature that leaves out a component is not taken", () => {
  const headers = signRequest({ method: "GET", url }, requestSigner, 1000);
  const input = headers["Signature-Input"] ?? "";
  const without = (text: string) => claimOf({ ...headers, "Signature-Input": text }, 1000);
  expect(without(input.replace(' "@authority"', ""))).toBeNull();
  expect(without(input.replace('"@authority"', '"@path"'))).toBeNull();
  expect(without(input.replace("sig=", "other="))).toBeNull();
  expect(claimOf({}, 1000)).toBeNull();
});

test("another implementation verifies ours, and we verify its", async () => {
  const now = Math.floor(Date.now() / 1000);
  const ours = signRequest({ method: "GET", url }, requestSigner, now);
  const verified = await httpbis.verifyMessage(
    {
      keyLookup: async () => ({
        id: requestSigner.keyId,
        algs: ["ed25519"],
        verify: createVerifier(createPublicKey(privateKey), "ed25519"),
      }),
    },
    { method: "GET", url: url.href, headers: ours },
  );
  expect(verified).toBe(true);

  const theirs = await httpbis.signMessage(
    {
      key: createSigner(privateKey, "ed25519", requestSigner.keyId),
      fields: ["@method", "@authority", "@path", "@query"],
      params: ["created", "keyid", "alg"],
    },
    { method: "GET", url: url.href, headers: {} },
  );
  expect(isValid(claimOf(theirs.headers as Record<string, string>, now))).toBe(true);
});
