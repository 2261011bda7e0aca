import type { Handler, MessageStep } from "../../apply/step.ts";
import { schedule } from "../../apply/timers.ts";
import type { Definition, DefinitionDisclosure } from "../../definition.ts";
import type { Disclose } from "../../messages.ts";
import type { RefusalCode } from "../../refusals.ts";
import { covers, getAgreement, servesCase } from "../agreements/queries.ts";
import { getMember } from "../members/queries.ts";
import { endOfDuration } from "./course.ts";
import { disclosureKey, getCase } from "./queries.ts";
import { roleNamed, roleTaken, standsIn } from "./roles.ts";
import { type Case, disclosures } from "./state.ts";

/**
 * Notes that something of a case went, sealed, from one body to another: only what the definition
 * names, and through a gateway that is live. spec/messages.md §services.
 */
export const disclose: Handler<"services/disclose"> = (step, message) => {
  const { case: id, recipient } = message;
  const found = getCase(step.state, id);
  if (found === null) return "services/case-unknown";
  const definition = step.definitions.get(step.state, found.definition);
  if (definition === null) throw new Error("a case without its definition");
  const { disclosures: defined } = definition.process;
  const disclosure = defined.find(({ name }) => name === message.disclosure);
  if (disclosure === undefined) return "services/unknown-disclosure";
  const role = roleTaken(step, definition, found, [disclosure.from]);
  if (role === null || step.signer.kind === "person") return "services/wrong-role";
  if (!isRecipient(step, definition, found, { disclosure, recipient })) {
    return "services/wrong-recipient";
  }
  const from = step.signer.member;
  const fault = gatewayFault(step, { definition, disclosure, found, from, message });
  if (fault !== null) return fault;
  const { acknowledgeByMs } = message;
  const latestMs = endOfDuration(step.nowMs, disclosure.acknowledgeWithin);
  if (acknowledgeByMs <= step.nowMs || acknowledgeByMs > latestMs) {
    return "services/bad-acknowledge-by";
  }
  // Commit point.
  record(step, message, from);
  return null;
};

const isRecipient = (
  step: MessageStep,
  definition: Definition,
  { authority }: Case,
  { disclosure, recipient }: { disclosure: DefinitionDisclosure; recipient: string },
): boolean => {
  const role = roleNamed(definition, disclosure.to);
  const body = role?.kind === "staff" ? roleNamed(definition, role.of ?? "") : role;
  // What goes to a person is addressed by role: a person has no name here.
  if (body?.kind !== "member") return recipient === disclosure.to;
  if (getMember(step.state, recipient) === null) return false;
  return standsIn(step, definition, { role: body, member: recipient, authority });
};

interface Flow {
  readonly definition: Definition;
  readonly disclosure: DefinitionDisclosure;
  readonly found: Case;
  readonly from: string;
  readonly message: Disclose;
}

const gatewayFault = (step: MessageStep, flow: Flow): RefusalCode | null => {
  const { definition, disclosure, found, from, message } = flow;
  const { gateway } = disclosure;
  const { agreement: id, recipient } = message;
  if (gateway === null) return id === null ? null : "services/gateway-not-needed";
  const isNamed = id !== null && (id === gateway || id.startsWith(`${gateway}/`));
  const agreement = isNamed ? getAgreement(step.state, id) : null;
  if (agreement === null) return "services/no-live-gateway";
  const what = disclosure.what.map((field) => `${definition.service}/${field}`);
  const isOpen =
    servesCase(agreement, found.openedAtMs, step.nowMs) &&
    covers(agreement, { from, to: recipient, what });
  return isOpen ? null : "services/no-live-gateway";
};

const record = (step: MessageStep, message: Disclose, from: string): void => {
  const { case: id, disclosure, recipient, agreement, commitment, envelope } = message;
  const { acknowledgeByMs } = message;
  const { transactionId: disclosureId, messageIndex, state } = step;
  const key = disclosureKey(disclosureId, messageIndex);
  disclosures.put(state, key, {
    ...{ case: id, disclosure, from, recipient, agreement, commitment, envelope },
    ...{ acknowledgeByMs, acknowledgedAtMs: null, overdue: false },
  });
  schedule(step, acknowledgeByMs, { kind: "acknowledgement", subject: key, index: 0n });
  step.emit({
    kind: "services/disclosed",
    ...{ case: id, disclosure, from, recipient, disclosureId, acknowledgeByMs },
    messageIndex: BigInt(messageIndex),
  });
};
