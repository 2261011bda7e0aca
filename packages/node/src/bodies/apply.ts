import type { CommittedField } from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import type { Nonces } from "./ask.ts";
import type { Body } from "./body.ts";
import { caseRecords, type FactRecord } from "./case-records.ts";
import {
  type Application,
  judgeApplication,
  type RefusedApplication,
  type SoundApplication,
} from "./judge-application.ts";
import type { StatusLookUp } from "./look-up-status.ts";

export interface ApplyContext {
  readonly body: Body;
  readonly nonces: Nonces;
  readonly statuses: StatusLookUp;
  /** Cases whose application is under way, in hex. */
  readonly underWay: Set<string>;
}

export type Applied =
  | {
      readonly ok: true;
      readonly caseId: Uint8Array;
      readonly transaction: Uint8Array;
      readonly leafIndex: number;
    }
  | RefusedApplication;

/** A case that never came to stand on the ledger is destroyed after this time. */
const UNRECORDED_MS = 3_600_000;

/**
 * Takes an application: judged first, kept second, recorded third. Whatever refuses it, nothing of
 * it stays. The decision follows when the node sees the case on the ledger.
 */
export async function apply(context: ApplyContext, application: Application): Promise<Applied> {
  const judged = await judgeApplication(context, application);
  if (!judged.ok) return judged;
  const { body, underWay } = context;
  const caseId = judged.message.case;
  const name = toHex(caseId);
  if (underWay.has(name) || isKnown(body, caseId)) {
    return { ok: false, code: "services/case-known" };
  }
  underWay.add(name);
  try {
    return await record(body, judged);
  } finally {
    underWay.delete(name);
  }
}

const isKnown = ({ view, member }: Body, caseId: Uint8Array): boolean =>
  view.caseOf(caseId) !== null ||
  member.vault.isErased(caseId) ||
  member.vault.list(caseId).length > 0;

async function record(body: Body, sound: SoundApplication): Promise<Applied> {
  const { vault } = body.member;
  const { signed, message } = sound;
  const dueMs = Number(signed.payload.validUntilMs) + UNRECORDED_MS;
  const due = { dueMs, why: "never recorded" };
  const records = caseRecords(caseOf(sound), factsOf(sound)).map((one) => ({ ...one, due }));
  await vault.put(message.case, records);
  const submitted = await body.ledger.submit(signed.bytes);
  if (!submitted.ok) {
    // After a code of the node's own it may be recorded yet; the due date sees to it if not.
    if (!submitted.code.startsWith("node/")) vault.discard(message.case);
    return { ok: false, code: submitted.code };
  }
  const { leafIndex } = submitted;
  return { ok: true, caseId: message.case, transaction: signed.id, leafIndex };
}

const caseOf = ({ signed, asked, holderKey, nonce, shownBy }: SoundApplication) => ({
  opened: signed.id,
  definition: asked.definition,
  holderKey,
  audience: asked.audience,
  nonce,
  shownBy,
});

/** The openings of each fact, with the presentation that proves it. */
function factsOf({ openings, presentations, shownBy }: SoundApplication): Map<string, FactRecord> {
  const facts = new Map<string, FactRecord>();
  for (const field of openings) {
    const [fact = ""] = field.name.split(".", 1);
    const fields: readonly CommittedField[] = [...(facts.get(fact)?.fields ?? []), field];
    facts.set(fact, { fields, presentation: presentations[shownBy.indexOf(fact)] ?? null });
  }
  return facts;
}
