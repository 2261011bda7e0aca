import { fromBase64, toBase64 } from "./base64.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { isCount, parseDecimal } from "./decimal.ts";
import { HASH_BYTES, type Hash } from "./hash.ts";
import { MAX_NOTE_BYTES, parseNote } from "./note.ts";

/** An offline proof that an entry is in a log (C2SP tlog-proof). Nothing in it is verified yet. */
export interface TlogProof {
  /** The application's bytes, which no signature covers; null when there are none. */
  readonly extra: Uint8Array | null;
  readonly index: number;
  readonly proof: readonly Hash[];
  /** The signed note, cosignatures included, as it was served. */
  readonly checkpoint: string;
}

export const MAX_TLOG_PROOF_EXTRA_BYTES = 262_144;
export const MAX_TLOG_PROOF_HASHES = 63;
const MAX_TEXT_LENGTH = MAX_NOTE_BYTES + 2 * MAX_TLOG_PROOF_EXTRA_BYTES;
const FIRST_LINE = "c2sp.org/tlog-proof@v1";

/** The proof as text. Throws RangeError on what `parseTlogProof` would refuse. */
export const formatTlogProof = ({ extra, index, proof, checkpoint }: TlogProof): string => {
  if (!isCount(index)) throw new RangeError("not an index");
  if (proof.length > MAX_TLOG_PROOF_HASHES || proof.some((hash) => hash.length !== HASH_BYTES)) {
    throw new RangeError("a proof has at most 63 hashes of 32 bytes");
  }
  if (!isSignedCheckpoint(checkpoint)) throw new RangeError("not a signed checkpoint");
  const hasExtra = extra !== null && extra.length > 0;
  if (hasExtra && extra.length > MAX_TLOG_PROOF_EXTRA_BYTES) throw new RangeError("extra too long");
  const lines = [
    FIRST_LINE,
    ...(hasExtra ? [`extra ${toBase64(extra)}`] : []),
    `index ${index}`,
    ...proof.map(toBase64),
    "",
  ];
  return `${lines.join("\n")}\n${checkpoint}`;
};

/**
 * Takes a proof apart; null when any line differs from what `formatTlogProof` writes. To be
 * verified: the note (`judgeCheckpoint`), then the path (`rootFromInclusion`) to its root.
 */
export const parseTlogProof = (text: string): TlogProof | null => {
  if (text.length > MAX_TEXT_LENGTH) return null;
  const split = text.indexOf("\n\n");
  if (split < 0) return null;
  const lines = text.slice(0, split).split("\n");
  const checkpoint = text.slice(split + 2);
  if (lines.shift() !== FIRST_LINE || !isSignedCheckpoint(checkpoint)) return null;
  let extra: Uint8Array | null = null;
  if (lines[0]?.startsWith("extra ")) {
    extra = parseExtra(lines.shift() as string);
    if (extra === null) return null;
  }
  const indexLine = lines.shift() ?? "";
  const index = indexLine.startsWith("index ") ? parseDecimal(indexLine.slice(6)) : null;
  const proof = parseHashes(lines);
  return index === null || proof === null ? null : { extra, index, proof, checkpoint };
};

const isSignedCheckpoint = (signed: string): boolean => {
  const note = parseNote(signed);
  return note !== null && parseCheckpoint(note.text) !== null;
};

const parseExtra = (line: string): Uint8Array | null => {
  const extra = fromBase64(line.slice(6));
  const fits = extra !== null && extra.length > 0 && extra.length <= MAX_TLOG_PROOF_EXTRA_BYTES;
  return fits ? extra : null;
};

const parseHashes = (lines: readonly string[]): Hash[] | null => {
  if (lines.length > MAX_TLOG_PROOF_HASHES) return null;
  const hashes: Hash[] = [];
  for (const line of lines) {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) return null;
    hashes.push(hash);
  }
  return hashes;
};
