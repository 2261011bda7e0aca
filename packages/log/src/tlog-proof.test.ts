import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTlogProof, parseTlogProof, type TlogProof } from "./tlog-proof.ts";

const CHECKPOINT = `example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog AAAAAAA=
— witness1.example AAAAAAE=
`;
const HASH = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=";
const HEAD = "c2sp.org/tlog-proof@v1\n";
const SAMPLE = `${HEAD}extra YWdl\nindex 73894\n${HASH}\n${HASH}\n\n${CHECKPOINT}`;

test("the standard's form", () => {
  const proof = parseTlogProof(SAMPLE);
  expect(proof?.extra).toEqual(new Uint8Array(Buffer.from("age")));
  expect(proof?.index).toBe(73_894);
  expect(proof?.proof.map((hash) => Buffer.from(hash).toString("base64"))).toEqual([HASH, HASH]);
  expect(proof?.checkpoint).toBe(CHECKPOINT);
  expect(formatTlogProof(proof as TlogProof)).toBe(SAMPLE);
  expect(parseTlogProof(`${HEAD}index 0\n\n${CHECKPOINT}`)).toEqual({
    extra: null,
    index: 0,
    proof: [],
    checkpoint: CHECKPOINT,
  });
});

test("other texts are refused", () => {
  const refused = [
    "",
    HEAD,
    CHECKPOINT,
    SAMPLE.replace("@v1", "@v2"),
    SAMPLE.slice(0, -1),
    ` ${SAMPLE}`,
    `${HEAD}${CHECKPOINT}`,
    `${HEAD}\n${CHECKPOINT}`,
    `${HEAD}index 0\n${CHECKPOINT}`,
    `${HEAD}extra YWdl\n\n${CHECKPOINT}`,
    `${HEAD}extra \nindex 0\n\n${CHECKPOINT}`,
    `${HEAD}extra YWd\nindex 0\n\n${CHECKPOINT}`,
    `${HEAD}index 00\n\n${CHECKPOINT}`,
    `${HEAD}index  0\n\n${CHECKPOINT}`,
    `${HEAD}index 0\nextra YWdl\n\n${CHECKPOINT}`,
    `${HEAD}extra YWdl\nextra YWdl\nindex 0\n\n${CHECKPOINT}`,
    `${HEAD}index 0\nAAAA\n\n${CHECKPOINT}`,
    `${HEAD}index 0\n${HASH} \n\n${CHECKPOINT}`,
    `${HEAD}index 0\n\n\n${CHECKPOINT}`,
    `${HEAD}index 0\n\n${CHECKPOINT.replace("\n\n", "\n")}`,
    SAMPLE.replaceAll("\n", "\r\n"),
    `${HEAD}index 0\n\n${CHECKPOINT.replace("109482", "x")}`,
    `${HEAD}index 0\n${`${HASH}\n`.repeat(64)}\n${CHECKPOINT}`,
    `${HEAD}extra ${"AAAA".repeat(87_382)}\nindex 0\n\n${CHECKPOINT}`,
  ];
  for (const text of refused) expect(parseTlogProof(text), text.slice(0, 200)).toBeNull();
  expect(parseTlogProof(`${HEAD}index 0\n${`${HASH}\n`.repeat(63)}\n${CHECKPOINT}`)).not.toBeNull();
});

test("a proof read and written again is the same proof", () => {
  const proofs = fc.record({
    extra: fc.option(fc.uint8Array({ minLength: 1, maxLength: 60 })),
    index: fc.maxSafeNat(),
    proof: fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 }),
    checkpoint: fc.constant(CHECKPOINT),
  });
  fc.assert(
    fc.property(proofs, (proof) => {
      expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof);
    }),
  );
});

test("a proof with a few characters changed is refused or written back as it was", () => {
  const change = fc.tuple(fc.nat(SAMPLE.length), fc.nat(2), fc.string({ maxLength: 2 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let text = SAMPLE;
      for (const [at, gone, put] of changes) text = text.slice(0, at) + put + text.slice(at + gone);
      const proof = parseTlogProof(text);
      if (proof !== null) expect(formatTlogProof(proof)).toBe(text);
    }),
    { numRuns: 3_000 },
  );
});

test("what could not be read is not written, and an empty extra is none", () => {
  const right = parseTlogProof(SAMPLE) as TlogProof;
  const wrong: TlogProof[] = [
    { ...right, index: -1 },
    { ...right, proof: [new Uint8Array(31)] },
    { ...right, proof: Array(64).fill(new Uint8Array(32)) },
    { ...right, checkpoint: "unsigned\n1\n" },
    { ...right, extra: new Uint8Array(262_145) },
  ];
  for (const proof of wrong) expect(() => formatTlogProof(proof)).toThrow(RangeError);
  expect(parseTlogProof(formatTlogProof({ ...right, extra: new Uint8Array() }))?.extra).toBeNull();
});
