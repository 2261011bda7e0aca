import type { Host } from "@tallystick/ledger";
import { verifyEd25519 } from "./ed25519.ts";
import { verifyP256 } from "./p256.ts";
import { nobleSha256 } from "./sha256.ts";

const ED25519 = -19;

/** Hashing and signature checking in plain JavaScript, by the rules that nodes apply. */
export const nobleHost: Host = {
  sha256: nobleSha256,
  verify: (algorithm, publicKey, message, signature) =>
    algorithm === ED25519
      ? verifyEd25519(publicKey, message, signature)
      : verifyP256(publicKey, message, signature),
};
