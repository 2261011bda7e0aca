import { MESSAGE_NUMBERS, type Message } from "@tallystick/ledger";
import { expect, test } from "vitest";
import { isCaseMessage, tellWithheld, type WithheldWords } from "./tell-withheld.ts";

const OPEN_SERVICE_MESSAGES = ["services/publish", "services/vote", "services/adopt"];

test("exactly the messages of a person's case are withheld", () => {
  for (const type of MESSAGE_NUMBERS.keys()) {
    const isOpen = !type.startsWith("services/") || OPEN_SERVICE_MESSAGES.includes(type);
    expect(isCaseMessage({ type } as Message), type).toBe(!isOpen);
  }
});

const STRANGER: WithheldWords = { aCase: "a case", authority: null, member: () => null };

test("a name that no member bears is never repeated: whoever signs may put anything there", () => {
  for (const type of MESSAGE_NUMBERS.keys()) {
    const secret = "jane-doe";
    const names = { authority: secret, recipient: secret, auditor: secret, holder: secret };
    const words = { action: secret, outcome: secret, disclosure: secret, agreement: secret };
    const message = { type, ...names, ...words } as unknown as Message;
    if (!isCaseMessage(message)) continue;
    const told = tellWithheld(message, STRANGER);
    expect(told).not.toContain(secret);
    expect(told).not.toMatch(/undefined|null/);
  }
});
