import { equal, toHex } from "@tallystick/log";
import type { Body } from "../bodies/body.ts";
import { rootOf } from "../bodies/commitments.ts";
import type { DisclosureView } from "../bodies/ledger-view.ts";
import { dueAfter } from "../vault/retention.ts";
import {
  type Contents,
  type DisclosureContents,
  decodeContents,
  encodeContents,
} from "./contents.ts";
import { openEnvelope } from "./envelope.ts";
import type { DeliveryKind } from "./outbox.ts";

/** A delivery as it arrives at the recipient's node. */
export interface Delivery {
  readonly kind: DeliveryKind;
  readonly recipient: string;
  readonly caseId: Uint8Array;
  readonly reference: Uint8Array;
  readonly envelope: Uint8Array;
}

export type Received =
  | { readonly ok: true; readonly isRepeated: boolean }
  | { readonly ok: false; readonly code: string };

const refuse = (code: string): Received => ({ ok: false, code });
const taken = (isRepeated: boolean): Received => ({ ok: true, isRepeated });

/** Vault records of what others disclosed to this body: `received/<disclosure>/<transaction>`. */
export const RECEIVED_PREFIX = "received/";
/** Vault records of decisions opened to this body for audit: `opening/<act>`. */
export const OPENING_PREFIX = "opening/";
/** How long an auditor keeps what a finding rests on. */
const OPENING_KEEP = { duration: "P3M", after: "received" } as const;

/** Under which name an envelope was sealed. */
export const sealedName = (kind: "opening" | "erasure", reference: Uint8Array): string =>
  kind === "opening" ? `audit/${toHex(reference)}` : "erasure";

/**
 * Takes a delivery into the recipient's vault and puts the acknowledgement on its list of work. The
 * checks and their order: spec/delivery.md §4. Taken twice it is the same as once.
 */
export async function receive(body: Body, delivery: Delivery): Promise<Received> {
  if (delivery.kind === "disclosure") return receiveDisclosure(body, delivery);
  if (delivery.kind === "opening") return receiveOpening(body, delivery);
  return receiveErasure(body, delivery);
}

async function receiveDisclosure(body: Body, delivery: Delivery): Promise<Received> {
  const { view, member, ledger } = body;
  const { caseId, reference, envelope } = delivery;
  const shown = view.disclosure(reference, 0);
  const isOurs = shown?.recipient === member.id && equal(shown.caseId, caseId);
  if (shown === null || !isOurs) return refuse("delivery/unknown-disclosure");
  if (!equal(ledger.host.sha256.one(envelope), shown.envelope)) {
    return refuse("delivery/envelope-differs");
  }
  if (shown.isAcknowledged) return taken(true);
  if (member.vault.isErased(caseId)) return refuse("delivery/case-erased");
  if (shown.agreement !== null && !view.servesCase(shown.agreement, caseId)) {
    return refuse("delivery/no-live-gateway");
  }
  const contents = await open(body, delivery, shown.name);
  if (contents?.kind !== "disclosure") return refuse("delivery/does-not-open");
  const root = rootOf(body, caseId, contents.fields);
  const isCommitted = root !== null && equal(root, shown.commitment);
  if (!isCommitted || !equal(contents.caseId, caseId)) {
    return refuse("delivery/commitment-differs");
  }
  if (!isNamed(body, delivery, { shown, contents })) return refuse("delivery/fields-differ");
  return keepDisclosure(body, delivery, { shown, contents });
}

interface Opened {
  readonly shown: DisclosureView;
  readonly contents: DisclosureContents;
}

async function keepDisclosure(
  body: Body,
  { caseId, reference }: Delivery,
  { shown, contents }: Opened,
): Promise<Received> {
  const { member, tasks, ledger } = body;
  const { vault } = member;
  const prefix = `${RECEIVED_PREFIX}${shown.name}/`;
  const name = `${prefix}${toHex(reference)}`;
  const known = vault.list(caseId).filter((one) => one.startsWith(prefix));
  const keep = disclosureOf(body, caseId, shown.name)?.keep ?? null;
  const nowMs = ledger.now();
  const due = keep?.after === "received" ? { due: dueAfter(keep, nowMs) } : {};
  const record = { name, bytes: encodeContents(contents), ...due };
  if (!(await vault.put(caseId, [record]))) return refuse("delivery/case-erased");
  if (keep?.after === "replaced") {
    for (const older of known.filter((one) => one !== name)) {
      vault.retain({ scope: caseId, name: older, ...dueAfter(keep, nowMs) });
    }
  }
  tasks.add({ kind: "acknowledge", reference, scope: caseId }, Number(nowMs));
  return taken(known.includes(name));
}

