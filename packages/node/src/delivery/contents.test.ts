import { encode } from "@tallystick/ledger";
import { expect, test } from "vitest";
import { type Contents, decodeContents, encodeContents } from "./contents.ts";

const caseId = new Uint8Array(16).fill(1);
const act = new Uint8Array(32).fill(2);
const fields = [{ name: "pass.status", salt: new Uint8Array(32).fill(3), value: ["uri", 7n, 0n] }];
const every: readonly Contents[] = [
  { kind: "disclosure", caseId, fields },
  { kind: "erasure", caseId, holder: "avonbridge" },
  {
    kind: "opening",
    caseId,
    act,
    opened: act,
    facts: fields,
    decision: [],
    presentations: ["a~b~c"],
    audience: "avonbridge",
    nonce: "n",
  },
];

test.each(every.map((contents) => [contents.kind, contents] as const))(
  "%s contents come back as they went in",
  (_, contents) => {
    expect(decodeContents(encodeContents(contents))).toEqual(contents);
  },
);

test.each([
  ["no CBOR", new Uint8Array([0xff])],
  ["no array", encode("disclosure")],
  ["an unknown kind", encode([9n, caseId, []])],
  ["no case", encode([1n, "case", []])],
  ["a field without its salt", encode([1n, caseId, [["pass.status", 7n]]])],
  ["a salt that is text", encode([1n, caseId, [["pass.status", "salt", 7n]]])],
  ["one item too many", encode([1n, caseId, [], null])],
  ["an erasure without its act", encode([3n, caseId, null])],
  ["an opening cut short", encode([2n, caseId, act, act, [], [], []])],
])("%s is no contents", (_, bytes) => {
  expect(decodeContents(bytes)).toBe(null);
});
