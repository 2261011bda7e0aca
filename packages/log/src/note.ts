import { fromBase64, toBase64 } from "./base64.ts";
import { concat } from "./bytes.ts";
import { utf8Length } from "./utf8.ts";
import { isKeyName, KEY_HASH_BYTES } from "./verifier-key.ts";

export const MAX_NOTE_BYTES = 1_000_000;
export const MAX_NOTE_SIGNATURES = 100;

/** A text and its signatures, none of them verified yet (C2SP signed-note). */
export interface Note {
  /** Ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly keyHash: Uint8Array;
  /** At least 1 byte; what it holds depends on the key's type. */
  readonly signature: Uint8Array;
}

const EM_DASH_SPACE = "— ";

/** Whether text is well-formed Unicode and its only control characters are newlines. */
export const isNoteText = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) return false;
  }
  return utf8Length(text) !== null;
};

/**
 * Takes a signed note apart. Null when it is not one: no signature, more than 100, more than
 * 1,000,000 bytes, a control character, a lax base64, a missing last newline.
 * `formatNote` of the result gives the same text again.
 */
export const parseNote = (signed: string): Note | null => {
  if (signed.length > MAX_NOTE_BYTES || !isNoteText(signed)) return null;
  if ((utf8Length(signed) as number) > MAX_NOTE_BYTES) return null;
  const split = signed.lastIndexOf("\n\n");
  if (split < 0 || !signed.endsWith("\n")) return null;
  const lines = signed.slice(split + 2, -1).split("\n");
  if (split + 2 === signed.length || lines.length > MAX_NOTE_SIGNATURES) return null;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (signature === null) return null;
    signatures.push(signature);
  }
  return { text: signed.slice(0, split + 1), signatures };
};

/** One line without its newline, `— <name> <base64 of key hash and signature>`; null otherwise. */
export const parseSignatureLine = (line: string): NoteSignature | null => {
  if (!line.startsWith(EM_DASH_SPACE)) return null;
  const space = line.indexOf(" ", EM_DASH_SPACE.length);
  if (space < 0) return null;
  const name = line.slice(EM_DASH_SPACE.length, space);
  const bytes = fromBase64(line.slice(space + 1));
  if (!isKeyName(name) || bytes === null || bytes.length <= KEY_HASH_BYTES) return null;
  return {
    name,
    keyHash: bytes.slice(0, KEY_HASH_BYTES),
    signature: bytes.slice(KEY_HASH_BYTES),
  };
};

/** The inverse of `parseSignatureLine`: without a newline. */
export const formatSignatureLine = (line: NoteSignature): string => {
  if (!isKeyName(line.name)) throw new RangeError("not a key name");
  if (line.keyHash.length !== KEY_HASH_BYTES || line.signature.length === 0) {
    throw new RangeError("a signature line holds 4 bytes of key hash and a signature");
  }
  return `${EM_DASH_SPACE}${line.name} ${toBase64(concat(line.keyHash, line.signature))}`;
};

/** The signed note as one text. Throws RangeError on what `parseNote` would refuse. */
export const formatNote = (note: Note): string => {
  const count = note.signatures.length;
  if (count < 1 || count > MAX_NOTE_SIGNATURES) throw new RangeError("1 to 100 signatures");
  if (!note.text.endsWith("\n") || !isNoteText(note.text)) {
    throw new RangeError("a note's text ends with a newline and holds no other control character");
  }
  const lines = note.signatures.map((line) => `${formatSignatureLine(line)}\n`);
  const signed = `${note.text}\n${lines.join("")}`;
  if ((utf8Length(signed) as number) > MAX_NOTE_BYTES) throw new RangeError("the note is too long");
  return signed;
};
