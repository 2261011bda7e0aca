import {
  type CredentialPayload,
  exportPublicJwk,
  issueSdJwt,
  type PublicJwk,
  verifyTogether,
} from "@tallystick/credentials";
import { beforeEach, describe, expect, test } from "vitest";
import { nobleSha256 } from "../hosts/sha256.ts";
import { generateKeyPair } from "./holder-keys.ts";
import type { PresentationRequest } from "./present.ts";
import { createWallet, type Wallet } from "./wallet.ts";

const NOW = 1_795_000_000;
const BIRTH = "registrar/date-of-birth";
const HOME = "council/residence";
const networkId = new Uint8Array(32).fill(7);
const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));

interface Issuer {
  readonly keys: CryptoKeyPair;
  readonly jwk: PublicJwk;
}
let issuer: Issuer;
let wallet: Wallet;

beforeEach(async () => {
  const keys = await generateKeyPair();
  issuer = { keys, jwk: await exportPublicJwk(keys.publicKey) };
  wallet = createWallet({ sha: nobleSha256, randomBytes, networkId });
});

const issue = async (copy: number, payload: CredentialPayload, disclose: readonly string[]) =>
  issueSdJwt({
    issuerKey: issuer.keys.privateKey,
    header: { kid: "issuer-1" },
    payload,
    disclose,
    holderKey: await wallet.holderKey(copy),
    randomness: randomBytes,
  });

const receive = async (copy: number, credential: string, into = wallet) =>
  into.receive({
    credential,
    copy,
    allowedVct: [BIRTH, HOME],
    resolveIssuerKey: () => issuer.jwk,
    nowSeconds: NOW,
  });

const birth = { iss: "registrar", vct: BIRTH, iat: NOW, dateOfBirth: "1956-02-29", name: "Ann" };
const home = {
  iss: "avonbridge",
  vct: HOME,
  iat: NOW,
  residence: { authority: "E06000023", soleOrPrincipal: true, address: "1 High Street" },
};
const HOME_PATHS = [
  "residence",
  "residence/authority",
  "residence/soleOrPrincipal",
  "residence/address",
];

const fill = async (copies: number) => {
  for (let copy = 0; copy < copies; copy++) {
    await receive(copy, await issue(copy, birth, ["dateOfBirth", "name"]));
    await receive(copy, await issue(copy, home, HOME_PATHS));
  }
};

const request: PresentationRequest = {
  facts: [
    { vct: BIRTH, claims: ["dateOfBirth"] },
    { vct: HOME, claims: ["residence/authority", "residence/soleOrPrincipal"] },
  ],
  audience: "avonbridge",
  nonce: "n-1",
};
const ask = (changes: Partial<PresentationRequest> = {}, nowSeconds = NOW) =>
  wallet.present({ request: { ...request, ...changes }, nowSeconds });

const verify = (presentations: readonly string[]) =>
  verifyTogether({
    presentations,
    audience: "avonbridge",
    nonce: "n-1",
    nowSeconds: NOW,
    allowedVct: [BIRTH, HOME],
    resolveIssuerKey: () => issuer.jwk,
  });

/** Every text that can be read out of a presentation, disclosures and tokens decoded. */
const everythingIn = (presentation: string): string =>
  presentation
    .split(/[~.]/)
    .map((part) => Buffer.from(part, "base64url").toString("utf8"))
    .join(" ");

