import { createWallet } from "@tallystick/client";
import { readSdJwt } from "@tallystick/credentials";
import { afterEach, expect, test } from "vitest";
import { nodeSha256 } from "../crypto/sha256.ts";
import { codeOf } from "./testing/draft.ts";
import { Town } from "./testing/town.ts";

let town: Town;
afterEach(() => town.close());

const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const post = (member: string, path: string, body: unknown) =>
  town.fetch(`${town.urlOf(member)}/v1/members/${member}/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
const register = async (member: string, facts: unknown) =>
  (await (await post(member, "register/people", { facts })).json()) as { person: string };
const keys = async (count: number) => {
  const { networkId } = town.ledger;
  const wallet = createWallet({ sha: nodeSha256, randomBytes, networkId });
  return Promise.all(Array.from({ length: count }, (_, copy) => wallet.holderKey(copy)));
};

test("copies of one fact share nothing but what they state", async () => {
  town = Town.found();
  const { person } = await register("registrar", { dateOfBirth: "1956-02-29" });
  const holderKeys = await keys(3);
  const answer = await post("registrar", "credentials/date-of-birth", { person, holderKeys });
  expect(answer.status).toBe(201);
  const { vct, issuer, credentials } = (await answer.json()) as {
    vct: string;
    issuer: string;
    credentials: string[];
  };
  expect([vct, issuer]).toEqual(["tallystick:registrar/date-of-birth", "registrar"]);
  const parts = credentials.flatMap((one) => one.split("~").slice(1, -1));
  expect(new Set(parts).size).toBe(parts.length);
  const read = await Promise.all(credentials.map(readSdJwt));
  expect(read.map((one) => one?.claims.dateOfBirth)).toEqual(Array(3).fill("1956-02-29"));
});

test("a person's tags differ from body to body and stay the same from copy to copy", async () => {
  town = Town.found();
  const { person } = await register("registrar", { dateOfBirth: "1956-02-29" });
  const other = await register("registrar", { dateOfBirth: "1956-02-29" });
  const tagsOf = async (who: string) => {
    const request = { person: who, holderKeys: await keys(2) };
    const answer = await post("registrar", "credentials/date-of-birth", request);
    const { credentials } = (await answer.json()) as { credentials: string[] };
    return Promise.all(credentials.map(async (one) => (await readSdJwt(one))?.claims.tags));
  };
  const [first, second] = await tagsOf(person);
  expect(Object.keys(first as object)).toEqual(["bus-pass:avonbridge"]);
  expect(second).toEqual(first);
  expect(await tagsOf(other.person)).not.toContainEqual(first);
});

test.each([
  ["registrar", "credentials/residence", "bodies/not-an-issuer"],
  ["registrar", "credentials/shoe-size", "bodies/not-an-issuer"],
  ["avonbridge", "credentials/date-of-birth", "bodies/not-an-issuer"],
  ["avonbridge", "credentials/residence", "bodies/fact-not-held"],
])("%s does not answer %s: %s", async (member, path, code) => {
  town = Town.found();
  const facts = { dateOfBirth: "1956-02-29" };
  const { person } = await register(member, facts);
  expect(await codeOf(await post(member, path, { person, holderKeys: await keys(1) }))).toBe(code);
});

test("nobody is given a credential about a person that the register lacks", async () => {
  town = Town.found();
  const holderKeys = await keys(1);
  const ask = (person: unknown, given: unknown = holderKeys) =>
    post("registrar", "credentials/date-of-birth", { person, holderKeys: given }).then(codeOf);
  expect(await ask("00".repeat(16))).toBe("bodies/unknown-person");
  expect(await ask("short")).toBe("bodies/malformed-request");
  expect(await ask("00".repeat(16), [])).toBe("bodies/malformed-request");
  expect(await ask("00".repeat(16), [{ kty: "RSA" }])).toBe("bodies/malformed-request");
  const tooMany = Array(17).fill(holderKeys[0]);
  expect(await ask("00".repeat(16), tooMany)).toBe("bodies/malformed-request");
});

test.each([
  ["registrar", { dateOfBirth: "1957-02-29" }],
  ["registrar", { dateOfBirth: 19560229 }],
  ["registrar", { shoeSize: "7" }],
  ["registrar", {}],
  ["avonbridge", { residence: { authority: "W06000021", soleOrPrincipal: true } }],
  ["avonbridge", { residence: { authority: "E06000023" } }],
  ["avonbridge", { residence: { authority: "E06000023", soleOrPrincipal: "yes" } }],
])("the register of %s takes no %j", async (member, facts) => {
  town = Town.found();
  expect(await codeOf(await post(member, "register/people", { facts }))).toBe(
    "bodies/malformed-request",
  );
});

test("outside a demonstration there is no register to write into", async () => {
  town = Town.found({ demonstration: false });
  const code = "bodies/not-a-demonstration";
  const facts = { dateOfBirth: "1956-02-29" };
  expect(await codeOf(await post("registrar", "register/people", { facts }))).toBe(code);
  const path = "credentials/date-of-birth/revocations";
  expect(await codeOf(await post("registrar", path, { person: "00".repeat(16) }))).toBe(code);
  const url = `${town.urlOf("registrar")}/v1/members/registrar/deliveries`;
  expect(await codeOf(await town.fetch(url))).toBe(code);
});

test("one member's entry is not found at another member of the same node", async () => {
  town = Town.found();
  const { person } = await register("avonbridge", {
    residence: { authority: "E06000023", soleOrPrincipal: true },
  });
  const request = { person, holderKeys: await keys(1) };
  expect(await codeOf(await post("severnside", "credentials/residence", request))).toBe(
    "bodies/unknown-person",
  );
});

test("a list is on the ledger before its first credential is handed out, and each version once", async () => {
  town = Town.found();
  const { person } = await register("registrar", { dateOfBirth: "1956-02-29" });
  const request = { person, holderKeys: await keys(2) };
  await Promise.all([
    post("registrar", "credentials/date-of-birth", request),
    post("registrar", "credentials/date-of-birth", request),
  ]);
  expect(town.messages("credentials/status-list")).toMatchObject([{ version: 1n }]);
  const path = "credentials/date-of-birth/revocations";
  expect(await (await post("registrar", path, { person })).json()).toEqual({
    revoked: 4,
    version: 2,
  });
  expect(town.messages("credentials/status-list")).toMatchObject([
    { version: 1n },
    { version: 2n },
  ]);
});

test("a list whose commitment was lost is committed to before the next use", async () => {
  town = Town.found();
  const { person } = await register("registrar", { dateOfBirth: "1956-02-29" });
  const request = { person, holderKeys: await keys(1) };
  town.ledger.refuseNext.push("node/busy");
  const first = await post("registrar", "credentials/date-of-birth", request);
  expect([first.status, await codeOf(first)]).toEqual([503, "node/busy"]);
  const second = await post("registrar", "credentials/date-of-birth", request);
  expect(second.status).toBe(201);
  expect(town.messages("credentials/status-list")).toMatchObject([{ version: 1n }]);
});

test("there is no status list that nobody publishes", async () => {
  town = Town.found();
  const url = `${town.urlOf("registrar")}/v1/members/registrar/status-lists/none`;
  expect(await codeOf(await town.fetch(url))).toBe("bodies/unknown-status-list");
});
