import type { Message, MessageOf, MessageType } from "@tallystick/ledger";
import type { CaseNames } from "./case-words.ts";

/** The messages that belong to a person's case: spec/read-policy.md. */
export type CaseMessageType = Exclude<
  Extract<MessageType, `services/${string}`>,
  "services/publish" | "services/vote" | "services/adopt"
>;

/** What a teller may use: the case without its id, and members by name, strangers by none. */
export interface WithheldWords extends CaseNames {
  readonly member: (id: string) => string | null;
}

type Teller<T extends CaseMessageType> = (message: MessageOf<T>, words: WithheldWords) => string;

const SOMEBODY = "somebody";

/** " of Avonbridge City Council", or nothing. */
const after = (word: string, name: string | null): string =>
  name === null ? "" : ` ${word} ${name}`;

/**
 * What each kind of message about a case says to everybody, in words that follow "who". Never the
 * case, the step, the outcome, a commitment, a key or a name that no member bears.
 */
const TELLERS: { readonly [T in CaseMessageType]: Teller<T> } = {
  "services/open": (_, { aCase, authority }) => `opened ${aCase}${after("with", authority)}`,
  "services/act": (_, { aCase, authority }) => `took a step in ${aCase}${after("with", authority)}`,
  "services/decide": (_, { aCase }) => `decided ${aCase}`,
  "services/disclose": (m, { aCase, member }) =>
    `passed on, sealed, what ${member(m.recipient) ?? SOMEBODY} needs to know from ${aCase}`,
  "services/acknowledge": (_, { aCase }) =>
    `acknowledged that what was passed on from ${aCase} has arrived`,
  "services/draw": (_, { aCase, authority }) =>
    `drew by lot, to be checked by an auditor, a decision${after("of", authority)} in ${aCase}`,
  "services/open-to-auditor": (m, { aCase, member }) =>
    `opened, sealed, to ${member(m.auditor) ?? SOMEBODY} a drawn decision in ${aCase}`,
  "services/finding": (_, { aCase, authority }) =>
    `recorded what it found on checking a drawn decision${after("of", authority)} in ${aCase}`,
  "services/erase": (m, { aCase, member }) =>
    `destroyed the key to what ${member(m.holder) ?? SOMEBODY} held of ${aCase}`,
};

/** Whether the message belongs to a person's case. */
export const isCaseMessage = (message: Message): message is MessageOf<CaseMessageType> =>
  Object.hasOwn(TELLERS, message.type);

/** Tells a message of a case to somebody who takes no part in it. */
export const tellWithheld = (message: MessageOf<CaseMessageType>, words: WithheldWords): string =>
  (TELLERS[message.type] as Teller<CaseMessageType>)(message, words);
