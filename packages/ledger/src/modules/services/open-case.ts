import { equal } from "@tallystick/log";
import type { Handler, MessageStep } from "../../apply/step.ts";
import type { Definition, DefinitionRole } from "../../definition.ts";
import type { OpenCase, ScopeTag } from "../../messages.ts";
import type { RefusalCode } from "../../refusals.ts";
import { holdsRole } from "../members/queries.ts";
import { enter, mayEnter, withDone } from "./course.ts";
import { adoptedFor, getAdoption, getPublication } from "./queries.ts";
import { authorityRole, isPersonal, roleNamed, roleTaken, withSigner } from "./roles.ts";
import { type Case, cases } from "./state.ts";

/** Opens a case under the definition in force with its authority. spec/messages.md §services. */
export const openCase: Handler<"services/open"> = (step, message) => {
  const { state } = step;
  if (cases.has(state, message.case)) return "services/case-known";
  const definition = step.definitions.get(state, message.definition);
  if (definition === null) return "services/definition-unknown";
  const standing = authorityFault(step, message, definition);
  if (standing !== null) return standing;
  const action = definition.process.actions.find(({ name }) => name === message.action);
  if (action === undefined) return "services/unknown-action";
  if (action.from.length > 0 || typeof action.to !== "string") return "services/not-an-opening";
  const role = openingRole(step, definition, message, action.by);
  if (role === null) return "services/wrong-role";
  const fault = tagFault(definition, message.tags);
  if (fault !== null) return fault;
  const found = withDone(
    step,
    newCase(step, definition, message, role),
    action.name,
    step.signer.keyId,
  );
  const moving = { id: message.case, definition, found };
  if (!mayEnter(step, moving, action.to)) return "services/already-open";
  // Commit point.
  enter(step, moving, action.to);
  step.emit({
    kind: "services/case-opened",
    case: message.case,
    definition: message.definition,
    authority: message.authority,
    action: action.name,
    state: action.to,
  });
  return null;
};

/** The authority must be entitled to run this service here, by this definition and no older one. */
const authorityFault = (
  step: MessageStep,
  { definition: hash, authority }: OpenCase,
  definition: Definition,
): RefusalCode | null => {
  const { state, today, place } = step;
  if (getPublication(state, hash)?.publishedAtMs === null) {
    return "services/definition-not-published";
  }
  const adoption = getAdoption(state, authority, hash);
  if (adoption === null) return "services/not-adopted";
  if (adoption.inForceFromDay > today) return "services/not-in-force";
  const current = adoptedFor(state, authority, { service: definition.service, day: today });
  if (current === null || !equal(current.definition, hash)) return "services/superseded";
  const needed = authorityRole(definition)?.holds ?? null;
  if (needed !== null && !holdsRole(state, authority, needed)) return "services/role-not-held";
  // Only residents give an area: whoever opens a case for them sits somewhere exact.
  const isElsewhere = place.kind === "area" && !adoption.areas.includes(place.code);
  return isElsewhere ? "services/area-not-covered" : null;
};

/** A person's key takes the first personal role; anybody else must stand in one already. */
const openingRole = (
  step: MessageStep,
  definition: Definition,
  { authority }: OpenCase,
  by: readonly string[],
): DefinitionRole | null => {
  if (step.signer.kind !== "person") {
    return roleTaken(step, definition, { authority, bound: [], signers: [] }, by);
  }
  for (const name of by) {
    const role = roleNamed(definition, name);
    if (role !== undefined && isPersonal(role)) return role;
  }
  return null;
};

/** Where a subject may have one case at a time, each personal role in the rule gives its tag. */
const tagFault = (definition: Definition, tags: readonly ScopeTag[]): RefusalCode | null => {
  const { once } = definition.process.decision;
  const wanted = (once?.roles ?? []).filter((name) => {
    const role = roleNamed(definition, name);
    return role !== undefined && isPersonal(role);
  });
  if (!wanted.every((name) => tags.some((tag) => tag.name === name))) return "services/tag-missing";
  const names = tags.map(({ name }) => name);
  const isExact = names.every((name) => wanted.includes(name)) && tags.length === wanted.length;
  return isExact ? null : "services/tag-unexpected";
};

const newCase = (
  step: MessageStep,
  definition: Definition,
  { definition: hash, authority, commitment, tags }: OpenCase,
  { name }: DefinitionRole,
): Case => {
  const { signer, nowMs } = step;
  const taken = { role: name, keyId: signer.keyId };
  return {
    definition: hash,
    authority,
    state: "",
    openedAtMs: nowMs,
    commitment,
    outcome: null,
    bound: signer.kind === "person" ? [taken] : [],
    signers: withSigner(definition, [], taken),
    done: [],
    entered: [],
    tags,
    timers: [],
    erasedBy: [],
  };
};
