import type { Definition, DefinitionAction, DefinitionTimer } from "../../definition.ts";
import { parseDuration } from "../../duration.ts";
import { OPENED, triggerName } from "./course.ts";
import { authorityRole, roleNamed } from "./roles.ts";

/**
 * Whether a definition holds together, so that no case can come to a place where the ledger does
 * not know what to do: every name is declared once, every length of time can be read, somebody
 * decides, and no flow between bodies lacks a gateway. The compiler says far more than this.
 */
export const isSound = (definition: Definition): boolean => {
  const { roles, states, actions, disclosures } = definition.process;
  return (
    [roles, states, actions, disclosures].every(areDistinct) &&
    authorityRole(definition) !== null &&
    roles.every((role) => isSoundRole(definition, role)) &&
    actions.some((action) => action.from.length === 0) &&
    actions.every((action) => isSoundAction(definition, action)) &&
    definition.process.timers.every((timer) => isSoundTimer(definition, timer)) &&
    disclosures.every((disclosure) => isSoundDisclosure(definition, disclosure)) &&
    isSoundDecision(definition)
  );
};

const areDistinct = (items: readonly { readonly name: string }[]): boolean =>
  new Set(items.map(({ name }) => name)).size === items.length;

const isRole = (definition: Definition, name: string): boolean =>
  roleNamed(definition, name) !== undefined;
const isState = (definition: Definition, name: string): boolean =>
  definition.process.states.some((state) => state.name === name);
const isAction = (definition: Definition, name: string): boolean =>
  definition.process.actions.some((action) => action.name === name);
const isLength = (text: string): boolean => parseDuration(text) !== null;

const isSoundRole = (
  definition: Definition,
  role: Definition["process"]["roles"][number],
): boolean => {
  const body = role.of === null ? undefined : roleNamed(definition, role.of);
  const hasBody = role.kind === "staff" ? body?.kind === "member" : role.of === null;
  return hasBody && role.neverAlso.every((name) => isRole(definition, name));
};

const isSoundAction = (definition: Definition, action: DefinitionAction): boolean => {
  const { by, from, to, within, reviews } = action;
  const ends = typeof to === "string" ? [to] : to.map((outcome) => outcome.to);
  const outcomes = typeof to === "string" ? [] : to.map(({ outcome }) => outcome);
  return (
    by.length > 0 &&
    by.every((role) => isRole(definition, role)) &&
    from.every((state) => isState(definition, state)) &&
    ends.length > 0 &&
    ends.every((state) => isState(definition, state)) &&
    new Set(outcomes).size === outcomes.length &&
    (from.length > 0 || typeof to === "string") &&
    (within === null || (isLength(within.duration) && isTrigger(definition, within.trigger))) &&
    (reviews === null || isAction(definition, reviews))
  );
};

const isTrigger = (definition: Definition, trigger: string): boolean => {
  const name = triggerName(trigger);
  return name === OPENED || isAction(definition, name) || isState(definition, name);
};

const isSoundTimer = (definition: Definition, timer: DefinitionTimer): boolean => {
  if (!isState(definition, timer.state) || !isLength(timer.after)) return false;
  if (timer.kind === "alarm") return isRole(definition, timer.target);
  if (timer.kind === "go-to") return isState(definition, timer.target);
  const action = definition.process.actions.find(({ name }) => name === timer.target);
  return typeof action?.to === "string" && action.from.includes(timer.state);
};

const isSoundDisclosure = (
  definition: Definition,
  disclosure: Definition["process"]["disclosures"][number],
): boolean => {
  const from = roleNamed(definition, disclosure.from);
  const to = roleNamed(definition, disclosure.to);
  if (from === undefined || to === undefined) return false;
  const bodyOf = (role: typeof from): string | null =>
    role.kind === "member" ? role.name : role.of;
  const recipient = bodyOf(to);
  const staysInside = recipient === null || recipient === bodyOf(from);
  return (
    (staysInside || disclosure.gateway !== null) &&
    disclosure.what.length > 0 &&
    isLength(disclosure.acknowledgeWithin)
  );
};

const isSoundDecision = (definition: Definition): boolean => {
  const { humanReview, once } = definition.process.decision;
  return (
    (humanReview === null || isAction(definition, humanReview)) &&
    (once === null ||
      (once.roles.every((role) => isRole(definition, role)) &&
        once.states.every((state) => isState(definition, state))))
  );
};
