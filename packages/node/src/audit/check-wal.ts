import { readFileSync } from "node:fs";

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;

/**
 * What is wrong with a write-ahead log, or null. SQLite silently drops everything from the first
 * frame that does not add up; here that is a fault, unless the file simply ends inside a frame, as
 * it does when the process dies while writing. Our logs are truncated and never rewound, so that
 * no stale frame can follow a live one.
 */
export function checkWriteAheadLog(path: string): string | null {
  const wal = readFileSync(path);
  if (wal.length === 0) return null;
  if (wal.length < WAL_HEADER_BYTES) return null;
  const magic = wal.readUInt32BE(0);
  if (magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) return "Its first bytes are not a log's.";
  const isBig = magic === MAGIC_BIG;
  let sum = checksum(wal.subarray(0, 24), [0, 0], isBig);
  if (!matches(wal, 24, sum)) return "Its header's checksum does not fit.";
  const frameBytes = FRAME_HEADER_BYTES + wal.readUInt32BE(8);
  for (let at = WAL_HEADER_BYTES, frame = 1; at + frameBytes <= wal.length; frame++) {
    if (!wal.subarray(at + 8, at + 16).equals(wal.subarray(16, 24))) {
      return `Frame ${frame} does not belong to this log.`;
    }
    sum = checksum(wal.subarray(at, at + 8), sum, isBig);
    sum = checksum(wal.subarray(at + FRAME_HEADER_BYTES, at + frameBytes), sum, isBig);
    if (!matches(wal, at + 16, sum)) return `Frame ${frame}'s checksum does not fit.`;
    at += frameBytes;
  }
  return null;
}

type Sum = readonly [number, number];

function checksum(bytes: Buffer, [first, second]: Sum, isBig: boolean): Sum {
  let a = first;
  let b = second;
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + read(bytes, at, isBig) + b) >>> 0;
    b = (b + read(bytes, at + 4, isBig) + a) >>> 0;
  }
  return [a, b];
}

const read = (bytes: Buffer, at: number, isBig: boolean): number =>
  isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);

const matches = (wal: Buffer, at: number, [a, b]: Sum): boolean =>
  wal.readUInt32BE(at) === a && wal.readUInt32BE(at + 4) === b;
