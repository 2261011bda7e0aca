import { type Hash, toHex } from "@tallystick/log";
import type { Signer } from "../sign.ts";
import {
  type CaseCommitment,
  type CaseField,
  type CommitOptions,
  commitFields,
} from "./commitment.ts";
import type { FactRequest } from "./present.ts";

/** What the owner did in a case, or a body did in it and told the owner. */
export interface CaseAct {
  readonly action: string;
  readonly transactionId: Hash;
  /** Null when the act commits to nothing or its opening was not shared. */
  readonly commitment: CaseCommitment | null;
  /** The receipt as text, once it has come. */
  readonly receipt: string | null;
}

/** Who was shown what, and when. Names of claims only: the values are in the facts. */
export interface ShownRecord {
  readonly audience: string;
  readonly facts: readonly FactRequest[];
  readonly atSeconds: number;
}

export interface CaseDetails {
  /** 16 random bytes; nothing else in the wallet carries them. */
  readonly id: Uint8Array;
  readonly service: string;
  /** The member that decides. */
  readonly authority: string;
  /** A key made for this case alone. */
  readonly signer: Signer;
}

/** One of "my cases": its own key, the openings of what was committed, receipts, who saw what. */
export class WalletCase {
  readonly id: Uint8Array;
  readonly service: string;
  readonly authority: string;
  readonly signer: Signer;
  readonly #acts: Map<string, CaseAct> = new Map();
  readonly #shown: ShownRecord[] = [];
  readonly #commitOptions: CommitOptions;

  constructor(details: CaseDetails, commitOptions: Omit<CommitOptions, "caseId">) {
    this.id = details.id;
    this.service = details.service;
    this.authority = details.authority;
    this.signer = details.signer;
    this.#commitOptions = { ...commitOptions, caseId: details.id };
  }

  /** Commits to fields under this case's id, with fresh salts each time. */
  commit(fields: readonly CaseField[]): CaseCommitment {
    return commitFields(this.#commitOptions, fields);
  }

  /** Keeps an act with the opening of its commitment. Kept again, a receipt already there stays. */
  recordAct(act: Omit<CaseAct, "receipt">): void {
    const id = toHex(act.transactionId);
    this.#acts.set(id, { ...act, receipt: this.#acts.get(id)?.receipt ?? null });
  }

  /** Keeps the receipt of an act; false when the case has no such act. */
  keepReceipt(transactionId: Hash, receipt: string): boolean {
    const act = this.#acts.get(toHex(transactionId));
    if (act === undefined) return false;
    this.#acts.set(toHex(transactionId), { ...act, receipt });
    return true;
  }

  /** Notes that something was shown for this case. */
  recordShown(record: ShownRecord): void {
    this.#shown.push(record);
  }

  /** What was done, in order. */
  acts(): readonly CaseAct[] {
    return [...this.#acts.values()];
  }

  /** Who was shown what, in order. */
  shown(): readonly ShownRecord[] {
    return [...this.#shown];
  }
}
