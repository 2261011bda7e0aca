import type { Handler } from "../../apply/step.ts";
import { isSignedBy } from "../members/handlers.ts";
import { getCase } from "./queries.ts";
import { cases } from "./state.ts";

/** A body has destroyed its key to a case: what it held of it cannot be read any more. */
export const eraseCase: Handler<"services/erase"> = (step, { case: id, holder }) => {
  const { state } = step;
  const found = getCase(state, id);
  if (found === null) return "services/case-unknown";
  if (!isSignedBy(step, holder)) return "members/not-the-member";
  if (found.erasedBy.includes(holder)) return "services/already-erased";
  // Commit point.
  cases.put(state, id, { ...found, erasedBy: [...found.erasedBy, holder] });
  step.emit({ kind: "services/erased", case: id, holder });
  return null;
};
