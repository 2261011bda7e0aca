import fc from "fast-check";
import { expect, test } from "vitest";
import {
  checkpointSigningBytes,
  cosignatureSigningBytes,
  formatCheckpoint,
  parseCheckpoint,
} from "./checkpoint.ts";
import { decodeCosignature, encodeCosignature } from "./cosignature.ts";
import { parseNote } from "./note.ts";
import { decodeUtf8 } from "./utf8.ts";

/** The sample of C2SP tlog-cosignature. */
const SAMPLE = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
`;
const SIGNED = `${SAMPLE}
— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

test("the standard's sample", () => {
  const note = parseNote(SIGNED);
  if (note === null) expect.fail("not read");
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint === null) expect.fail("not read");
  expect(checkpoint.origin).toBe("example.com/behind-the-sofa");
  expect(checkpoint.size).toBe(20_852_163);
  expect(formatCheckpoint(checkpoint)).toBe(SAMPLE);
  expect(decodeUtf8(checkpointSigningBytes(checkpoint))).toBe(SAMPLE);
  const cosignature = decodeCosignature(note.signatures[1]?.signature as Uint8Array);
  expect(cosignature?.timestampSeconds).toBe(1_679_315_147);
  expect(decodeUtf8(cosignatureSigningBytes(checkpoint, 1_679_315_147))).toBe(
    `cosignature/v1\ntime 1679315147\n${SAMPLE}`,
  );
});

test("other texts are refused, extension lines among them", () => {
  const [origin, size, root] = SAMPLE.split("\n") as [string, string, string];
  const refused = [
    "",
    "\n",
    SAMPLE.slice(0, -1),
    `${SAMPLE}\n`,
    `${SAMPLE}extension\n`,
    `\n${SAMPLE}`,
    `\n${size}\n${root}\n`,
    `${origin}\n\n${root}\n`,
    `${origin}\n01\n${root}\n`,
    `${origin}\n-1\n${root}\n`,
    `${origin}\n1e3\n${root}\n`,
    `${origin}\n9007199254740992\n${root}\n`,
    `${origin}\n${size}\n\n`,
    `${origin}\n${size}\n${root.slice(0, -1)}\n`,
    `${origin}\n${size}\nAAAA\n`,
    `${origin}\n${size}\n${root}=\n`,
    `a\tb\n${size}\n${root}\n`,
    `${origin}\n ${size}\n${root}\n`,
    SAMPLE.replaceAll("\n", "\r\n"),
    `${origin}\n${size}\n${root} \n`,
  ];
  for (const text of refused) expect(parseCheckpoint(text), JSON.stringify(text)).toBeNull();
});

test("a checkpoint read and written again is the same checkpoint", () => {
  const checkpoints = fc.record({
    origin: fc.string({ unit: fc.constantFrom(..."a/. ŵ"), minLength: 1 }),
    size: fc.maxSafeNat(),
    root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  });
  fc.assert(
    fc.property(checkpoints, (checkpoint) => {
      expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
    }),
  );
});

test("what could not be read is not written", () => {
  const right = { origin: "a", size: 1, root: new Uint8Array(32) };
  const wrong = [
    { ...right, origin: "" },
    { ...right, origin: "a\nb" },
    { ...right, size: -1 },
    { ...right, size: 2 ** 53 },
    { ...right, size: 0.5 },
    { ...right, root: new Uint8Array(31) },
  ];
  for (const checkpoint of wrong) expect(() => formatCheckpoint(checkpoint)).toThrow(RangeError);
  expect(() => cosignatureSigningBytes(right, -1)).toThrow(RangeError);
});

test("a cosignature is a time and a signature, and nothing else", () => {
  const signature = new Uint8Array(64).fill(5);
  for (const seconds of [0, 1, 255, 256, 1_679_315_147, 2 ** 40 + 3, Number.MAX_SAFE_INTEGER]) {
    const bytes = encodeCosignature(seconds, signature);
    expect(Buffer.from(bytes).readBigUInt64BE()).toBe(BigInt(seconds));
    expect(decodeCosignature(bytes)).toEqual({ timestampSeconds: seconds, signature });
  }
  const bytes = encodeCosignature(1, signature);
  expect(decodeCosignature(bytes.subarray(1))).toBeNull();
  expect(decodeCosignature(new Uint8Array(73))).toBeNull();
  expect(decodeCosignature(bytes.with(0, 1))).toBeNull();
  expect(() => encodeCosignature(-1, signature)).toThrow(RangeError);
  expect(() => encodeCosignature(1, new Uint8Array(63))).toThrow(RangeError);
});
