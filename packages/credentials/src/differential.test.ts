import { SDJwtInstance } from "@sd-jwt/core";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeBase64Url, encodeBase64Url, sha256, toBytes } from "./base64url.ts";
import { importPublicKey, type SignatureForms, toLowS } from "./es256.ts";
import { issueSdJwt } from "./issue-sd-jwt.ts";
import { presentSdJwt } from "./present-sd-jwt.ts";
import {
  AUDIENCE,
  askFor,
  type Cast,
  createCast,
  NONCE,
  NOW_SECONDS,
  VCT,
} from "./testing/forge.ts";
import { verifySdJwtPresentation } from "./verify-sd-jwt.ts";

/** Another implementation of RFC 9901, with the same keys: what one makes the other must accept. */

const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
const randomness = (size: number) => crypto.getRandomValues(new Uint8Array(size));
const CLAIMS = {
  dateOfBirth: "1956-02-29",
  name: { given: "Ann", family: "O’Neill 🎂" },
  nationalities: ["GB", "IE"],
};

let cast: Cast;
beforeAll(async () => {
  cast = await createCast();
});

const peerSigner = (key: CryptoKey, forms: SignatureForms) => async (text: string) => {
  const signature = new Uint8Array(await crypto.subtle.sign(SIGNATURE, key, toBytes(text)));
  return encodeBase64Url(forms === "low-s" ? toLowS(signature) : signature);
};

const peerVerify = async (key: CryptoKey, text: string, signature: string) =>
  crypto.subtle.verify(SIGNATURE, key, decodeBase64Url(signature)!, toBytes(text));

const peer = (forms: SignatureForms = "low-s") =>
  new SDJwtInstance({
    hasher: async (data) => sha256(toBytes(data as string)),
    hashAlg: "sha-256",
    saltGenerator: (length) => encodeBase64Url(randomness(length)),
    signer: peerSigner(cast.issuer.keys.privateKey, forms),
    signAlg: "ES256",
    verifier: (text, signature) => peerVerify(cast.issuer.keys.publicKey, text, signature),
    kbSigner: peerSigner(cast.holder.keys.privateKey, forms),
    kbSignAlg: "ES256",
    kbVerifier: async (text, signature, payload) => {
      const key = await importPublicKey(payload.cnf!.jwk as never);
      return peerVerify(key!, text, signature);
    },
  });

const peerPresentation = async (forms: SignatureForms = "low-s") => {
  const payload = { iss: "registrar", vct: VCT, iat: NOW_SECONDS, cnf: { jwk: cast.holder.jwk } };
  const frame = {
    _sd: ["dateOfBirth", "name", "nationalities"],
    name: { _sd: ["given", "family"] },
    nationalities: { _sd: [0, 1] },
  };
  const issued = await peer(forms).issue({ ...payload, ...CLAIMS }, frame as never, {
    header: { typ: "dc+sd-jwt", kid: "registrar-1" },
  });
  const shown = { dateOfBirth: true, name: { family: true }, nationalities: { 1: true } };
  return peer(forms).present(issued, shown, {
    kb: { payload: { iat: NOW_SECONDS, aud: AUDIENCE, nonce: NONCE } },
  });
};

const SHOWN = {
  dateOfBirth: "1956-02-29",
  name: { family: "O’Neill 🎂" },
  nationalities: ["IE"],
};

test("what the peer issues and presents, we verify", async () => {
  const result = await verifySdJwtPresentation(askFor(cast, await peerPresentation()));
  expect(result.ok && result.claims).toEqual(SHOWN);
});

test("what we issue and present, the peer verifies", async () => {
  const credential = await issueSdJwt({
    issuerKey: cast.issuer.keys.privateKey,
    header: { kid: "registrar-1" },
    payload: { iss: "registrar", vct: VCT, iat: NOW_SECONDS, ...CLAIMS },
    disclose: [
      "dateOfBirth",
      "name",
      "name/given",
      "name/family",
      "nationalities",
      "nationalities/0",
      "nationalities/1",
    ],
    holderKey: cast.holder.jwk,
    randomness,
    decoys: 2,
  });
  const presentation = await presentSdJwt({
    credential,
    disclose: ["dateOfBirth", "name/family", "nationalities/1"],
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAtSeconds: NOW_SECONDS,
    holderKey: cast.holder.keys.privateKey,
  });
  const { payload, kb } = await peer().verify(presentation, {
    requiredClaimKeys: ["dateOfBirth"],
    keyBindingNonce: NONCE,
    currentDate: NOW_SECONDS,
  });
  expect(payload).toMatchObject(SHOWN);
  expect(kb?.payload).toMatchObject({ aud: AUDIENCE, nonce: NONCE });
});

describe("where we are stricter", () => {
  test("a peer that does not choose its s is accepted when told so, each time", async () => {
    for (let i = 0; i < 12; i++) {
      const presentation = await peerPresentation("any");
      const input = { ...askFor(cast, presentation), signatures: "any" as const };
      expect((await verifySdJwtPresentation(input)).ok).toBe(true);
    }
  });

  test("the peer lets another body's presentation through, we do not", async () => {
    const presentation = await peerPresentation();
    const theirs = await peer().verify(presentation, {
      keyBindingNonce: NONCE,
      currentDate: NOW_SECONDS,
    });
    expect(theirs.payload).toMatchObject(SHOWN);
    const ours = await verifySdJwtPresentation({
      ...askFor(cast, presentation),
      audience: "severnside",
    });
    expect(ours.ok ? [] : ours.faults.map((one) => one.code)).toEqual([
      "credentials/audience-wrong",
    ]);
  });
});
