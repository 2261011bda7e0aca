import { TRANSACTION_REFUSALS } from "./apply/refusals.ts";
import { AGREEMENTS_REFUSALS } from "./modules/agreements/refusals.ts";
import { CREDENTIALS_REFUSALS } from "./modules/credentials/refusals.ts";
import { MEMBERS_REFUSALS } from "./modules/members/refusals.ts";
import { SERVICES_REFUSALS } from "./modules/services/refusals.ts";

/** What is wrong and how to mend it, in plain English; never with anybody's data in it. */
export interface Refusal {
  readonly what: string;
  readonly mend: string;
}

/** Codes of fate (b): the transaction has a leaf and its id is spent. */
export type RefusalCode =
  | keyof typeof MEMBERS_REFUSALS
  | keyof typeof AGREEMENTS_REFUSALS
  | keyof typeof SERVICES_REFUSALS
  | keyof typeof CREDENTIALS_REFUSALS;

/** Codes of fate (a): no leaf, no change of state. */
export type DropCode = keyof typeof TRANSACTION_REFUSALS;

/** Every code of the ledger, in the order of checking. spec/refusals.md lists them. */
export const REFUSALS: Readonly<Record<RefusalCode | DropCode, Refusal>> = {
  ...TRANSACTION_REFUSALS,
  ...MEMBERS_REFUSALS,
  ...AGREEMENTS_REFUSALS,
  ...SERVICES_REFUSALS,
  ...CREDENTIALS_REFUSALS,
};

/** The sentences for a code, or null for a code that is not the ledger's. */
export const refusalOf = (code: string): Refusal | null =>
  Object.hasOwn(REFUSALS, code) ? REFUSALS[code as RefusalCode | DropCode] : null;
