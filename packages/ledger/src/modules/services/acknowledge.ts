import { equal } from "@tallystick/log";
import type { Handler, MessageStep } from "../../apply/step.ts";
import { cancel, timerKey } from "../../apply/timers.ts";
import { MAX_MESSAGES } from "../../payload.ts";
import { disclosureKey, getCase } from "./queries.ts";
import { roleNamed, roleTaken } from "./roles.ts";
import { type DisclosureRecord, disclosures } from "./state.ts";

/** The recipient has opened a disclosure and it fits its commitment. spec/messages.md §services. */
export const acknowledge: Handler<"services/acknowledge"> = (step, message) => {
  const { state, nowMs } = step;
  const { case: id, disclosureId, messageIndex } = message;
  if (messageIndex >= MAX_MESSAGES) return "services/disclosure-unknown";
  const key = disclosureKey(disclosureId, Number(messageIndex));
  const disclosure = disclosures.get(state, key);
  if (disclosure === null || !equal(disclosure.case, id)) return "services/disclosure-unknown";
  if (!isByRecipient(step, disclosure)) return "services/not-the-recipient";
  if (disclosure.acknowledgedAtMs !== null) return "services/already-acknowledged";
  // Commit point.
  const timer = { kind: "acknowledgement", subject: key, index: 0n } as const;
  cancel(step, timerKey(step, disclosure.acknowledgeByMs, timer));
  disclosures.put(state, key, { ...disclosure, acknowledgedAtMs: nowMs });
  const { recipient } = disclosure;
  step.emit({ kind: "services/acknowledged", case: id, recipient, disclosureId, messageIndex });
  return null;
};

const isByRecipient = (step: MessageStep, { case: id, recipient }: DisclosureRecord): boolean => {
  const { signer, state } = step;
  if (signer.kind === "member") return signer.member === recipient;
  const found = getCase(state, id);
  const definition = found === null ? null : step.definitions.get(state, found.definition);
  if (found === null || definition === null || signer.kind === "staff") return false;
  const isRole = roleNamed(definition, recipient) !== undefined;
  return isRole && roleTaken(step, definition, found, [recipient]) !== null;
};
