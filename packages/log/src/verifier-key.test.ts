import { expect, test } from "vitest";
import { ed25519Key, nodeSha256 as sha } from "../../../test/support/hosts.ts";
import { toBase64 } from "./base64.ts";
import { toHex } from "./hex.ts";
import { formatVerifierKey, isKeyName, keyHash, parseVerifierKey } from "./verifier-key.ts";

/** Of C2SP signed-note, of Go's x/mod and of transparency-dev/formats. */
const FOREIGN = [
  "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
  "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
  "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
];
const { publicKey } = ed25519Key("log");

test("keys of other systems are read and written alike", () => {
  for (const text of FOREIGN) {
    const key = parseVerifierKey(sha, text);
    expect(key, text).not.toBeNull();
    if (key === null) continue;
    expect(toHex(key.keyHash)).toBe(text.split("+")[1]);
    expect(formatVerifierKey(sha, key)).toBe(text);
  }
});

test("every piece of a key, and every changed character, is refused", () => {
  const [text = ""] = FOREIGN;
  for (let i = 0; i < text.length; i++) {
    for (let j = i; j < text.length + (i > 0 ? 1 : 0); j++) {
      expect(parseVerifierKey(sha, text.slice(i, j))).toBeNull();
    }
    const next = String.fromCharCode(text.charCodeAt(i) + 1);
    expect(parseVerifierKey(sha, text.slice(0, i) + next + text.slice(i + 1))).toBeNull();
  }
});

test("keys of an unknown type or another length are refused, though their hash fits", () => {
  const vkey = (type: number, material: Uint8Array): string => {
    const key = { name: "a.example", type: type as 1, publicKey: material };
    const bytes = Buffer.concat([Buffer.from([type]), material]);
    return `a.example+${toHex(keyHash(sha, key))}+${toBase64(bytes)}`;
  };
  expect(parseVerifierKey(sha, vkey(1, publicKey))).not.toBeNull();
  expect(parseVerifierKey(sha, vkey(4, publicKey))).not.toBeNull();
  for (const type of [0, 2, 3, 5, 6, 255])
    expect(parseVerifierKey(sha, vkey(type, publicKey))).toBeNull();
  expect(parseVerifierKey(sha, vkey(1, publicKey.subarray(1)))).toBeNull();
  expect(parseVerifierKey(sha, vkey(1, Buffer.concat([publicKey, Buffer.from([0])])))).toBeNull();
});

test("the type is part of the key's hash", () => {
  const log = { name: "a.example", type: 1, publicKey } as const;
  expect(toHex(keyHash(sha, log))).not.toBe(toHex(keyHash(sha, { ...log, type: 4 })));
});

test("names hold no space, plus or control character", () => {
  for (const name of ["a", "avonbridge/executor", "ŵy.example", "a\u200bb"]) {
    expect(isKeyName(name), name).toBe(true);
  }
  const spaces =
    "\u0009\u000a\u000d\u0020\u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000";
  for (const character of [...spaces, "+", "\u0000", "\u001f", "\ud800"]) {
    expect(isKeyName(`a${character}b`)).toBe(false);
  }
  expect(isKeyName("")).toBe(false);
  expect(() => formatVerifierKey(sha, { name: "a b", type: 1, publicKey })).toThrow(RangeError);
});
