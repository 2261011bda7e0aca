import type { Step } from "../../apply/step.ts";
import type { Timer } from "../../apply/timers.ts";
import type { DefinitionTimer } from "../../definition.ts";
import type { RefusalCode } from "../../refusals.ts";
import { enter, type Moving, mayEnter, withDone } from "./course.ts";
import { getAct, getCase, getDraw } from "./queries.ts";
import { disclosures, draws } from "./state.ts";

/** Does what a timer was set for. It is in state only while what it is about still stands. */
export const fireTimer = (step: Step, timer: Timer): RefusalCode | null => {
  switch (timer.kind) {
    case "case":
      return fireCaseTimer(step, timer);
    case "acknowledgement":
      return reportOverdue(step, timer.subject);
    case "opening":
      return reportUnopened(step, timer.subject);
  }
};

const fireCaseTimer = (step: Step, { subject: id, index }: Timer): RefusalCode | null => {
  const found = getCase(step.state, id);
  const definition = found === null ? null : step.definitions.get(step.state, found.definition);
  const timer = definition?.process.timers[Number(index)];
  if (found === null || definition === null || timer === undefined) {
    throw new Error("a timer without its case");
  }
  const { state } = found;
  if (timer.kind === "alarm") {
    // Commit point.
    step.emit({ kind: "services/alarm", case: id, state, role: timer.target });
    return null;
  }
  const { to, moving } = moveBy(step, { id, definition, found }, timer);
  if (!mayEnter(step, moving, to)) return "services/already-open";
  // Commit point.
  enter(step, moving, to);
  step.emit({ kind: "services/case-moved", case: id, from: state, state: to });
  return null;
};

const moveBy = (
  step: Step,
  moving: Moving,
  { kind, target }: DefinitionTimer,
): { readonly to: string; readonly moving: Moving } => {
  if (kind !== "do") return { to: target, moving };
  const action = moving.definition.process.actions.find(({ name }) => name === target);
  if (typeof action?.to !== "string") throw new Error("a timer does a decision");
  return {
    to: action.to,
    moving: { ...moving, found: withDone(step, moving.found, target, null) },
  };
};

const HASH_BYTES = 32;

const reportOverdue = (step: Step, key: Uint8Array): null => {
  const disclosure = disclosures.get(step.state, key);
  if (disclosure === null) throw new Error("a timer without its disclosure");
  // Commit point.
  disclosures.put(step.state, key, { ...disclosure, overdue: true });
  const { case: id, from, recipient } = disclosure;
  const disclosureId = key.slice(0, HASH_BYTES);
  const messageIndex = BigInt(key[HASH_BYTES] ?? 0);
  step.emit({
    kind: "services/acknowledgement-overdue",
    ...{ case: id, from, recipient, disclosureId, messageIndex },
  });
  return null;
};

const reportUnopened = (step: Step, id: Uint8Array): null => {
  const draw = getDraw(step.state, id);
  const act = getAct(step.state, id);
  if (draw === null || act === null) throw new Error("a timer without its draw");
  // Commit point.
  draws.put(step.state, id, { ...draw, status: "unopened", late: true });
  step.emit({ kind: "services/unopened", act: id, decider: act.decider });
  return null;
};
