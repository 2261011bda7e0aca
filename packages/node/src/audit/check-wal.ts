import { readFileSync } from "node:fs";

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;

/**
 * What is wrong with a write-ahead log, or null. SQLite silently drops everything from the first
 * frame that does not add up; here that is a fault. The exceptions are what a crash leaves: a file
 * that ends inside a frame, a tail of zeros, and frames of an older log that was written over.
 */
export function checkWriteAheadLog(path: string): string | null {
  const wal = readFileSync(path);
  if (wal.length < WAL_HEADER_BYTES) return null;
  const magic = wal.readUInt32BE(0);
  if (magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) return "Its first bytes are not a log's.";
  const isBig = magic === MAGIC_BIG;
  const headerSum = checksum(wal.subarray(0, 24), [0, 0], isBig);
  if (!matches(wal, 24, headerSum)) return "Its header's checksum does not fit.";
  return checkFrames(wal, headerSum, isBig);
}

function checkFrames(wal: Buffer, headerSum: Sum, isBig: boolean): string | null {
  const frameBytes = FRAME_HEADER_BYTES + wal.readUInt32BE(8);
  const salts = wal.subarray(16, 24);
  let sum = headerSum;
  let frame = 1;
  for (let at = WAL_HEADER_BYTES; at + frameBytes <= wal.length; at += frameBytes) {
    sum = frameSum(wal.subarray(at, at + frameBytes), sum, isBig);
    const adds = matches(wal, at + 16, sum);
    const belongs = wal.subarray(at + 8, at + 16).equals(salts);
    if (!adds && isLeftOver(wal.subarray(at), salts, frameBytes)) return null;
    if (!adds) return `The checksum of frame ${frame} does not fit.`;
    if (!belongs) return `Frame ${frame} does not belong to this log.`;
    frame++;
  }
  return null;
}

/** Zeros that were never written, or frames that all bear another log's salts. */
function isLeftOver(tail: Buffer, salts: Buffer, frameBytes: number): boolean {
  if (tail.every((byte) => byte === 0)) return true;
  const old = tail.subarray(8, 16);
  for (let at = 0; at + frameBytes <= tail.length; at += frameBytes) {
    if (!tail.subarray(at + 8, at + 16).equals(old)) return false;
  }
  // A log that is begun again takes two new salts; a changed byte changes one.
  return (
    !old.subarray(0, 4).equals(salts.subarray(0, 4)) && !old.subarray(4).equals(salts.subarray(4))
  );
}

type Sum = readonly [number, number];

/** A frame's checksum goes on from the one before, over its first 8 bytes and its page. */
const frameSum = (frame: Buffer, before: Sum, isBig: boolean): Sum =>
  checksum(
    frame.subarray(FRAME_HEADER_BYTES),
    checksum(frame.subarray(0, 8), before, isBig),
    isBig,
  );

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
