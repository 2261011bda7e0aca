import {
  type Clause,
  type Names,
  sayBecause,
  sayList,
  sayTime,
  tellMessage,
  tellTransaction,
} from "@tallystick/client";
import { getCase, type Message, type Place, type Transaction } from "@tallystick/ledger";
import { fromHex, toHex } from "@tallystick/log";
import type { Cases } from "./case-words.ts";
import { type ExplorerNode, stateOf } from "./explorer-node.ts";
import { isWalletKey, type Register, type Signer } from "./register.ts";
import type { KnownService, Services } from "./services.ts";
import { isCaseMessage, tellWithheld } from "./tell-withheld.ts";
import { capital } from "./words.ts";

/** Genesis' read policy under which every body is shown to all. */
const PUBLIC_POLICY = 0n;
/** More things than these, done in one transaction, are counted in its sentence. */
const MAX_TOLD = 2;

/** One transaction for people: a sentence, and its parts under a label each. */
export interface Told {
  readonly sentence: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** Whether everybody may see the transaction's bytes. */
  readonly isOpen: boolean;
}

interface Parts {
  readonly who: string;
  readonly isBody: boolean;
  /** Null when it is not shown. */
  readonly where: string | null;
  readonly clauses: readonly Clause[];
  readonly extra: Told["facts"];
}

/** Tells transactions to somebody who has not signed in: spec/read-policy.md. */
export class Teller {
  readonly #node: ExplorerNode;
  readonly #register: Register;
  readonly #services: Services;
  readonly #cases: Cases;

  constructor(node: ExplorerNode, parts: { register: Register; services: Services; cases: Cases }) {
    this.#node = node;
    this.#register = parts.register;
    this.#services = parts.services;
    this.#cases = parts.cases;
  }

  /** Whether everybody may see the body of a transaction with these messages. */
  isOpen({ payload }: Pick<Transaction, "payload">): boolean {
    const { readPolicy } = this.#node.replica.state.genesis;
    return readPolicy === PUBLIC_POLICY || !payload.messages.some(isCaseMessage);
  }

  tell(transaction: Transaction, isDone: boolean): Told {
    const isOpen = this.isOpen(transaction);
    const parts = isOpen ? this.#open(transaction) : this.#withheld(transaction);
    return { sentence: compose(parts, isDone), facts: factsOf(parts, isDone), isOpen };
  }

  #open(transaction: Transaction): Parts {
    const names = this.#names(transaction);
    const { messages, actedAtMs } = transaction.payload;
    const { who, where } = tellTransaction(transaction, { names, timeMs: 0 });
    const acted = actedAtMs === null ? [] : [{ label: "Done on", value: sayTime(actedAtMs) }];
    return {
      ...{ who: capital(who), isBody: this.#register.signer(transaction).kind === "member", where },
      clauses: messages.map((message) => tellMessage(message, names)),
      extra: acted,
    };
  }

  #withheld(transaction: Transaction): Parts {
    const signer = this.#register.signer(transaction);
    const { messages, place } = transaction.payload;
    const member = (id: string): string | null => this.#register.knownMember(id);
    const clauses = messages.map((message): Clause => {
      if (!isCaseMessage(message)) return tellMessage(message, this.#names(transaction));
      const { why, power, ...words } = this.#cases.wordsOf(message);
      return { did: tellWithheld(message, { ...words, member }), why, power };
    });
    const who = this.#register.sayKnownSigner(signer) ?? sayStranger(transaction);
    const where = this.#publicPlace(signer, place);
    return { who, isBody: signer.kind === "member", where, clauses, extra: [] };
  }

  /** A body's own site. Where a person was, or an officer in somebody's home, is not shown. */
  #publicPlace(signer: Signer, place: Place): string | null {
    if (signer.kind === "unknown" || place.kind !== "site") return null;
    const site = this.#register.site(signer.member, place.siteId);
    return site === null ? null : `at ${site}`;
  }

  #names(transaction: Transaction): Names {
    const register = this.#register;
    const signer = register.signer(transaction);
    const [message] = transaction.payload.messages;
    return {
      signer: () => register.sayKnownSigner(signer),
      member: (id) => register.knownMember(id),
      site: (id) => (signer.kind === "unknown" ? null : register.site(signer.member, id)),
      area: (code) => register.area(code).name,
      service: (hash) => this.#serviceName(hash, message),
      definitionOfCase: (id) => {
        const found = getCase(stateOf(this.#node), fromHex(id) ?? new Uint8Array());
        return found === null ? null : toHex(found.definition);
      },
      agreement: (id) => register.agreement(id),
    };
  }

  #serviceName(hash: string, message: Message | undefined): ReturnType<Names["service"]> {
    const known = this.#services.get(fromHex(hash) ?? new Uint8Array());
    if (known === null) return null;
    const { service, version } = known.definition;
    return { service, version, power: message === undefined ? null : this.#power(known, message) };
  }

  #power(known: KnownService, message: Message): string | null {
    const authority = this.#cases.partiesOf(message)?.authority ?? "";
    return this.#cases.powerOf(known, message, authority);
  }
}

/** Wallets' keys are registered nowhere; any other key was registered when it signed. */
const sayStranger = (transaction: Transaction): string =>
  isWalletKey(transaction) ? "A resident" : "A member of staff whose key has been removed since";

const pronoun = ({ isBody }: Parts): string => (isBody ? "it" : "they");

const compose = (parts: Parts, isDone: boolean): string => {
  const { who, where, clauses } = parts;
  const done = distinct(clauses.map(({ did }) => did));
  const rest = done.length - MAX_TOLD;
  const told =
    rest <= 1 ? done : [...done.slice(0, MAX_TOLD), `did ${rest} more things in the same act`];
  const at = where === null ? "" : `, ${where}`;
  const power = joined(clauses.map((clause) => clause.power));
  const under = power === null ? "" : `, under ${power}`;
  const because = sayBecause(joined(clauses.map((clause) => clause.why)));
  const did = `${sayList(told)}${at}${under}${because}`;
  return isDone
    ? `${who} ${did}.`
    : `${who} asked the ledger to record that ${pronoun(parts)} ${did}; a rule refused it.`;
};

const factsOf = (parts: Parts, isDone: boolean): Told["facts"] => {
  const { who, where, clauses, extra } = parts;
  const what = isDone ? "What" : "Asked for";
  const done = distinct(clauses.map(({ did }) => did));
  const why = joined(clauses.map((clause) => clause.why));
  const power = joined(clauses.map((clause) => clause.power));
  return [
    { label: "Who", value: who },
    ...done.map((did, at) => ({
      label: done.length === 1 ? what : `${what} (${at + 1} of ${done.length})`,
      value: isDone ? capital(did) : `That ${pronoun(parts)} ${did}`,
    })),
    { label: "Where", value: where === null ? "Not shown" : capital(where) },
    ...(why === null ? [] : [{ label: "Why", value: capital(why) }]),
    ...(power === null ? [] : [{ label: "Power", value: power }]),
    ...extra,
  ];
};

const distinct = (items: readonly string[]): readonly string[] => [...new Set(items)];

const joined = (parts: readonly (string | null)[]): string | null => {
  const said = distinct(parts.filter((part) => part !== null));
  return said.length === 0 ? null : said.join("; ");
};
