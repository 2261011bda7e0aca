import { concat } from "./bytes.ts";
import { isCount } from "./decimal.ts";

const TIMESTAMP_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** A cosigner's word that at this time the checkpoint was the largest it had seen of the log. */
export interface Cosignature {
  /** POSIX time. */
  readonly timestampSeconds: number;
  /** 64 bytes of Ed25519. */
  readonly signature: Uint8Array;
}

/** C2SP tlog-cosignature: 8 bytes of big-endian time, then the signature. */
export const encodeCosignature = (timestampSeconds: number, signature: Uint8Array): Uint8Array => {
  if (!isCount(timestampSeconds)) throw new RangeError("not a timestamp");
  if (signature.length !== SIGNATURE_BYTES) throw new RangeError("a signature has 64 bytes");
  const time = new Uint8Array(TIMESTAMP_BYTES);
  let rest = timestampSeconds;
  for (let i = TIMESTAMP_BYTES - 1; i >= 0; i--) {
    time[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return concat(time, signature);
};

/** The inverse; null on another length or on a time beyond Number.MAX_SAFE_INTEGER. */
export const decodeCosignature = (bytes: Uint8Array): Cosignature | null => {
  if (bytes.length !== TIMESTAMP_BYTES + SIGNATURE_BYTES) return null;
  let timestampSeconds = 0;
  for (const byte of bytes.subarray(0, TIMESTAMP_BYTES)) {
    timestampSeconds = timestampSeconds * 256 + byte;
  }
  if (!Number.isSafeInteger(timestampSeconds)) return null;
  return { timestampSeconds, signature: bytes.slice(TIMESTAMP_BYTES) };
};
