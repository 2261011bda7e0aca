import type { Handler } from "../../apply/step.ts";
import { isSignedBy } from "../members/handlers.ts";
import { getMember } from "../members/queries.ts";
import { adoptionKey, getPublication } from "./queries.ts";
import { authorityRole } from "./roles.ts";
import { adoptions } from "./state.ts";

/** A body's own decision to run a service by a published definition, in its own areas. */
export const adoptDefinition: Handler<"services/adopt"> = (step, message) => {
  const { state } = step;
  const { definition: hash, member, areas, minute, inForceFromDay } = message;
  if (!isSignedBy(step, member)) return "members/not-the-member";
  const publication = getPublication(state, hash);
  const definition = step.definitions.get(state, hash);
  if (publication === null || definition === null) return "services/definition-unknown";
  if (publication.publishedAtMs === null) return "services/definition-not-published";
  const body = getMember(state, member);
  const role = authorityRole(definition);
  if (role?.holds !== null && body?.roles.includes(role?.holds ?? "") !== true) {
    return "services/role-not-held";
  }
  const isHeld = areas.length > 0 && areas.every((area) => body?.areas.includes(area) === true);
  if (!isHeld) return "services/area-not-held";
  if (adoptions.has(state, adoptionKey(member, hash))) return "services/already-adopted";
  // Commit point.
  const { service } = definition;
  const { leafIndex } = step;
  adoptions.put(state, adoptionKey(member, hash), {
    ...{ service, areas, minute, inForceFromDay, leafIndex },
  });
  step.emit({
    kind: "services/definition-adopted",
    ...{ definition: hash, member, inForceFromDay },
  });
  return null;
};
