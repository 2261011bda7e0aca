import type { Message } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import { inTransaction } from "../store/database.ts";
import { dueAfter } from "../vault/retention.ts";
import { decodeOwn } from "./act.ts";
import type { Body } from "./body.ts";
import { CASE_RECORD, DECISION_RECORD, FACT_PREFIX } from "./case-records.ts";
import type { LedgerAccess, RecordedBlock } from "./ledger-access.ts";

/** One message that the rules let through, with the transaction that it stood in. */
export interface Happening {
  readonly message: Message;
  readonly id: Hash;
  readonly index: number;
  readonly blockTimeMs: bigint;
}

/** The accepted messages of a block, in order. */
export function happeningsIn(ledger: LedgerAccess, block: RecordedBlock): readonly Happening[] {
  return block.transactions
    .filter(({ refusal }) => refusal === null)
    .flatMap(({ id, bytes, blockTimeMs }) =>
      decodeOwn(ledger, bytes).payload.messages.map((message, index) => ({
        ...{ message, id, index, blockTimeMs },
      })),
    );
}

/** Blocks between two notes of how far a member has read; what comes twice does no harm. */
const CURSOR_STEP = 64;

/**
 * Puts what follows for a member from a block onto its list of work, in one write with how far it
 * has read: a stop between two blocks loses nothing, and a block read twice changes nothing.
 */
export function watchBlock(body: Body, number: number, happenings: readonly Happening[]): void {
  const { tasks, member } = body;
  if (number <= tasks.cursor) return;
  const relevant = happenings.filter((happening) => concerns(body, happening));
  if (relevant.length === 0 && number % CURSOR_STEP !== 0) return;
  inTransaction(member.vault.database, () => {
    for (const happening of relevant) follow(body, happening);
    tasks.cursor = number;
  });
}

/** Whether anything follows from it for this member. */
function concerns({ member, view }: Body, { message }: Happening): boolean {
  const { id } = member;
  switch (message.type) {
    case "services/open":
      return message.authority === id;
    case "services/decide":
      return isAuditor(member.registered.roles) || view.caseOf(message.case)?.authority === id;
    case "services/disclose":
      return message.recipient === id;
    case "services/acknowledge":
    case "services/draw":
    case "services/finding":
    case "services/erase":
      return true;
    default:
      return false;
  }
}

const AUDITOR_ROLE = "auditor";
const isAuditor = (roles: readonly string[]): boolean => roles.includes(AUDITOR_ROLE);

function follow(body: Body, happening: Happening): void {
  const { message } = happening;
  if (message.type === "services/open") followOpen(body, message.case, happening.id);
  if (message.type === "services/decide") followDecide(body, message.case, happening);
  if (message.type === "services/disclose") followDisclose(body, happening.id);
  if (message.type === "services/acknowledge") {
    body.outbox.remove("disclosure", message.disclosureId);
    body.outbox.met(message.disclosureId);
  }
  if (message.type === "services/draw") followDraw(body, message.act);
  if (message.type === "services/finding") body.outbox.remove("opening", message.act);
  if (message.type === "services/erase") {
    body.outbox.removeFor("erasure", message.case, message.holder);
  }
}

/** The application stands: nothing of it is provisional any more, and it is to be decided. */
function followOpen({ member, tasks, ledger }: Body, scope: Uint8Array, reference: Hash): void {
  if (!member.vault.list(scope).includes(CASE_RECORD)) return;
  member.vault.release(scope);
  tasks.add({ kind: "decide", reference, scope }, Number(ledger.now()));
}

function followDecide(body: Body, scope: Uint8Array, { id, blockTimeMs }: Happening): void {
  const { member, tasks, ledger, view } = body;
  const nowMs = Number(ledger.now());
  if (view.caseOf(scope)?.authority !== member.id) {
    tasks.add({ kind: "draw", reference: id, scope }, nowMs);
    return;
  }
  if (!member.vault.list(scope).includes(CASE_RECORD)) return;
  setRetention(body, scope, blockTimeMs);
}

/**
 * Facts are kept for the definition's time after the decision; what was decided of them, as long as
 * the longest.
 */
function setRetention({ member, view, definitions }: Body, scope: Uint8Array, atMs: bigint): void {
  const found = view.caseOf(scope);
  const service = found === null ? null : definitions.get(found.definition)?.service;
  let latest = { dueMs: 0, why: "" };
  for (const { name, keep } of service?.facts ?? []) {
    if (keep?.after !== "decided") continue;
    const due = dueAfter(keep, atMs);
    member.vault.retain({ scope, name: `${FACT_PREFIX}${name}`, ...due });
    if (due.dueMs > latest.dueMs) latest = due;
  }
  if (latest.dueMs > 0) member.vault.retain({ scope, name: DECISION_RECORD, ...latest });
}

function followDisclose({ view, outbox }: Body, reference: Hash): void {
  const shown = view.disclosure(reference, 0);
  if (shown === null || shown.isAcknowledged) return;
  const { caseId: scope, from: sender, name: disclosure, acknowledgeByMs } = shown;
  outbox.expect({ reference, scope, sender, disclosure, acknowledgeByMs });
}

function followDraw(body: Body, decision: Hash): void {
  const { ledger, view, member, tasks } = body;
  const recorded = ledger.recorded(decision);
  const message = decodedDecision(ledger, recorded?.bytes);
  if (message === null || view.caseOf(message.case)?.authority !== member.id) return;
  const task = { kind: "open-to-auditor", reference: decision, scope: message.case } as const;
  tasks.add(task, Number(ledger.now()));
}

function decodedDecision(ledger: LedgerAccess, bytes: Uint8Array | undefined) {
  const messages = bytes === undefined ? [] : decodeOwn(ledger, bytes).payload.messages;
  return messages.find((message) => message.type === "services/decide") ?? null;
}
