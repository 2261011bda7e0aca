import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type IssueInput, issueSdJwt } from "./issue-sd-jwt.ts";
import { type Json, member } from "./json.ts";
import { parseSdJwt } from "./parse-sd-jwt.ts";
import { presentSdJwt, selectDisclosures } from "./present-sd-jwt.ts";
import {
  AUDIENCE,
  askFor,
  type Cast,
  createCast,
  NONCE,
  NOW_SECONDS,
  policyOf,
  VCT,
} from "./testing/forge.ts";
import { verifySdJwtCredential, verifySdJwtPresentation } from "./verify-sd-jwt.ts";

const randomness = (size: number) => crypto.getRandomValues(new Uint8Array(size));
const HOME = {
  authority: "E06000023",
  soleOrPrincipal: true,
  lines: ["1 High Street", "Avonbridge"],
};

let cast: Cast;
beforeAll(async () => {
  cast = await createCast();
});

const issue = (claims: Record<string, Json>, changes: Partial<IssueInput> = {}) =>
  issueSdJwt({
    issuerKey: cast.issuer.keys.privateKey,
    header: { kid: "registrar-1" },
    payload: { iss: "registrar", vct: VCT, iat: NOW_SECONDS, ...claims },
    disclose: Object.keys(claims),
    holderKey: cast.holder.jwk,
    randomness,
    ...changes,
  });

const present = async (credential: string, disclose: string[]) =>
  presentSdJwt({
    credential,
    disclose,
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAtSeconds: NOW_SECONDS,
    holderKey: cast.holder.keys.privateKey,
  });

const learn = async (credential: string, disclose: string[]) => {
  const result = await verifySdJwtPresentation(askFor(cast, await present(credential, disclose)));
  if (!result.ok) throw new Error(result.faults.map((one) => one.code).join());
  return result.claims;
};

describe("what is shown", () => {
  const claims = { dateOfBirth: "1956-02-29", name: "Ann", home: HOME, list: ["a", "b", "c"] };
  const deep = [
    "dateOfBirth",
    "name",
    "home",
    "home/authority",
    "home/lines/0",
    "home/lines",
    "list/1",
  ];

  test("is nothing when nothing is asked for", async () => {
    expect(await learn(await issue(claims, { disclose: deep }), [])).toEqual({ list: ["a", "c"] });
  });

  test.each([
    [["name"], { name: "Ann", list: ["a", "c"] }],
    [
      ["home/authority"],
      { home: { authority: "E06000023", soleOrPrincipal: true }, list: ["a", "c"] },
    ],
    [
      ["home/lines/0"],
      { home: { soleOrPrincipal: true, lines: ["1 High Street", "Avonbridge"] }, list: ["a", "c"] },
    ],
    [["home"], { home: HOME, list: ["a", "c"] }],
    [["list/1"], { list: ["a", "b", "c"] }],
  ])("for %j is that alone, with what it lies in and what lies in it", async (paths, shown) => {
    expect(await learn(await issue(claims, { disclose: deep }), paths)).toEqual(shown);
  });

  test("a path that the credential lacks is refused", async () => {
    const credential = await issue(claims);
    for (const path of ["nothing", "home/nothing", "list/9", "list/length", "name/0", "toString"]) {
      await expect(present(credential, [path])).rejects.toMatchObject({
        code: "credentials/claim-not-held",
      });
    }
  });

  test("a presentation cannot be presented again", async () => {
    const shown = await present(await issue(claims), []);
    await expect(selectDisclosures(shown, [])).rejects.toThrow("cannot be read");
  });
});

test("any claims survive issue and verification, however they are hidden", async () => {
  const name = fc.stringMatching(/^[a-zé/~ ]{0,6}$/);
  const value = fc.jsonValue({ maxDepth: 3 });
  const reserved = /"(_sd|_sd_alg|\.\.\.|__proto__)":/;
  const shape = fc
    .dictionary(name, value, { maxKeys: 5 })
    .filter((one) => !reserved.test(JSON.stringify(one)));
  await fc.assert(
    fc.asyncProperty(shape, async (object) => {
      const claims = JSON.parse(JSON.stringify({ about: object })) as {
        about: Record<string, Json>;
      };
      const escaped = (one: string) => one.replaceAll("~", "~0").replaceAll("/", "~1");
      const inner = Object.keys(claims.about).map((one) => `about/${escaped(one)}`);
      const credential = await issue(claims, { disclose: ["about", ...inner], decoys: 2 });
      expect(await learn(credential, ["about"])).toEqual(claims);
      expect(await learn(credential, [])).toEqual({});
    }),
    { numRuns: 60 },
  );
});

describe("what is issued", () => {
  test("hides every disclosed claim, and the digests say nothing by their order", async () => {
    const credential = await issue({ b: "secret-b", a: "secret-a" }, { decoys: 3 });
    const parsed = await parseSdJwt(credential);
    const payload = parsed.ok ? parsed.value.issuerToken.payload : {};
    expect(JSON.stringify(payload)).not.toContain("secret");
    const digests = member(payload, "_sd") as string[];
    expect(digests).toHaveLength(5);
    expect(digests).toEqual([...digests].sort());
  });

  test("two credentials of the same claims share no digest", async () => {
    const digests = async () => {
      const parsed = await parseSdJwt(await issue({ dateOfBirth: "1956-02-29" }));
      return parsed.ok ? (member(parsed.value.issuerToken.payload, "_sd") as string[]) : [];
    };
    const [first, second] = [await digests(), await digests()];
    expect(first.filter((one) => second.includes(one))).toEqual([]);
  });

  test.each<[string, Record<string, Json>, Partial<IssueInput>, string]>([
    ["a reserved name", { a: { _sd: [] } }, {}, "reserved name"],
    ["a path to nothing", { a: 1 }, { disclose: ["b"] }, "names no claim"],
    ["a path twice", { a: 1 }, { disclose: ["a", "a"] }, "twice"],
    ["the expiry hidden", { exp: 1 }, {}, "cannot be hidden"],
    [
      "part of the status hidden",
      { status: { a: 1 } },
      { disclose: ["status/a"] },
      "cannot be hidden",
    ],
    ["a holder's key stated", { cnf: {} }, { disclose: [] }, "handed in"],
  ])("never has %s", async (_what, claims, changes, why) => {
    await expect(issue(claims, changes)).rejects.toThrow(why);
    await expect(issue(claims, changes)).rejects.toMatchObject({
      code: "credentials/cannot-issue",
    });
  });

  test("verifies for the holder to whose key it is bound, and for no other", async () => {
    const credential = await issue({ dateOfBirth: "1956-02-29" });
    const mine = { ...policyOf(cast), credential, holderKey: cast.holder.jwk };
    expect(await verifySdJwtCredential(mine)).toMatchObject({ ok: true });
    const theirs = await verifySdJwtCredential({ ...mine, holderKey: cast.stranger.jwk });
    expect(theirs.ok ? [] : theirs.faults.map((one) => one.code)).toEqual([
      "credentials/holder-key-unexpected",
    ]);
    const shown = await present(credential, []);
    const signed = await verifySdJwtCredential({ ...mine, credential: shown });
    expect(signed.ok ? [] : signed.faults.map((one) => one.code)).toEqual([
      "credentials/key-binding-unexpected",
    ]);
  });
});
