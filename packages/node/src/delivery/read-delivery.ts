import { fromBase64Url, fromHex } from "@tallystick/log";
import type { Delivery } from "./receive.ts";

const KINDS = ["disclosure", "opening", "erasure"] as const;
const CASE_BYTES = 16;
const HASH_BYTES = 32;
const MIN_ENVELOPE_BYTES = 48;
/** An opening with all its presentations is below a fifth of this. */
export const MAX_DELIVERY_BYTES = 262_144;

/** A delivery out of its JSON, or null when it is none. spec/delivery.md §4. */
export function readDelivery(json: unknown): Delivery | null {
  if (typeof json !== "object" || json === null) return null;
  const { kind, recipient, case: id, reference, envelope } = json as Record<string, unknown>;
  const known = KINDS.find((one) => one === kind);
  if (known === undefined || typeof recipient !== "string") return null;
  const caseId = typeof id === "string" ? fromHex(id) : null;
  const about = typeof reference === "string" ? fromHex(reference) : null;
  const sealed = typeof envelope === "string" ? fromBase64Url(envelope) : null;
  if (caseId?.length !== CASE_BYTES || about === null || sealed === null) return null;
  const wanted = known === "erasure" ? CASE_BYTES : HASH_BYTES;
  if (about.length !== wanted || sealed.length < MIN_ENVELOPE_BYTES) return null;
  return { kind: known, recipient, caseId, reference: about, envelope: sealed };
}
