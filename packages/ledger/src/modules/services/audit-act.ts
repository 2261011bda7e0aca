import type { Handler } from "../../apply/step.ts";
import { cancel, timerKey } from "../../apply/timers.ts";
import { isSignedBy } from "../members/handlers.ts";
import { holdsRole } from "../members/queries.ts";
import { getAct, getDraw } from "./queries.ts";
import { draws } from "./state.ts";

/** Whoever holds this role may be shown what a drawn decision rests on. */
export const AUDITOR_ROLE: string = "auditor";

/** The deciding body has sealed a drawn decision's openings to an auditor. */
export const openToAuditor: Handler<"services/open-to-auditor"> = (step, message) => {
  const { state } = step;
  const { act: id, auditor, envelope } = message;
  const act = getAct(state, id);
  if (act === null) return "services/act-unknown";
  if (!isSignedBy(step, act.decider)) return "members/not-the-member";
  const draw = getDraw(state, id);
  if (draw === null) return "services/act-not-drawn";
  if (draw.auditor !== null) return "services/already-opened";
  if (auditor === act.decider || !holdsRole(state, auditor, AUDITOR_ROLE)) {
    return "services/not-an-auditor";
  }
  // Commit point.
  cancel(step, timerKey(step, draw.openByMs, { kind: "opening", subject: id, index: 0n }));
  draws.put(state, id, { ...draw, status: "opened", auditor, envelope });
  step.emit({ kind: "services/opened-to-auditor", act: id, auditor });
  return null;
};

/** The auditor has run the rule again and agrees, or does not. */
export const recordFinding: Handler<"services/finding"> = (step, message) => {
  const { state } = step;
  const { act: id, agrees, findings } = message;
  const draw = getDraw(state, id);
  if (draw === null) return "services/act-not-drawn";
  if (draw.auditor === null) return "services/act-not-opened";
  if (!isSignedBy(step, draw.auditor)) return "members/not-the-member";
  if (draw.findings !== null) return "services/already-found";
  // Commit point.
  draws.put(state, id, { ...draw, status: agrees ? "agreed" : "disagreed", findings });
  step.emit({ kind: "services/found", act: id, auditor: draw.auditor, agrees });
  return null;
};
