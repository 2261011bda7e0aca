import type { Outcome } from "../leaves.ts";
import type { Message } from "../messages.ts";
import { agreementsHandlers } from "../modules/agreements/handlers.ts";
import { credentialsHandlers } from "../modules/credentials/handlers.ts";
import { membersHandlers } from "../modules/members/handlers.ts";
import { getKey } from "../modules/members/queries.ts";
import { servicesHandlers } from "../modules/services/handlers.ts";
import type { RefusalCode } from "../refusals.ts";
import type { Handlers, MessageStep } from "./step.ts";

const handlers: Handlers<string> = {
  ...membersHandlers,
  ...agreementsHandlers,
  ...servicesHandlers,
  ...credentialsHandlers,
};

type AnyHandler = (step: MessageStep, message: Message) => RefusalCode | null;

/**
 * Carries out the messages of a transaction one after the other, each seeing what those before it
 * wrote. The first refusal ends it: then nothing that was written counts.
 */
export const runMessages = (
  step: Omit<MessageStep, "messageIndex">,
  messages: readonly Message[],
): Outcome => {
  const unfit = checkCapacity(step);
  if (unfit !== null) return { ok: false, messageIndex: 0, code: unfit };
  for (const [messageIndex, message] of messages.entries()) {
    const handle = handlers[message.type] as AnyHandler;
    const code = handle({ ...step, messageIndex }, message);
    if (code !== null) return { ok: false, messageIndex, code };
  }
  return { ok: true };
};

/** Whether the signer may act in the capacity that it gives. */
const checkCapacity = (step: Omit<MessageStep, "messageIndex">): RefusalCode | null => {
  const { capacity, signer, state } = step;
  switch (capacity.kind) {
    case "self":
      return null;
    case "mandate":
      return "members/unknown-mandate";
    case "assisted": {
      const helper = getKey(state, capacity.staffKeyId);
      const isHere = signer.kind === "person" && helper?.member === signer.sponsor;
      return isHere && helper?.kind === "staff" ? null : "members/unknown-helper";
    }
    case "portal":
      return signer.kind === "member" ? null : "members/not-a-portal";
  }
};
