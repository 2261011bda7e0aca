import type { VNode } from "preact";
import type { Refusal, TransactionRow } from "../portal-data.ts";
import { Time } from "./time.tsx";

/** Whether the ledger did it, in a word that does not depend on its colour. */
export const OutcomeTag = ({ refusal }: { readonly refusal: Refusal }): VNode =>
  refusal === null ? (
    <strong class="tag tag-done">Done</strong>
  ) : (
    <strong class="tag tag-refused">Refused</strong>
  );

export const transactionHref = (id: string): string => `/transactions/${id}`;

const HIDDEN = "An act in a person’s case. Only those who take part in it may read it.";

/** Transactions as sentences, each a link to its own page. */
export const TransactionList = ({
  rows,
  empty,
}: {
  readonly rows: readonly TransactionRow[];
  readonly empty: string;
}): VNode =>
  rows.length === 0 ? (
    <p>{empty}</p>
  ) : (
    <ol class="transactions">
      {rows.map((row) => (
        <li key={row.id}>
          <p>
            <a href={transactionHref(row.id)}>{row.sentence ?? HIDDEN}</a>
          </p>
          <p class="small">
            <OutcomeTag refusal={row.refusal} /> <Time ms={row.timeMs} />
          </p>
        </li>
      ))}
    </ol>
  );
