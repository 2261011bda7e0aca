import type { Handler, Handlers, MessageStep } from "../../apply/step.ts";
import { keyId } from "../../keys.ts";
import { namesKey } from "../../table.ts";
import { getSite } from "./queries.ts";
import { keys, sites } from "./state.ts";

/** True when the act key of this member signed. */
export const isSignedBy = ({ signer }: MessageStep, member: string): boolean =>
  signer.kind === "member" && signer.member === member;

const addStaffKey: Handler<"members/add-staff-key"> = (step, message) => {
  const { member, key, role, pseudonym } = message;
  const id = keyId(step.host.sha256, key);
  if (!isSignedBy(step, member)) return "members/not-the-member";
  if (key.kind !== "ed25519") return "members/key-kind-not-allowed";
  if (keys.has(step.state, id)) return "members/key-known";
  // Commit point.
  keys.put(step.state, id, { kind: "staff", member, role, pseudonym, key });
  step.emit({ kind: "members/staff-key-added", member, keyId: id, role });
  return null;
};

const removeStaffKey: Handler<"members/remove-staff-key"> = (step, message) => {
  const { member, keyId: id } = message;
  if (!isSignedBy(step, member)) return "members/not-the-member";
  const key = keys.get(step.state, id);
  if (key?.kind !== "staff" || key.member !== member) return "members/staff-key-unknown";
  // Commit point.
  keys.delete(step.state, id);
  step.emit({ kind: "members/staff-key-removed", member, keyId: id });
  return null;
};

const addSite: Handler<"members/add-site"> = (step, { member, siteId, name, place }) => {
  if (!isSignedBy(step, member)) return "members/not-the-member";
  if (getSite(step.state, member, siteId) !== null) return "members/site-known";
  if (place.kind === "site" || place.kind === "area") return "members/site-needs-place";
  // Commit point.
  sites.put(step.state, namesKey(member, siteId), { name, place });
  step.emit({ kind: "members/site-added", member, siteId });
  return null;
};

export const membersHandlers: Handlers<"members"> = {
  "members/add-staff-key": addStaffKey,
  "members/remove-staff-key": removeStaffKey,
  "members/add-site": addSite,
};
