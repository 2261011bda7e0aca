import { sayName } from "@tallystick/client";
import { getAct, getCase, getDisclosure, type Message } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import { type ExplorerNode, stateOf } from "./explorer-node.ts";
import { decidingPower, disclosingPower } from "./powers.ts";
import type { Register } from "./register.ts";
import type { KnownService, Services } from "./services.ts";

/** How a case is spoken of without saying which one it is. */
export interface CaseNames {
  /** "a case of the bus pass service", or "a case". */
  readonly aCase: string;
  /** The deciding body's name; null when the ledger does not know it. */
  readonly authority: string | null;
}

/** What can be said to everybody of a message about a case. */
export interface CaseWords extends CaseNames {
  /** Null where the message says all there is. */
  readonly why: string | null;
  /** The power that it is done by; null where the ledger's own rules are the only one. */
  readonly power: string | null;
}

/** The definition and deciding body of a case. */
interface CaseParties {
  readonly definition: Hash;
  readonly authority: string;
}

/** Finds out which service and which body a message is about. */
export class Cases {
  readonly #node: ExplorerNode;
  readonly #register: Register;
  readonly #services: Services;

  constructor(node: ExplorerNode, register: Register, services: Services) {
    this.#node = node;
    this.#register = register;
    this.#services = services;
  }

  /** Null for a message about no case, or about one that was never opened. */
  partiesOf(message: Message): CaseParties | null {
    const state = stateOf(this.#node);
    if (message.type === "services/open") return message;
    if ("case" in message) return getCase(state, message.case);
    if (!("act" in message)) return null;
    const act = getAct(state, message.act);
    return act === null ? null : getCase(state, act.case);
  }

  wordsOf(message: Message): CaseWords {
    const parties = this.partiesOf(message);
    const service = parties === null ? null : this.#services.get(parties.definition);
    if (parties === null || service === null) {
      return { aCase: "a case", authority: null, why: null, power: null };
    }
    return {
      aCase: `a case of the ${sayName(service.definition.service)} service`,
      authority: this.#register.knownMember(parties.authority),
      why: this.#whyOf(service, message),
      power: this.powerOf(service, message, parties.authority),
    };
  }

  /** By which power it is done: the agreement's, or what the definition's law says. */
  powerOf(known: KnownService, message: Message, authority: string): string | null {
    const { rules } = known;
    const areas = this.#register.areasOf(authority);
    switch (message.type) {
      case "services/disclose":
        return (
          this.#agreementPower(message.agreement) ??
          (rules && disclosingPower(rules, message.disclosure, areas))
        );
      case "services/acknowledge": {
        const { disclosureId, messageIndex } = message;
        const state = stateOf(this.#node);
        const disclosed = getDisclosure(state, disclosureId, Number(messageIndex));
        return this.#agreementPower(disclosed?.agreement ?? null);
      }
      case "services/open":
      case "services/act":
      case "services/decide":
        return rules && decidingPower(rules, areas);
      default:
        return null;
    }
  }

  #whyOf({ definition }: KnownService, message: Message): string | null {
    if (message.type === "services/decide") {
      return `the service’s published rules (${definition.version}) say so`;
    }
    if (message.type !== "services/disclose" || message.agreement === null) return null;
    return this.#register.agreement(message.agreement)?.purpose ?? null;
  }

  #agreementPower(id: string | null): string | null {
    return id === null ? null : (this.#register.agreement(id)?.power ?? null);
  }
}
