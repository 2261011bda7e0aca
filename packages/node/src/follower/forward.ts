import { decodeTransaction } from "@tallystick/ledger";
import type { Replica } from "../engine/replica.ts";
import { type PeerAnswer, type PeerClient, PeerUnreachable } from "./http.ts";

/** How long a forwarded transaction may take until this node's own copy holds it. */
export const MAX_FORWARD_MS = 30_000;

/** The orderer's answer, passed on as it is; or why there is none. */
export type Forwarded =
  | { readonly ok: true; readonly answer: PeerAnswer }
  | { readonly ok: false; readonly code: string };

/**
 * Hands a transaction to the orderer. With `wait`, its answer is passed on only when this node's
 * own replica has the block, so that what the client reads here next includes it.
 */
export async function forwardTransaction(
  replica: Replica,
  orderer: PeerClient,
  bytes: Uint8Array,
  wait: boolean,
): Promise<Forwarded> {
  const decoded = decodeTransaction(replica.host, replica.networkId, bytes);
  if (!decoded.ok) return decoded;
  try {
    const answer = await orderer.send({
      method: "POST",
      target: wait ? "/v1/transactions?wait=true" : "/v1/transactions",
      body: bytes,
      contentType: "application/cose",
      timeoutMs: MAX_FORWARD_MS,
    });
    const block = wait && answer.status === 200 ? blockOf(answer) : 0;
    const arrived = () => replica.blockNumber >= block;
    const isHere = await replica.committed.until(arrived, MAX_FORWARD_MS);
    return isHere ? { ok: true, answer } : { ok: false, code: "node/behind" };
  } catch (cause) {
    if (cause instanceof PeerUnreachable) return { ok: false, code: "node/orderer-unreachable" };
    throw cause;
  }
}

function blockOf({ body }: PeerAnswer): number {
  try {
    const { block } = JSON.parse(Buffer.from(body).toString("utf8")) as { block?: unknown };
    return Number.isSafeInteger(block) ? (block as number) : 0;
  } catch {
    return 0;
  }
}