describe("present", () => {
  test("shows what is asked, of one holder, and the body accepts it", async () => {
    await fill(1);
    const shown = await ask();
    const result = await verify(shown.ok ? shown.presentations : []);
    expect(result.ok && result.credentials.map((one) => one.claims)).toEqual([
      { dateOfBirth: "1956-02-29" },
      { residence: { authority: "E06000023", soleOrPrincipal: true } },
    ]);
  });

  test("nothing else leaves: neither the other values nor their names", async () => {
    await fill(1);
    const shown = await ask();
    const text = (shown.ok ? shown.presentations : []).map(everythingIn).join(" ");
    expect(text).toContain("1956-02-29");
    for (const secret of ["Ann", "name", "1 High Street", "address"]) {
      expect(text).not.toContain(secret);
    }
  });

  test("two presentations share no key, no digest, no salt and no signature", async () => {
    await fill(2);
    const [first, second] = [await ask(), await ask()];
    const parts = (shown: typeof first) =>
      (shown.ok ? shown.presentations : []).flatMap((text) => {
        const payload = JSON.parse(everythingIn(text.split(".")[1]!));
        const signatures = [text.split("~")[0]!.split(".")[2], text.split(".").at(-1)];
        return [...signatures, ...text.split("~").slice(1, -1), payload.cnf.jwk.x, ...payload._sd];
      });
    expect(first.ok && second.ok && first.copy !== second.copy).toBe(true);
    expect(parts(first).filter((one) => parts(second).includes(one))).toEqual([]);
  });

  test("a copy that was shown is not shown again", async () => {
    await fill(1);
    await ask();
    expect(await ask()).toMatchObject({ ok: false, code: "wallet/no-unused-copy" });
  });

  test("copies asked for at the same moment are different ones", async () => {
    await fill(2);
    const shown = await Promise.all([ask(), ask()]);
    expect(new Set(shown.map((one) => one.ok && one.copy))).toEqual(new Set([0, 1]));
  });

  test("a fact that is not held is not known, by name", async () => {
    await receive(0, await issue(0, home, HOME_PATHS));
    expect(await ask()).toEqual({
      ok: false,
      code: "wallet/fact-not-known",
      missing: [{ vct: BIRTH, claims: ["dateOfBirth"] }],
    });
  });

  test("a claim that the fact lacks is not known, by name", async () => {
    await fill(1);
    const facts = [{ vct: HOME, claims: ["residence/authority", "residence/since"] }];
    expect(await ask({ facts })).toEqual({
      ok: false,
      code: "wallet/fact-not-known",
      missing: [{ vct: HOME, claims: ["residence/since"] }],
    });
  });

  test("an expired fact is refused as expired, not as unknown", async () => {
    const short = { ...birth, exp: NOW + 100 };
    await receive(0, await issue(0, short, ["dateOfBirth", "name"]));
    const facts = [{ vct: BIRTH, claims: ["dateOfBirth"] }];
    expect(await ask({ facts }, NOW + 100)).toMatchObject({
      ok: false,
      code: "wallet/fact-expired",
    });
    expect((await ask({ facts }, NOW + 99)).ok).toBe(true);
  });

  test("facts bound to different keys are not shown together", async () => {
    await receive(0, await issue(0, birth, ["dateOfBirth", "name"]));
    await receive(1, await issue(1, home, HOME_PATHS));
    expect(await ask()).toMatchObject({ ok: false, code: "wallet/no-unused-copy" });
  });

  test("a claim bundled with one that was asked for stops it, and the copy stays unused", async () => {
    await receive(0, await issue(0, home, ["residence", "residence/authority"]));
    const facts = [{ vct: HOME, claims: ["residence/authority"] }];
    expect(await ask({ facts })).toEqual({
      ok: false,
      code: "wallet/would-show-too-much",
      missing: [{ vct: HOME, claims: ["residence/soleOrPrincipal", "residence/address"] }],
    });
    expect((await ask({ facts: [{ vct: HOME, claims: ["residence"] }] })).ok).toBe(true);
  });

  test("a list that always shows, though emptied, stops it too", async () => {
    const listed = { ...home, residence: { authority: "E06000023", before: ["E06000025"] } };
    const paths = ["residence", "residence/authority", "residence/before/0"];
    await receive(0, await issue(0, listed, paths));
    const facts = [{ vct: HOME, claims: ["residence/authority"] }];
    expect(await ask({ facts })).toMatchObject({
      ok: false,
      missing: [{ vct: HOME, claims: ["residence/before"] }],
    });
  });

  test("asking for no facts is refused; asking for no claims shows that the fact is held", async () => {
    await fill(1);
    expect(await ask({ facts: [] })).toMatchObject({ ok: false, code: "wallet/nothing-asked" });
    const shown = await ask({ facts: [{ vct: BIRTH, claims: [] }] });
    expect(everythingIn(shown.ok ? shown.presentations[0]! : "")).not.toContain("dateOfBirth");
  });
});

describe("receive", () => {
  test("refuses a credential bound to another key, with its faults", async () => {
    const credential = await issue(1, birth, ["dateOfBirth", "name"]);
    const result = await receive(0, credential);
    expect(result).toMatchObject({ ok: false, code: "wallet/credential-faulty" });
    expect(result.ok ? [] : result.faults.map((one) => one.code)).toEqual([
      "credentials/holder-key-unexpected",
    ]);
  });

  test("refuses a credential that would always show something about its owner", async () => {
    const result = await receive(0, await issue(0, birth, ["dateOfBirth"]));
    expect(result).toMatchObject({ ok: false, code: "wallet/credential-shows-too-much" });
    expect(wallet.facts()).toEqual([]);
  });

  test("a newer copy of a fact replaces the older", async () => {
    await receive(0, await issue(0, birth, ["dateOfBirth", "name"]));
    const later = { ...birth, dateOfBirth: "1956-03-01" };
    await receive(0, await issue(0, later, ["dateOfBirth", "name"]));
    expect(wallet.facts().map((one) => one.claims)).toEqual([
      { dateOfBirth: "1956-03-01", name: "Ann" },
    ]);
  });
});
