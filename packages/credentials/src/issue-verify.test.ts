import { expect, test } from "vitest";
import { exportPublicJwk } from "./es256.ts";
import { issueSdJwt } from "./issue-sd-jwt.ts";
import { presentSdJwt } from "./present-sd-jwt.ts";
import { verifySdJwtPresentation } from "./verify-sd-jwt.ts";

test("thin", async () => {
  const gen = () =>
    crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const issuer = await gen();
  const holder = await gen();
  const holderKey = await exportPublicJwk(holder.publicKey);
  const credential = await issueSdJwt({
    issuerKey: issuer.privateKey,
    header: { kid: "k" },
    payload: {
      iss: "registrar",
      vct: "registrar/dob",
      iat: 1000,
      dateOfBirth: "1956-02-29",
      other: 1,
    },
    disclose: ["dateOfBirth"],
    holderKey,
    randomness: (n) => crypto.getRandomValues(new Uint8Array(n)),
  });
  const presentation = await presentSdJwt({
    credential,
    disclose: ["dateOfBirth"],
    audience: "b",
    nonce: "n",
    issuedAtSeconds: 1100,
    holderKey: holder.privateKey,
  });
  const result = await verifySdJwtPresentation({
    presentation,
    audience: "b",
    nonce: "n",
    nowSeconds: 1100,
    allowedVct: ["registrar/dob"],
    resolveIssuerKey: () => issuer.publicKey,
  });
  expect(result).toMatchObject({ ok: true, claims: { dateOfBirth: "1956-02-29" } });
});