/** Whether the envelope holds what the definition names for this disclosure, and nothing else. */
function isNamed(body: Body, { caseId }: Delivery, { shown, contents }: Opened): boolean {
  const what = disclosureOf(body, caseId, shown.name)?.what ?? [];
  const { fields } = contents;
  return fields.length === what.length && fields.every(({ name }, at) => name === what[at]);
}

function disclosureOf({ view, definitions }: Body, caseId: Uint8Array, disclosure: string) {
  const found = view.caseOf(caseId);
  const compiled = found === null ? null : definitions.get(found.definition);
  return compiled?.service.disclosures.find(({ name }) => name === disclosure) ?? null;
}

async function receiveOpening(body: Body, delivery: Delivery): Promise<Received> {
  const { view, member, ledger, tasks } = body;
  const { caseId, reference, envelope } = delivery;
  const draw = view.drawOf(reference);
  if (draw?.auditor !== member.id || draw.envelope === null) {
    return refuse("delivery/unknown-disclosure");
  }
  if (!equal(ledger.host.sha256.one(envelope), draw.envelope)) {
    return refuse("delivery/envelope-differs");
  }
  if (draw.hasFinding) return taken(true);
  if (member.vault.isErased(caseId)) return refuse("delivery/case-erased");
  const contents = await open(body, delivery, sealedName("opening", reference));
  if (contents?.kind !== "opening") return refuse("delivery/does-not-open");
  const name = `${OPENING_PREFIX}${toHex(reference)}`;
  const isRepeated = member.vault.list(caseId).includes(name);
  const due = dueAfter(OPENING_KEEP, ledger.now());
  const bytes = encodeContents(contents);
  const isPut = await member.vault.put(caseId, [{ name, bytes, due }]);
  if (!isPut) return refuse("delivery/case-erased");
  tasks.add({ kind: "finding", reference, scope: caseId }, Number(ledger.now()));
  return taken(isRepeated);
}

/** A notice counts only for what the sender has done itself, as the ledger shows. */
async function receiveErasure(body: Body, delivery: Delivery): Promise<Received> {
  const { view, member } = body;
  const { caseId } = delivery;
  const found = view.caseOf(caseId);
  if (found === null) return refuse("delivery/unknown-disclosure");
  if (found.erasedBy.includes(member.id)) return taken(true);
  const contents = await open(body, delivery, sealedName("erasure", caseId));
  if (contents?.kind !== "erasure") return refuse("delivery/does-not-open");
  const { holder } = contents;
  const isFromSender =
    found.erasedBy.includes(holder) && view.recipientsOf(caseId, holder).includes(member.id);
  if (!isFromSender) return refuse("delivery/unknown-disclosure");
  return taken(!eraseHere(body, caseId));
}

/**
 * Destroys a case here and puts what follows on the list of work; false when it was done before.
 */
export function eraseHere({ member, tasks, ledger }: Body, caseId: Uint8Array): boolean {
  if (member.vault.isErased(caseId)) return false;
  const nowMs = Number(ledger.now());
  member.vault.erase([caseId], nowMs);
  tasks.add({ kind: "erase", reference: caseId, scope: caseId }, nowMs);
  return true;
}

async function open(
  { member, ledger }: Body,
  { caseId, envelope }: Delivery,
  name: string,
): Promise<Contents | null> {
  const bytes = await openEnvelope({
    networkId: ledger.networkId,
    secret: member.sealingSecret,
    context: { caseId, name, recipient: member.id },
    envelope,
  });
  return bytes === null ? null : decodeContents(bytes);
}
