import { equal } from "@tallystick/log";
import type { MessageStep } from "../../apply/step.ts";
import type { Definition, DefinitionAction, DefinitionRole } from "../../definition.ts";
import { holdsRole } from "../members/queries.ts";
import type { Case, RoleKey } from "./state.ts";

/** What a guard needs to know of a case, before it is opened and after. */
export type CaseRoles = Pick<Case, "authority" | "bound" | "signers">;

/** The definition's role of this name. */
export const roleNamed = (definition: Definition, name: string): DefinitionRole | undefined =>
  definition.process.roles.find((role) => role.name === name);

const decides = (action: DefinitionAction): boolean => typeof action.to !== "string";

/**
 * The member role that decides: the one that takes a decision itself or through its staff; where
 * nothing is decided, the first member role. Null when there is no member role.
 */
export const authorityRole = (definition: Definition): DefinitionRole | null => {
  const { roles, actions } = definition.process;
  const deciders = actions.filter(decides).flatMap((action) => action.by);
  const bodies = deciders.map((name) => roleNamed(definition, name)?.of ?? name);
  const memberRoles = roles.filter((role) => role.kind === "member");
  return memberRoles.find((role) => bodies.includes(role.name)) ?? memberRoles[0] ?? null;
};

/** True for roles that a person's key takes by opening the case. */
export const isPersonal = (role: DefinitionRole): boolean =>
  role.kind === "person" || role.kind === "organisation" || role.kind === "device";

/** Whether a body stands in a member role: the authority in its own, others by what they hold. */
export const standsIn = (
  step: Pick<MessageStep, "state">,
  definition: Definition,
  claim: { readonly role: DefinitionRole; readonly member: string; readonly authority: string },
): boolean => {
  const { role, member, authority } = claim;
  if (role.name === authorityRole(definition)?.name) return member === authority;
  return role.holds !== null && holdsRole(step.state, member, role.holds);
};

/** The first of these roles that the signer may take in the case, or null. */
export const roleTaken = (
  step: MessageStep,
  definition: Definition,
  found: CaseRoles,
  names: readonly string[],
): DefinitionRole | null => {
  for (const name of names) {
    const role = roleNamed(definition, name);
    if (role !== undefined && mayTake(step, definition, found, role)) return role;
  }
  return null;
};

const mayTake = (
  step: MessageStep,
  definition: Definition,
  found: CaseRoles,
  role: DefinitionRole,
): boolean => {
  const { signer } = step;
  const { authority } = found;
  if (isPersonal(role)) {
    return (
      signer.kind === "person" &&
      found.bound.some((bound) => bound.role === role.name && equal(bound.keyId, signer.keyId))
    );
  }
  if (signer.kind === "person") return false;
  // A body may let staff act as the body itself, by registering them under that role's name.
  if (role.kind === "member" && signer.kind === "staff" && signer.role !== role.name) return false;
  if (role.kind === "staff" && (signer.kind !== "staff" || signer.role !== role.name)) return false;
  const body = role.kind === "staff" ? roleNamed(definition, role.of ?? "") : role;
  if (body === undefined) return false;
  return standsIn(step, definition, { role: body, member: signer.member, authority });
};

/** Whether the key has taken a role in this case that may not go with this one. */
export const breaksNeverAlso = (
  definition: Definition,
  found: CaseRoles,
  taken: RoleKey,
): boolean => {
  const excluded = exclusionsOf(definition, taken.role);
  return found.signers.some(
    (signer) => excluded.includes(signer.role) && equal(signer.keyId, taken.keyId),
  );
};

/** Roles that may not go with this one, whichever of the two says so. */
const exclusionsOf = (definition: Definition, name: string): readonly string[] =>
  definition.process.roles.flatMap((role) => {
    if (role.name === name) return role.neverAlso;
    return role.neverAlso.includes(name) ? [role.name] : [];
  });

/** The case's signers with this one, kept only where some role excludes another. */
export const withSigner = (
  definition: Definition,
  signers: readonly RoleKey[],
  taken: RoleKey,
): readonly RoleKey[] => {
  const isKnown = signers.some(
    (signer) => signer.role === taken.role && equal(signer.keyId, taken.keyId),
  );
  if (isKnown || exclusionsOf(definition, taken.role).length === 0) return signers;
  return [...signers, taken];
};
