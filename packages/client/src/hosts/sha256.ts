import { sha256 } from "@noble/hashes/sha2.js";
import type { Sha256 } from "@tallystick/log";

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

const pairs = (blocks: Uint8Array): Uint8Array => {
  if (blocks.length % BLOCK_BYTES !== 0) throw new RangeError("pairs takes blocks of 64 bytes");
  const hashes = new Uint8Array(blocks.length / 2);
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES) {
    hashes.set(sha256(blocks.subarray(at, at + BLOCK_BYTES)), (at / BLOCK_BYTES) * HASH_BYTES);
  }
  return hashes;
};

/** SHA-256 in plain JavaScript: the same code in a browser, a worker and Node. */
export const nobleSha256: Sha256 = { one: (bytes) => sha256(bytes), pairs };
