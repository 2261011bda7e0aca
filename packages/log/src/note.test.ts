import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeSha256 as sha, verifyEd25519 } from "../../../test/support/hosts.ts";
import { equal } from "./bytes.ts";
import { formatNote, type Note, parseNote } from "./note.ts";
import { encodeUtf8 } from "./utf8.ts";
import { parseVerifierKey } from "./verifier-key.ts";

/** Notes that other systems signed, each with its key. */
const FOREIGN = [
  {
    vkey: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    note: `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`,
  },
  {
    vkey: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    note: `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`,
  },
];
const [{ note: SAMPLE } = { note: "" }] = FOREIGN;
const LINE = `${SAMPLE.split("\n")[2]}\n`;

test("notes of other systems are read, verified and written alike", () => {
  for (const { vkey, note: signed } of FOREIGN) {
    const note = parseNote(signed) as Note;
    const key = parseVerifierKey(sha, vkey);
    const [line] = note.signatures;
    if (key === null || line === undefined) expect.fail("not read");
    expect(line.name).toBe(key.name);
    expect(equal(line.keyHash, key.keyHash)).toBe(true);
    const message = encodeUtf8(note.text);
    expect(verifyEd25519(key.publicKey, message, line.signature)).toBe(true);
    expect(verifyEd25519(key.publicKey, message.subarray(1), line.signature)).toBe(false);
    expect(formatNote(note)).toBe(signed);
  }
});

test("the text is what stands before the last empty line", () => {
  const text = "a\n\n— example.com/foo is only text here\n\nb\n";
  expect(parseNote(`${text}\n${LINE}`)?.text).toBe(text);
  expect(parseNote(`\n\n${LINE}`)?.text).toBe("\n");
});

test("what is not a signed note is refused", () => {
  const refused = [
    "",
    "\n",
    "a\n",
    "a\n\n",
    "a\n\n\n",
    SAMPLE.slice(0, -1),
    `${SAMPLE}\n`,
    `a${LINE}`,
    `a\n${LINE}`,
    `a\r\n\n${LINE}`,
    `a\t\n\n${LINE}`,
    `a\u0000\n\n${LINE}`,
    `a\ud800\n\n${LINE}`,
    `a\n\n${LINE.replace("— ", "- ")}`,
    `a\n\n${LINE.replace("— ", "—")}`,
    `a\n\n${LINE.replace("example.com/foo", "example.com+foo")}`,
    `a\n\n${LINE.replace("example.com/foo", "")}`,
    `a\n\n${LINE.replace(" Uw2", "  Uw2")}`,
    `a\n\n${LINE.replace("=\n", "\n")}`,
    `a\n\n${LINE.replace("M=\n", "N=\n")}`,
    `a\n\n${LINE.replace("=\n", "= \n")}`,
    "a\n\n— x AAAAAA==\n",
    "a\n\n— x \n",
    "a\n\n— x\n",
    `a\n\n${LINE}text\n`,
  ];
  for (const text of refused) expect(parseNote(text), JSON.stringify(text)).toBeNull();
  expect(parseNote("a\n\n— x AAAAAAA=\n")?.signatures).toHaveLength(1);
});

test("at most 100 signatures and 1,000,000 bytes", () => {
  expect(parseNote(`a\n\n${LINE.repeat(100)}`)?.signatures).toHaveLength(100);
  expect(parseNote(`a\n\n${LINE.repeat(101)}`)).toBeNull();
  const rest = 1_000_000 - Buffer.byteLength(`\n\n${LINE}`);
  expect(parseNote(`${"a".repeat(rest)}\n\n${LINE}`)).not.toBeNull();
  expect(parseNote(`${"a".repeat(rest + 1)}\n\n${LINE}`)).toBeNull();
  expect(parseNote(`${"ŵ".repeat(rest / 2)}aa\n\n${LINE}`)).toBeNull();
});

test("a note read and written again is the same note", () => {
  const name = fc.string({ unit: fc.constantFrom(..."aŵ/.—"), minLength: 1, maxLength: 6 });
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const line = fc.record({
    name,
    keyHash: bytes(4),
    signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
  });
  const text = fc.string({ unit: fc.constantFrom(..."a\n— =ŵ"), maxLength: 20 });
  const notes = fc.record({
    text: text.map((start) => `${start}\n`),
    signatures: fc.array(line, { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(notes, (note) => {
      expect(parseNote(formatNote(note))).toEqual(note);
    }),
  );
});

test("a note with a few characters changed is refused or written back as it was", () => {
  const change = fc.tuple(fc.nat(SAMPLE.length), fc.nat(2), fc.string({ maxLength: 2 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let text = SAMPLE;
      for (const [at, gone, put] of changes) text = text.slice(0, at) + put + text.slice(at + gone);
      const note = parseNote(text);
      if (note !== null) expect(formatNote(note)).toBe(text);
    }),
    { numRuns: 3_000 },
  );
});

test("what could not be read is not written", () => {
  const note = parseNote(SAMPLE) as Note;
  const [line] = note.signatures;
  if (line === undefined) expect.fail("not read");
  const wrong: Note[] = [
    { ...note, signatures: [] },
    { ...note, signatures: Array(101).fill(line) },
    { ...note, text: "no newline" },
    { ...note, text: "tab\t\n" },
    { ...note, text: `${"a".repeat(1_000_000)}\n` },
    { ...note, signatures: [{ ...line, name: "a b" }] },
    { ...note, signatures: [{ ...line, keyHash: new Uint8Array(3) }] },
    { ...note, signatures: [{ ...line, signature: new Uint8Array() }] },
  ];
  for (const each of wrong) expect(() => formatNote(each)).toThrow(RangeError);
});
