import { randomBytes } from "node:crypto";
import { buildPayload, createSigner, signTransaction } from "@tallystick/client";
import {
  definitionHash,
  getAdoption,
  getAgreement,
  getIssuer,
  getPublication,
  type Message,
  type StateReader,
} from "@tallystick/ledger";
import { ed25519Signer, type NodeLedger } from "@tallystick/node";
import { CannotRunError } from "../io.ts";
import { MEMBERS, type OperatorId, siteOf } from "./consortium.ts";
import { type FoundingAct, foundingActs } from "./founding.ts";
import type { DemonstrationKeys } from "./keys.ts";

/** How long the bodies wait for each other before the demonstration is given up. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 50;

/**
 * Puts on the ledger what this operator's members agree at the start, in order; what already
 * stands is left alone, so that an interrupted start goes on where it was. A body waits for what
 * it answers to: nobody votes on what is not proposed. Throws CannotRunError.
 */
export async function found(options: {
  readonly operator: OperatorId;
  readonly ledger: NodeLedger;
  readonly keys: DemonstrationKeys;
  readonly definition: Uint8Array;
  /** Fires when the node is to end: nobody is waited for any longer. */
  readonly ending?: AbortSignal;
}): Promise<void> {
  const { ledger, keys, operator, ending } = options;
  const hash = definitionHash(ledger.host.sha256, options.definition);
  const hosted = new Set(MEMBERS.filter((m) => m.operator === operator).map(({ id }) => id));
  const acts = foundingActs(keys, { bytes: options.definition, hash });
  const stands = (message: Message, member: string): boolean =>
    doesStand(ledger.state(), { message, member, definition: hash });
  for (const act of acts.filter(({ member }) => hosted.has(member))) {
    const messages = act.messages.filter((message) => !stands(message, act.member));
    if (messages.length > 0) await perform({ ...act, messages }, { ledger, keys, ending });
  }
}

interface Question {
  readonly message: Message;
  readonly member: string;
  readonly definition: Uint8Array;
}

function doesStand(state: StateReader, { message, member, definition }: Question): boolean {
  switch (message.type) {
    case "credentials/accredit":
      return getIssuer(state, message.vct, message.issuer) !== null;
    case "services/publish":
      return getPublication(state, definition) !== null;
    case "services/vote":
      return getPublication(state, definition)?.votes.includes(member) === true;
    case "services/adopt":
      return getAdoption(state, member, definition) !== null;
    case "agreements/publish":
      return getAgreement(state, message.id) !== null;
    case "agreements/accept":
      return getAgreement(state, message.id)?.accepted.includes(member) === true;
    default:
      return false;
  }
}

/** What another body has not done yet: worth waiting for, not a refusal. */
const mayStand = (state: StateReader, message: Message): boolean => {
  switch (message.type) {
    case "services/vote":
      return getPublication(state, message.definition) !== null;
    case "services/adopt":
      return (getPublication(state, message.definition)?.publishedAtMs ?? null) !== null;
    case "agreements/accept":
      return getAgreement(state, message.id) !== null;
    default:
      return true;
  }
};

interface FoundingTools {
  readonly ledger: NodeLedger;
  readonly keys: DemonstrationKeys;
  readonly ending: AbortSignal | undefined;
}

async function perform(
  { member, messages }: FoundingAct,
  { ledger, keys, ending }: FoundingTools,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const waitOn = async (why: string): Promise<void> => {
    if (Date.now() > deadline || ending?.aborted === true) {
      throw new CannotRunError(`${member} cannot take part yet: ${why}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  };
  while (!messages.every((message) => mayStand(ledger.state(), message))) {
    await waitOn("another body has not acted");
  }
  for (;;) {
    const answer = await ledger.submit(await sign(member, messages, ledger, keys));
    if (answer.ok) return;
    if (!answer.code.startsWith("node/")) {
      throw new CannotRunError(`${member} was refused at the start: ${answer.code}.`);
    }
    await waitOn(answer.code);
  }
}

async function sign(
  member: string,
  messages: readonly Message[],
  ledger: NodeLedger,
  keys: DemonstrationKeys,
): Promise<Uint8Array> {
  const secret = ed25519Signer(keys.secret(`${member}/act`));
  const { sha256: sha } = ledger.host;
  const signer = createSigner({
    sha,
    key: { kind: "ed25519", publicKey: secret.publicKey },
    sign: (message) => secret.sign(message),
  });
  const payload = buildPayload(
    { messages, place: { kind: "site", siteId: siteOf(member) } },
    { nowMs: ledger.now(), randomBytes: (count) => new Uint8Array(randomBytes(count)) },
  );
  return (await signTransaction({ sha, networkId: ledger.networkId, payload, signer })).bytes;
}
