import { equal, fromHex } from "@tallystick/log";
import { readRequestClaim } from "../crypto/http-signature.ts";
import { decodeOwn } from "./act.ts";
import type { Body } from "./body.ts";
import { readCase } from "./case-records.ts";

const ED25519 = -19;
const ESP256 = -9;

/**
 * Whether a request about a case comes from whoever opened it: null when it does, else the code.
 * `bodies/case-erased`, `bodies/unknown-case`, `bodies/case-signature-wrong`. spec/bodies-api.md
 * §5.
 */
export async function judgeCaseRequest(
  body: Body,
  caseId: Uint8Array,
  request: Request,
): Promise<string | null> {
  const { member, view, ledger } = body;
  if (member.vault.isErased(caseId)) return "bodies/case-erased";
  const found = view.caseOf(caseId);
  const kept = await readCase(member.vault, caseId);
  const recorded = kept === null ? null : ledger.recorded(kept.opened);
  if (found === null || recorded === null) return "bodies/unknown-case";
  const { key, keyId } = decodeOwn(ledger, recorded.bytes);
  const claim = readRequestClaim(
    {
      method: request.method,
      url: new URL(request.url),
      signatureInput: request.headers.get("signature-input") ?? undefined,
      signature: request.headers.get("signature") ?? undefined,
    },
    Number(ledger.now() / 1000n),
  );
  const named = claim === null ? null : fromHex(claim.keyId);
  const isOpener = found.openers.some((opener) => equal(opener, keyId));
  if (claim === null || named === null || key === null || !isOpener || !equal(named, keyId)) {
    return "bodies/case-signature-wrong";
  }
  const algorithm = claim.algorithm === "ed25519" ? ED25519 : ESP256;
  const fits = (key.kind === "ed25519") === (algorithm === ED25519);
  const { verify } = ledger.host;
  const isGood = fits && verify(algorithm, key.publicKey, claim.message, claim.signature);
  return isGood ? null : "bodies/case-signature-wrong";
}
