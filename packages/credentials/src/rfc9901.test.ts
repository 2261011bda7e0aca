import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { digestOf, parseDisclosure } from "./disclosure.ts";
import { importPublicKey, type PublicJwk } from "./es256.ts";
import { judgeKeyBinding } from "./judge-key-binding.ts";
import { judgeHeader, judgeJwsSignature } from "./parse-jws.ts";
import { parseSdJwt } from "./parse-sd-jwt.ts";
import { selectDisclosures } from "./present-sd-jwt.ts";
import { resolveDisclosures } from "./resolve-disclosures.ts";
import { verifySdJwtPresentation } from "./verify-sd-jwt.ts";

const vectors = JSON.parse(
  readFileSync(new URL("./vectors/rfc9901.json", import.meta.url), "utf8"),
);
const issuerKey: PublicJwk = vectors.issuerKey;

const parse = async (text: string) => {
  const parsed = await parseSdJwt(text);
  if (!parsed.ok) throw new Error(parsed.faults.map((one) => one.code).join());
  return parsed.value;
};

test.each(vectors.digests.pairs as [string, string][])("digest of %s", async (encoded, digest) => {
  expect(await digestOf(encoded)).toBe(digest);
});

test.each(vectors.digests.sameClaim as string[])(
  "another text of one claim: %s",
  async (encoded) => {
    const parsed = await parseDisclosure(encoded, 0);
    expect(parsed).toMatchObject({ ok: true, value: { name: "family_name", value: "Möbius" } });
  },
);

test("section 5: the presentation gives the processed payload, all signatures hold", async () => {
  const { section5 } = vectors;
  const parsed = await parse(section5.presentation);
  const resolved = resolveDisclosures(parsed.issuerToken.payload, parsed.disclosures);
  expect(resolved).toMatchObject({ claims: section5.processed, faults: [] });
  expect(judgeHeader(parsed.issuerToken.header, section5.typ, "issuer-token")).toEqual([]);
  const key = await importPublicKey(issuerKey);
  const options = { part: "issuer-token", forms: "any" } as const;
  expect(await judgeJwsSignature(parsed.issuerToken, key, options)).toEqual([]);
  const { audience, nonce } = section5;
  const policy = { audience, nonce, nowSeconds: 1_748_537_244, signatures: "any" } as const;
  expect(await judgeKeyBinding(parsed, await importPublicKey(vectors.holderKey), policy)).toEqual(
    [],
  );
});

test("section 5: all ten disclosures of the issued form have their places", async () => {
  const parsed = await parse(vectors.section5.issued);
  const { claims, placements, faults } = resolveDisclosures(
    parsed.issuerToken.payload,
    parsed.disclosures,
  );
  expect(faults).toEqual([]);
  expect(placements.map((one) => one.path)).toContain("nationalities/1");
  expect(claims).toMatchObject({ nationalities: ["US", "DE"], updated_at: 1570000000 });
  expect(placements).toHaveLength(10);
});

test("section 5: selecting the same claims gives the same disclosures", async () => {
  const paths = ["given_name", "family_name", "address", "nationalities/0"];
  const shown = (text: string) => text.split("~").slice(1, -1).sort();
  const selected = await selectDisclosures(vectors.section5.issued, paths);
  expect(shown(selected)).toEqual(shown(vectors.section5.presentation));
});

test("appendix A.3: a credential with nested disclosures verifies as a whole", async () => {
  const { presentation, audience, nonce, vct, issuer, issuedAtSeconds, claims } =
    vectors.appendixA3;
  const result = await verifySdJwtPresentation({
    presentation,
    audience,
    nonce,
    nowSeconds: issuedAtSeconds + 30,
    allowedVct: [vct],
    resolveIssuerKey: (query) => (query.issuer === issuer ? issuerKey : null),
  });
  expect(result).toMatchObject({ ok: true, vct, issuer, holderKey: vectors.holderKey });
  expect(result.ok && result.claims).toEqual(claims);
});
