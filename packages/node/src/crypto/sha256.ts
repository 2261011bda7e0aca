import { hash } from "node:crypto";
import type { Sha256 } from "@tallystick/log";

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/** SHA-256 by the runtime's own OpenSSL, as the pure rooms ask for it. */
export const nodeSha256: Sha256 = {
  one: (bytes: Uint8Array): Uint8Array => digest(bytes),
  pairs: (blocks: Uint8Array): Uint8Array => {
    const count = blocks.length / BLOCK_BYTES;
    if (!Number.isInteger(count)) throw new RangeError("pairs are whole blocks of 64 bytes");
    const digests = new Uint8Array(count * DIGEST_BYTES);
    for (let i = 0; i < count; i++) {
      const block = blocks.subarray(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES);
      digests.set(digest(block), i * DIGEST_BYTES);
    }
    return digests;
  },
};

// A plain Uint8Array of its own memory: a Buffer would show through `slice` and comparisons.
function digest(bytes: Uint8Array): Uint8Array {
  const buffer = hash("sha256", bytes, "buffer");
  return new Uint8Array(buffer.buffer, buffer.byteOffset, DIGEST_BYTES);
}
