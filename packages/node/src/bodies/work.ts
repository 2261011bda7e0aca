import { ActRefused, act, actOnce, TryLater } from "./act.ts";
import { findOnDecision } from "./audit-decision.ts";
import type { Body } from "./body.ts";
import { DECISION_RECORD } from "./case-records.ts";
import { decideCase } from "./decide-case.ts";
import { discloseCase } from "./disclose.ts";
import { drawAct } from "./draw.ts";
import { recordErasure } from "./erase-case.ts";
import { giveCredentials } from "./give-credentials.ts";
import { openToAuditor } from "./open-to-auditor.ts";
import type { StatusLists } from "./status-lists.ts";
import type { Task, TaskKind } from "./tasks.ts";

/** Tasks of one member under way at the same time. */
export const MAX_WORKING = 16;

/** A body and the lists that it publishes. */
export interface Worker {
  readonly body: Body;
  readonly statusLists: StatusLists;
  /** Tasks under way, so that none is taken up twice. */
  readonly underWay: Set<string>;
}

/**
 * Does the tasks that are due; resolves when none of them is left. One that cannot be done now is
 * kept with its code and tried again.
 */
export async function workOff(worker: Worker): Promise<number> {
  const { body, underWay } = worker;
  const due = body.tasks.due(Number(body.ledger.now()), 2 * MAX_WORKING);
  const mine = due.filter((task) => !underWay.has(nameOf(task)));
  const free = mine.slice(0, Math.max(0, MAX_WORKING - underWay.size));
  await Promise.all(free.map((task) => workOne(worker, task)));
  return free.length;
}

const nameOf = ({ kind, reference }: Task): string =>
  `${kind} ${Buffer.from(reference).toString("hex")}`;

async function workOne(worker: Worker, task: Task): Promise<void> {
  const { body, underWay } = worker;
  const name = nameOf(task);
  underWay.add(name);
  try {
    await HANDLERS[task.kind](worker, task);
    body.tasks.remove(task);
  } catch (cause) {
    // The database was closed: the task is found again at the next start.
    if (!body.member.vault.database.isOpen) return;
    body.tasks.postpone(task, codeOf(cause), Number(body.ledger.now()));
  } finally {
    underWay.delete(name);
  }
}

/** An error's own text may hold what it was about: only codes are kept. */
const codeOf = (cause: unknown): string =>
  cause instanceof TryLater || cause instanceof ActRefused ? cause.code : "bodies/broken";

type Handler = (worker: Worker, task: Task) => Promise<void>;

const HANDLERS: Readonly<Record<TaskKind, Handler>> = {
  decide: async ({ body }, { scope }) => {
    const decided = await decideCase(body, scope);
    if (decided === null) return;
    const task = { kind: "disclose", reference: decided.recorded.id, scope } as const;
    body.tasks.add(task, Number(body.ledger.now()));
  },
  disclose: giveAndDisclose,
  acknowledge: async ({ body }, { scope, reference }) => {
    if (body.view.disclosure(reference, 0)?.isAcknowledged === true) return;
    const message = { type: "services/acknowledge", case: scope, disclosureId: reference } as const;
    await act(body, [{ ...message, messageIndex: 0n }]);
  },
  draw: ({ body }, { reference }) => drawAct(body, reference),
  "open-to-auditor": ({ body }, { scope, reference }) =>
    openToAuditor(body, { caseId: scope, decision: reference }),
  finding: ({ body }, { scope, reference }) =>
    findOnDecision(body, { caseId: scope, decision: reference }),
  erase: ({ body }, { scope }) => recordErasure(body, scope),
};

/** After a decision: what it gives the applicant, then what other bodies are told. */
async function giveAndDisclose(worker: Worker, { scope }: Task): Promise<void> {
  const { body, statusLists } = worker;
  if (!body.member.vault.list(scope).includes(DECISION_RECORD)) return;
  const decided = await actOnce(body, {
    scope,
    name: DECISION_RECORD,
    prepare: () => Promise.reject(new ActRefused("bodies/decision-not-kept")),
  });
  if (decided === null) return;
  await giveCredentials({ body, statusLists }, scope, decided);
  await discloseCase(body, scope, decided);
}
