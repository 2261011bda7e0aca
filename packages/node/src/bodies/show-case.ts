import { toHex } from "@tallystick/log";
import { type StoredAct, storedAct } from "./act.ts";
import type { Body, CompiledService } from "./body.ts";
import {
  type CaseRecord,
  CREDENTIAL_PREFIX,
  DECISION_RECORD,
  readCase,
  readItems,
  WAITING_RECORD,
} from "./case-records.ts";
import { readDecision, textField } from "./decide-case.ts";
import { SENT_PREFIX } from "./disclose.ts";
import { givenCredential } from "./give-credentials.ts";
import { encodeOpenings, type OpeningValue } from "./openings.ts";

/** Everything that the body shows an applicant about a case; null when it has none. */
export async function showCase(body: Body, caseId: Uint8Array): Promise<unknown> {
  const { member, view, definitions } = body;
  const found = await readCase(member.vault, caseId);
  const compiled = found === null ? null : definitions.get(found.definition);
  if (found === null || compiled === null) return null;
  const decision = await decisionJson(body, caseId, { found, compiled });
  return {
    case: toHex(caseId),
    state: view.caseOf(caseId)?.state ?? null,
    service: compiled.service.service,
    definition: toHex(found.definition),
    applied: { transaction: toHex(found.opened) },
    ...(decision === null ? await waitingJson(body, caseId) : { waiting: null, missing: [] }),
    decision,
    credentials: await credentialsJson(body, caseId),
    disclosures: await disclosuresJson(body, caseId),
    readings: member.vault.readings
      .of(caseId)
      .map(({ atMs, who, record, why }) => ({ atMs, who, record, why })),
  };
}

/**
 * Whether the rule has spoken: a decision on the ledger with all that it gives, or why it waits.
 */
export async function isSettled(body: Body, caseId: Uint8Array): Promise<boolean> {
  const { tasks, member } = body;
  if (tasks.isBusy(caseId)) return false;
  const isWaiting = member.vault.list(caseId).includes(WAITING_RECORD);
  return isWaiting || (await decided(body, caseId)) !== null;
}

/** The decision, once it stands. */
async function decided(body: Body, caseId: Uint8Array): Promise<StoredAct | null> {
  const stored = await storedAct(body, caseId, DECISION_RECORD);
  const recorded = stored === null ? null : body.ledger.recorded(stored.act.id);
  return recorded?.refusal === null ? stored : null;
}

async function waitingJson(body: Body, caseId: Uint8Array): Promise<object> {
  const items = await readItems(body.member.vault, caseId, WAITING_RECORD);
  return items === null ? { waiting: null, missing: [] } : { waiting: items[0], missing: items[1] };
}

interface Known {
  readonly found: CaseRecord;
  readonly compiled: CompiledService;
}

async function decisionJson(
  body: Body,
  caseId: Uint8Array,
  { found, compiled }: Known,
): Promise<unknown> {
  const stored = await decided(body, caseId);
  if (stored === null) return null;
  const { action, outcome, reason, fields } = readDecision(stored.kept);
  const openings = encodeOpenings(fields);
  const under = (prefix: string): Record<string, OpeningValue> =>
    Object.fromEntries(
      openings
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ name, value }) => [name.slice(prefix.length), value]),
    );
  const { service, version } = compiled.service;
  return {
    transaction: toHex(stored.act.id),
    ...{ action, outcome, reason },
    asAt: textField(fields, "asAt"),
    rule: { service, version, hash: toHex(found.definition) },
    tables: Object.entries(under("table.")).map(([name, table]) => ({ name, version: table })),
    workedOut: under("workedOut."),
    gives: outcome === "granted" ? under("gives.") : {},
    openings,
  };
}

async function credentialsJson(body: Body, caseId: Uint8Array): Promise<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const record of body.member.vault.list(caseId)) {
    if (!record.startsWith(CREDENTIAL_PREFIX)) continue;
    const name = record.slice(CREDENTIAL_PREFIX.length);
    const credential = await givenCredential(body, caseId, name);
    if (credential !== null) given[name] = credential.token;
  }
  return given;
}

async function disclosuresJson(body: Body, caseId: Uint8Array): Promise<unknown[]> {
  const shown: unknown[] = [];
  for (const record of body.member.vault.list(caseId)) {
    if (!record.startsWith(SENT_PREFIX)) continue;
    const stored = await storedAct(body, caseId, record);
    const disclosure = stored === null ? null : body.view.disclosure(stored.act.id, 0);
    if (stored === null || disclosure === null) continue;
    const { name, recipient, isAcknowledged: acknowledged } = disclosure;
    shown.push({ name, recipient, transaction: toHex(stored.act.id), acknowledged });
  }
  return shown;
}
