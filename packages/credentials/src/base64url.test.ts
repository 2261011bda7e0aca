import { expect, test } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";

test("every length round-trips and agrees with another implementation", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const text = encodeBase64Url(bytes);
    expect(text).toBe(Buffer.from(bytes).toString("base64url"));
    expect(decodeBase64Url(text)).toEqual(bytes);
  }
});

test("of all texts of one to three letters, exactly those that an encoder writes are read", () => {
  const letters = "AEIQZgwz_-=+/ .\n";
  const texts = [...letters].flatMap((a) => [
    a,
    ...[...letters].flatMap((b) => [a + b, ...[...letters].map((c) => a + b + c)]),
  ]);
  for (const text of texts) {
    const written = Buffer.from(text, "base64url").toString("base64url") === text;
    expect([text, decodeBase64Url(text) !== null]).toEqual([text, written]);
  }
});
