import { toBase64Url, toHex } from "@tallystick/log";
import type { Body } from "../bodies/body.ts";
import type { DueDelivery } from "./outbox.ts";

/** Deliveries of one member under way at the same time. */
export const MAX_SENDING = 8;
const SEND_TIMEOUT_MS = 10_000;
const CODE = /^[a-z-]{1,40}\/[a-z-]{1,60}$/;

/**
 * Sends what is due to the nodes of its recipients, also where this node hosts the recipient
 * itself. What is not taken is tried again later; only the ledger's acknowledgement ends it.
 */
export async function sendDue(body: Body): Promise<number> {
  const due = body.outbox.due(Number(body.ledger.now()), MAX_SENDING);
  await Promise.all(due.map((delivery) => send(body, delivery)));
  return due.length;
}

async function send(body: Body, delivery: DueDelivery): Promise<void> {
  const code = await post(body, delivery);
  const nowMs = Number(body.ledger.now());
  if (code === null) body.outbox.taken(delivery, nowMs);
  else body.outbox.postpone(delivery, code, nowMs);
}

/** Null when it was taken, else why not. */
async function post({ fetch, addressOf }: Body, delivery: DueDelivery): Promise<string | null> {
  try {
    const answer = await fetch(`${addressOf(delivery.recipient)}/v1/deliveries`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(deliveryJson(delivery)),
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
    if (answer.ok) return null;
    const { code } = (await answer.json()) as { code?: unknown };
    return typeof code === "string" && CODE.test(code) ? code : "delivery/not-taken";
  } catch {
    return "delivery/unreachable";
  }
}

const deliveryJson = ({ kind, recipient, scope, reference, envelope }: DueDelivery): unknown => ({
  kind,
  recipient,
  case: toHex(scope),
  reference: toHex(reference),
  envelope: toBase64Url(envelope),
});
