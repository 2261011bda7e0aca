import { equal } from "@tallystick/log";
import type { Handler, MessageStep } from "../../apply/step.ts";
import type { Definition, DefinitionAction } from "../../definition.ts";
import type { RefusalCode } from "../../refusals.ts";
import { enter, isWithin, mayEnter, withDone } from "./course.ts";
import { getCase } from "./queries.ts";
import { breaksNeverAlso, roleTaken, withSigner } from "./roles.ts";
import type { Case, RoleKey } from "./state.ts";

/** Keys in mutually exclusive roles that one case keeps apart. */
export const MAX_SIGNERS: number = 64;

/** An action that a signer may take in a case now. */
export interface Permitted {
  readonly found: Case;
  readonly definition: Definition;
  readonly action: DefinitionAction;
  readonly taken: RoleKey;
}

/** The public guards of every action in an open case, in order. */
export const permit = (
  step: MessageStep,
  { case: id, action: name }: { readonly case: Uint8Array; readonly action: string },
): Permitted | RefusalCode => {
  const found = getCase(step.state, id);
  if (found === null) return "services/case-unknown";
  const definition = step.definitions.get(step.state, found.definition);
  if (definition === null) throw new Error("a case without its definition");
  const action = definition.process.actions.find((known) => known.name === name);
  if (action === undefined) return "services/unknown-action";
  const role = roleTaken(step, definition, found, action.by);
  if (role === null) return "services/wrong-role";
  if (!action.from.includes(found.state)) return "services/wrong-state";
  if (!isWithin(step, found, action.within)) return "services/too-late";
  const taken = { role: role.name, keyId: step.signer.keyId };
  if (breaksNeverAlso(definition, found, taken)) return "services/never-also";
  if (isOwnReview(found, action, taken)) return "services/own-review";
  if (withSigner(definition, found.signers, taken).length > MAX_SIGNERS) {
    return "services/too-many-signers";
  }
  return { found, definition, action, taken };
};

const isOwnReview = (found: Case, { reviews }: DefinitionAction, { keyId }: RoleKey): boolean => {
  const reviewed = found.done.find(({ action }) => action === reviews)?.keyId ?? null;
  return reviewed !== null && equal(reviewed, keyId);
};

/** The case with this action noted, its signer and what it commits to. */
export const withAction = (
  step: MessageStep,
  { found, definition, action, taken }: Permitted,
  commitment: Uint8Array | null,
): Case => ({
  ...withDone(step, found, action.name, taken.keyId),
  commitment: commitment ?? found.commitment,
  signers: withSigner(definition, found.signers, taken),
});

/** Any action that decides nothing. spec/messages.md §services. */
export const actInCase: Handler<"services/act"> = (step, message) => {
  const { case: id, commitment } = message;
  const permitted = permit(step, message);
  if (typeof permitted === "string") return permitted;
  const { definition, action, found } = permitted;
  if (typeof action.to !== "string") return "services/is-a-decision";
  if (action.gives.length > 0 && commitment === null) return "services/commitment-missing";
  const moving = { id, definition, found: withAction(step, permitted, commitment) };
  if (!mayEnter(step, moving, action.to)) return "services/already-open";
  // Commit point.
  enter(step, moving, action.to);
  step.emit({
    kind: "services/case-acted",
    ...{ case: id, action: action.name, from: found.state, state: action.to },
  });
  return null;
};
