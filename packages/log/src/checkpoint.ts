import { fromBase64, toBase64 } from "./base64.ts";
import { isCount, parseDecimal } from "./decimal.ts";
import { HASH_BYTES, type Hash } from "./hash.ts";
import { isNoteText } from "./note.ts";
import { encodeUtf8 } from "./utf8.ts";

/** What a log states about itself at one moment (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Names the log, for example `demo.tallystick.example/5d41402abc4b2a76`. */
  readonly origin: string;
  /** Number of leaves. */
  readonly size: number;
  readonly root: Hash;
}

const isOrigin = (text: string): boolean =>
  text.length > 0 && !text.includes("\n") && isNoteText(text);

/** Three lines: origin, size, root in base64, each with its newline. */
export const formatCheckpoint = ({ origin, size, root }: Checkpoint): string => {
  if (!isOrigin(origin)) throw new RangeError("not an origin");
  if (!isCount(size)) throw new RangeError("not a tree size");
  if (root.length !== HASH_BYTES) throw new RangeError("a root has 32 bytes");
  return `${origin}\n${size}\n${toBase64(root)}\n`;
};

/**
 * The checkpoint in a note's text, or null. Extension lines are refused: cosigners make no
 * statement about them, so nothing of ours may rest on one.
 */
export const parseCheckpoint = (text: string): Checkpoint | null => {
  const lines = text.split("\n", 5);
  if (lines.length !== 4 || lines[3] !== "") return null;
  const [origin = "", sizeText = "", rootText = ""] = lines;
  const size = parseDecimal(sizeText);
  const root = fromBase64(rootText);
  if (!isOrigin(origin) || size === null || root?.length !== HASH_BYTES) return null;
  return { origin, size, root };
};

/** What a log key (type 0x01) signs: the note's text. */
export const checkpointSigningBytes = (checkpoint: Checkpoint): Uint8Array =>
  encodeUtf8(formatCheckpoint(checkpoint));

/** What a cosigner (type 0x04) signs: `cosignature/v1`, the time, then the note's text. */
export const cosignatureSigningBytes = (
  checkpoint: Checkpoint,
  timestampSeconds: number,
): Uint8Array => {
  if (!isCount(timestampSeconds)) throw new RangeError("not a timestamp");
  return encodeUtf8(`cosignature/v1\ntime ${timestampSeconds}\n${formatCheckpoint(checkpoint)}`);
};
