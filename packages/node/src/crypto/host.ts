import type { Host, SignatureVerifier } from "@tallystick/ledger";
import { verifyEd25519 } from "./ed25519.ts";
import { verifyP256 } from "./p256.ts";
import { ED25519, ESP256, selfTest } from "./self-test.ts";
import { nodeSha256 } from "./sha256.ts";

/** Signature verdicts by node:crypto, for the two algorithms that the ledger knows. */
export const verifySignature: SignatureVerifier = (algorithm, publicKey, message, signature) => {
  if (algorithm === ED25519) return verifyEd25519(publicKey, message, signature);
  if (algorithm === ESP256) return verifyP256(publicKey, message, signature);
  return false;
};

/** What the pure rooms need of this machine. Throws RuntimeDisagrees on a wrong runtime. */
export function createHost(): Host {
  selfTest(verifySignature);
  return { sha256: nodeSha256, verify: verifySignature };
}
