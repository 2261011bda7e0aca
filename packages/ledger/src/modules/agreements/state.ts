import { type AgreementTerms, agreementTerms } from "../../agreement-terms.ts";
import { day, list, name, natural, orNull, record } from "../../shape.ts";
import { Table } from "../../table.ts";

/** A data-sharing agreement and how far it has come. */
export interface Agreement {
  readonly terms: AgreementTerms;
  readonly publisher: string;
  readonly publishedAtMs: bigint;
  /** Parties that have agreed, the publisher first. */
  readonly accepted: readonly string[];
  /** The last day on which it holds, when a party has ended it before its time. */
  readonly endedDay: number | null;
}

/** id → Agreement */
export const agreements: Table<Agreement> = new Table(
  "agreements",
  record<Agreement>({
    terms: agreementTerms,
    publisher: name,
    publishedAtMs: natural,
    accepted: list(name),
    endedDay: orNull(day),
  }),
);
