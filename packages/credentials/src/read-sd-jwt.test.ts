import { beforeAll, expect, test } from "vitest";
import { readSdJwt } from "./read-sd-jwt.ts";
import { type Cast, createCast, disclose, forge, NOW_SECONDS, VCT } from "./testing/forge.ts";

let cast: Cast;
beforeAll(async () => {
  cast = await createCast();
});

test("a presentation reads as what it shows about its subject, and no more", async () => {
  expect(await readSdJwt(await forge(cast))).toEqual({
    vct: VCT,
    claims: { dateOfBirth: "1956-02-29" },
    expiresAtSeconds: NOW_SECONDS + 86_400,
  });
});

test("what cannot be read, or does not fit together, reads as nothing", async () => {
  expect(await readSdJwt("not a credential")).toBeNull();
  const stray = await forge(cast, { digests: [], disclosures: [disclose("a", 1)] });
  expect(await readSdJwt(stray)).toBeNull();
});
