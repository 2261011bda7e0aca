import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeSha256 } from "../crypto/sha256.ts";
import { NONCE_LIFE_MS, Nonces } from "./ask.ts";
import { canonicalJson, credentialHash } from "./credential-hash.ts";
import { issuerOf } from "./look-up-status.ts";
import { decodeOpenings, encodeOpenings } from "./openings.ts";
import { BODY_CODES, problem } from "./problem.ts";
import { factsOfFields } from "./shown-facts.ts";
import { backOffMs } from "./tasks.ts";
import { readJwk } from "./vct.ts";

const salt = new Uint8Array(32).fill(1);

test("openings go into JSON and back", () => {
  const values = ["text", 7n, true, null, ["a", 1n], new Uint8Array([1, 2])];
  const fields = values.map((value, at) => ({ name: `f${at}`, salt, value }));
  expect(decodeOpenings(JSON.parse(JSON.stringify(encodeOpenings(fields))))).toEqual(fields);
});

const text = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
test.each([
  ["no list", {}],
  ["no name", [{ salt: text, value: 1 }]],
  ["a short salt", [{ name: "a", salt: "AQ", value: 1 }]],
  ["a fraction", [{ name: "a", salt: text, value: 1.5 }]],
  ["no value", [{ name: "a", salt: text }]],
  ["an object for a value", [{ name: "a", salt: text, value: {} }]],
  ["a member too many", [{ name: "a", salt: text, value: 1, more: 1 }]],
])("%s is no opening", (_, json) => {
  expect(decodeOpenings(json)).toBe(null);
});

test("canonical JSON is that of RFC 8785", () => {
  const value = { "\u20ac": 1, a: [true, null, '\u000a"'], "\r": 2, "1": { b: 1, a: 2 } };
  expect(canonicalJson(value)).toBe(
    '{"\\r":2,"1":{"a":2,"b":1},"a":[true,null,"\\n\\""],"\u20ac":1}',
  );
});

test("a credential's hash is of what its issuer said, however it is written and shown", () => {
  const token = (payload: string) => `e30.${Buffer.from(payload).toString("base64url")}.sig`;
  const one = credentialHash(nodeSha256, `${token('{"iss":"r","vct":"v"}')}~a~b~kb`);
  expect(one).toHaveLength(32);
  expect(credentialHash(nodeSha256, `${token('{"vct":"v", "iss":"r"}')}~a~`)).toEqual(one);
  expect(credentialHash(nodeSha256, `${token('{"vct":"v","iss":"s"}')}~a~`)).not.toEqual(one);
  expect(credentialHash(nodeSha256, "nothing")).toBe(null);
});

test("a nonce serves once and in its time, and is one of many", () => {
  let nowMs = 0n;
  const body = {
    ledger: { now: () => nowMs },
    randomBytes: () => new Uint8Array(16).fill(Number(nowMs)),
  };
  const nonces = new Nonces();
  const issue = () => nonces.issue(body as unknown as Parameters<Nonces["issue"]>[0]);
  const { nonce, expiresAtMs } = issue();
  nowMs = 1n;
  const second = issue();
  expect(expiresAtMs).toBe(NONCE_LIFE_MS);
  expect(nonces.take(nonce, 1)).toBe(true);
  expect(nonces.take(nonce, 1)).toBe(false);
  expect(nonces.take(second.nonce, second.expiresAtMs)).toBe(false);
});

test("pauses between attempts grow up to a minute", () => {
  expect([0, 1, 2, 3].map(backOffMs)).toEqual([250, 500, 1000, 2000]);
  expect(backOffMs(8)).toBe(60_000);
  expect(backOffMs(1_000)).toBe(60_000);
});

test("the issuer of a list is in its address, or it is no list of ours", () => {
  expect(issuerOf("http://a.example/v1/members/registrar/status-lists/date-of-birth")).toBe(
    "registrar",
  );
  expect(issuerOf("http://a.example/v1/members/registrar/status-lists/")).toBe(null);
  expect(issuerOf("http://a.example/v1/members/../status-lists/x")).toBe(null);
});

test("a key is taken only as a public P-256 key, and only its four members", () => {
  const jwk = { kty: "EC", crv: "P-256", x: text, y: text };
  expect(readJwk({ ...jwk, use: "sig" })).toEqual(jwk);
  expect(readJwk({ ...jwk, crv: "P-384" })).toBe(null);
  expect(readJwk({ ...jwk, x: "AQ" })).toBe(null);
  expect(readJwk(null)).toBe(null);
});

test("committed fields become the facts that the rule reads", () => {
  const fields = [
    { name: "dateOfBirth", salt, value: "1950-02-28" },
    { name: "residence.authority", salt, value: "E06000023" },
    { name: "residence.soleOrPrincipal", salt, value: true },
    { name: "children", salt, value: 2n },
    { name: "withheld", salt, value: null },
  ];
  expect(factsOfFields(fields)).toEqual({
    dateOfBirth: "1950-02-28",
    residence: { authority: "E06000023", soleOrPrincipal: true },
    children: 2,
  });
});

test("every code of these rooms is a problem document, and stands in the specification", async () => {
  const page = (name: string) =>
    readFileSync(join(import.meta.dirname, "../../../../spec", name), "utf8");
  const pages = page("bodies-api.md") + page("delivery.md");
  for (const code of BODY_CODES) {
    const answer = problem(code);
    const document = (await answer.json()) as Record<string, unknown>;
    expect(document).toMatchObject({ type: `urn:tallystick:problem:${code}`, code });
    expect(answer.status).toBe(document.status);
  }
  expect(BODY_CODES.filter((code) => !pages.includes(code))).toEqual([]);
});

test.each([
  ["services/already-open", 409],
  ["transaction/not-cose-sign1", 400],
  ["node/busy", 503],
  ["credentials/revoked", 422],
  ["facts/impossible-date", 422],
])("%s of another room is answered %i", (code, status) => {
  expect(problem(code).status).toBe(status);
});
