import { hkdfSync } from "node:crypto";

/** The published seed of every demonstration: whoever reads it can sign as anyone there. */
export const DEMONSTRATION_SEED = "tallystick demonstration, never use elsewhere";

const KEY_BYTES = 32;

/**
 * The 32 secret bytes of a demonstration's key, by HKDF-SHA-256 (spec/hashes.md).
 * @param random the 16 random bytes in the network's genesis
 * @param name for example "avonbridge/act" or "log"
 */
export function demonstrationKey(random: Uint8Array, name: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", DEMONSTRATION_SEED, random, name, KEY_BYTES));
}
