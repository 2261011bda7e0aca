import { beforeAll, expect, test } from "vitest";
import { MAX_PRESENTATIONS } from "./limits.ts";
import { AUDIENCE, type Cast, createCast, forge, NONCE, policyOf } from "./testing/forge.ts";
import { verifyTogether } from "./verify-together.ts";

let cast: Cast;
beforeAll(async () => {
  cast = await createCast();
});

const verify = (presentations: readonly string[]) =>
  verifyTogether({ ...policyOf(cast), presentations, audience: AUDIENCE, nonce: NONCE });

const codes = async (presentations: readonly string[]) => {
  const result = await verify(presentations);
  return result.ok ? [] : result.faults.map((one) => `${one.presentation} ${one.code}`);
};

test("credentials of one holder are one person's", async () => {
  const result = await verify([await forge(cast), await forge(cast)]);
  expect(result).toMatchObject({ ok: true, credentials: [{ ok: true }, { ok: true }] });
});

test("two persons' credentials are refused, each sound by itself", async () => {
  const other = { ...cast, holder: cast.stranger };
  expect(await codes([await forge(cast), await forge(cast), await forge(other)])).toEqual([
    "2 credentials/different-holders",
  ]);
});

test("a fault in one is reported with its place, and a second holder still shows", async () => {
  const other = { ...cast, holder: cast.stranger };
  const stale = await forge(cast, { keyBindingPayload: { nonce: "old" } });
  expect(await codes([stale, await forge(cast), await forge(other)])).toEqual([
    "0 credentials/nonce-wrong",
    "2 credentials/different-holders",
  ]);
});

test("nothing, and too much, is refused", async () => {
  expect(await codes([])).toEqual(["0 credentials/nothing-presented"]);
  const many = new Array<string>(MAX_PRESENTATIONS + 1).fill(await forge(cast));
  expect(await codes(many)).toEqual(["0 credentials/too-many-presentations"]);
});
