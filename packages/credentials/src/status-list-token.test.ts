import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeBase64Url } from "./base64url.ts";
import type { JsonObject } from "./json.ts";
import { createStatusList, setStatus, statusAt } from "./status-list.ts";
import { issueStatusListToken, verifyStatusListToken } from "./status-list-token.ts";
import { type Cast, createCast, NOW_SECONDS, type Party, signRaw } from "./testing/forge.ts";

const URI = "https://registrar.example/status/1";
const { token: draft } = JSON.parse(
  readFileSync(new URL("./vectors/status-list.json", import.meta.url), "utf8"),
);

let cast: Cast;
beforeAll(async () => {
  cast = await createCast();
});

const verify = (token: string, uri = URI) =>
  verifyStatusListToken({
    token,
    uri,
    nowSeconds: NOW_SECONDS,
    resolveKey: () => cast.issuer.jwk,
  });

test("the draft's own token verifies", async () => {
  const result = await verifyStatusListToken({
    token: draft.jwt,
    uri: draft.uri,
    nowSeconds: draft.issuedAtSeconds + 1,
    resolveKey: (keyId) => (keyId === draft.key.kid ? draft.key : null),
    signatures: "any",
  });
  expect(result).toMatchObject({ ok: true, ttlSeconds: draft.ttlSeconds });
  expect(result.ok && statusAt(result.list, 3)).toBe(1);
});

test("a list that was issued comes back the same, with the bytes that the ledger holds", async () => {
  const list = createStatusList(2, 1000);
  setStatus(list, 77, 2);
  const { token, packed } = await issueStatusListToken({
    issuerKey: cast.issuer.keys.privateKey,
    keyId: "registrar-status",
    uri: URI,
    list,
    issuedAtSeconds: NOW_SECONDS,
    expiresAtSeconds: NOW_SECONDS + 3600,
    ttlSeconds: 300,
  });
  const result = await verify(token);
  expect(result).toMatchObject({ ok: true, list, packed, ttlSeconds: 300 });
});

describe("refused", () => {
  const LST = "eNrbuRgAAhcBXQ";
  const honest = {
    sub: URI,
    iat: NOW_SECONDS - 60,
    exp: NOW_SECONDS + 60,
    status_list: { bits: 1, lst: LST },
  };
  const header = { alg: "ES256", typ: "statuslist+jwt", kid: "registrar-status" };
  const high = encodeBase64Url(new Uint8Array(1));
  type Row = [what: string, changes: JsonObject, code: string, header?: JsonObject];
  const rows: Row[] = [
    ["another list", { sub: "https://registrar.example/status/2" }, "status-list-wrong"],
    ["three bits", { status_list: { bits: 3, lst: LST } }, "status-list-malformed"],
    ["no list", { status_list: null }, "status-list-malformed"],
    [
      "a list that does not unpack",
      { status_list: { bits: 1, lst: high } },
      "status-list-malformed",
    ],
    ["a list with padding", { status_list: { bits: 1, lst: `${LST}==` } }, "status-list-malformed"],
    ["an expired list", { exp: NOW_SECONDS - 60 }, "expired"],
    ["a list from the future", { iat: NOW_SECONDS + 61 }, "issued-in-future"],
    ["a list without a date", { iat: null }, "time-malformed"],
    ["another type", {}, "token-type-not-allowed", { ...header, typ: "JWT" }],
    ["another algorithm", {}, "algorithm-not-allowed", { ...header, alg: "none" }],
    ["an extension", {}, "critical-header-unknown", { ...header, crit: ["x"] }],
  ];

  const sign = (changes: JsonObject, head: JsonObject, signer: Party) =>
    signRaw({ header: head, payload: { ...honest, ...changes }, signer });

  test("the honest token is accepted", async () => {
    expect((await verify(await sign({}, header, cast.issuer))).ok).toBe(true);
  });

  test.each(rows)("%s", async (_what, changes, code, head) => {
    const result = await verify(await sign(changes, head ?? header, cast.issuer));
    expect(result.ok ? [] : result.faults.map((one) => one.code)).toEqual([`credentials/${code}`]);
  });

  test("somebody else's signature, and an issuer nobody trusts", async () => {
    const forged = await verify(await sign({}, header, cast.stranger));
    expect(forged.ok ? [] : forged.faults[0]!.code).toBe("credentials/signature-wrong");
    const unknown = await verifyStatusListToken({
      token: await sign({}, header, cast.issuer),
      uri: URI,
      nowSeconds: NOW_SECONDS,
      resolveKey: () => null,
    });
    expect(unknown.ok ? [] : unknown.faults[0]!.code).toBe("credentials/issuer-not-trusted");
  });

  test("a text that is no token", async () => {
    const result = await verify("a.b");
    expect(result.ok ? [] : result.faults[0]!.code).toBe("credentials/token-malformed");
  });
});
