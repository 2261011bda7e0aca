import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeBase64Url } from "./base64url.ts";
import { FAULT_CODES, fault } from "./faults.ts";
import * as limits from "./limits.ts";
import { statusAt } from "./status-list.ts";
import { verifyStatusListToken } from "./status-list-token.ts";
import { verifySdJwtCredential, verifySdJwtPresentation } from "./verify-sd-jwt.ts";

const read = (path: string) =>
  readFileSync(new URL(`../../../spec/${path}`, import.meta.url), "utf8");
const page = read("credentials.md");
const vector = JSON.parse(read("vectors/credentials.json"));

test("the page lists every code, in the order of checking, with its text", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| `credentials/"));
  const expected = FAULT_CODES.map(
    (code) => `| \`${code}\` | ${fault(code, "presentation").what} |`,
  );
  expect(rows).toEqual(expected);
});

test("the page states every limit as it is", () => {
  const missing = Object.entries(limits).filter(
    ([, value]) => !page.includes(value.toLocaleString("en-GB")),
  );
  expect(missing).toEqual([]);
});

test("the page's sample is the vector, and the vector verifies", async () => {
  const [, disclosure] = (vector.presentation as string).split("~");
  expect(page).toContain(disclosure);
  expect(page).toContain(new TextDecoder().decode(decodeBase64Url(disclosure!)!));
  const policy = {
    nowSeconds: vector.nowSeconds,
    allowedVct: [vector.vct],
    resolveIssuerKey: () => vector.issuerKey,
  };
  const { presentation, audience, nonce, claims, status, credential, holderKey } = vector;
  const shown = await verifySdJwtPresentation({ ...policy, presentation, audience, nonce });
  expect(shown).toMatchObject({ ok: true, claims, status, holderKey });
  const held = await verifySdJwtCredential({ ...policy, credential, holderKey });
  expect(held).toMatchObject({ ok: true, claims: { name: "Ann Example" } });
});

test("the vector's status list tells the credential from a withdrawn one", async () => {
  const result = await verifyStatusListToken({
    token: vector.statusListToken,
    uri: vector.status.uri,
    nowSeconds: vector.nowSeconds,
    resolveKey: () => vector.issuerKey,
  });
  if (!result.ok) throw new Error(result.faults[0]?.code);
  expect(statusAt(result.list, vector.status.index)).toBe(0);
  expect(statusAt(result.list, vector.revokedIndex)).toBe(1);
});
