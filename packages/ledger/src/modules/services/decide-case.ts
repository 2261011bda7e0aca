import { equal } from "@tallystick/log";
import type { Handler } from "../../apply/step.ts";
import { permit, withAction } from "./act-in-case.ts";
import { enter, mayEnter } from "./course.ts";
import { acts } from "./state.ts";

/**
 * A decision by the case's authority. The rule over private facts is not run here: the act commits
 * to it, and what is kept lets it be drawn and opened to the auditor. spec/messages.md §services.
 */
export const decideCase: Handler<"services/decide"> = (step, message) => {
  const { state, transactionId: act, leafIndex, nowMs } = step;
  const { case: id, outcome, ruleHash, tables, commitment } = message;
  const permitted = permit(step, message);
  if (typeof permitted === "string") return permitted;
  const { definition, action, found } = permitted;
  if (typeof action.to === "string") return "services/not-a-decision";
  if (!equal(ruleHash, found.definition)) return "services/wrong-rule";
  const to = action.to.find((end) => end.outcome === outcome)?.to;
  if (to === undefined) return "services/unknown-outcome";
  if (acts.has(state, act)) return "services/one-decision";
  const moving = {
    ...{ id, definition },
    found: { ...withAction(step, permitted, commitment), outcome },
  };
  if (!mayEnter(step, moving, to)) return "services/already-open";
  // Commit point.
  enter(step, moving, to);
  acts.put(state, act, {
    ...{ case: id, decider: found.authority, action: action.name, outcome, ruleHash, tables },
    ...{ commitment, leafIndex, decidedAtMs: nowMs },
  });
  step.emit({
    kind: "services/case-decided",
    ...{ case: id, action: action.name, outcome, from: found.state, state: to, act },
  });
  return null;
};
