import { sayCount, sayList } from "@tallystick/client";
import type { VNode } from "preact";
import { Code, Facts } from "../../components/facts.tsx";
import { TransactionList } from "../../components/outcome.tsx";
import { Table } from "../../components/table.tsx";
import { Time } from "../../components/time.tsx";
import type { Page } from "../../layout.tsx";
import type { CheckpointView, OperatorView, Overview } from "../../portal-data.ts";

/** Who runs what, how far the ledger is and who has signed it, and what was done last. */
export const overviewPage = (view: Overview): Page => ({
  title: "What is on this ledger",
  section: "/",
  body: (
    <>
      <p class="lead">
        Several public bodies keep this ledger together. Each holds the whole of it, works out
        everything in it again and signs what it found. Nobody can change it unnoticed.
      </p>
      <Newest view={view} />
      <WhoRunsWhat operators={view.operators} />
      <Signed checkpoint={view.checkpoint} />
      <section aria-labelledby="latest">
        <h2 id="latest">Done last</h2>
        <TransactionList rows={view.latest} empty="Nothing has been recorded yet." />
        <p>
          <a href="/blocks">All blocks, newest first</a>
        </p>
      </section>
    </>
  ),
});

const Newest = ({ view }: { readonly view: Overview }): VNode => (
  <Facts
    facts={[
      { label: "Newest block", value: <NewestBlock block={view.newestBlock} /> },
      { label: "Recorded", value: sayRecorded(view.counts) },
    ]}
  />
);

const NewestBlock = ({ block }: { readonly block: Overview["newestBlock"] }): VNode =>
  block === null ? (
    <>None yet: only the founding entry stands</>
  ) : (
    <>
      <a href={`/blocks/${block.number}`}>Block {block.number}</a>, <Time ms={block.timeMs} />
    </>
  );

const sayRecorded = ({ transactions, refused }: Overview["counts"]): string =>
  `${sayCount(transactions, "transaction", "transactions")}, ` +
  `of which ${sayCount(refused, "was", "were")} refused by a rule`;

const WhoRunsWhat = ({ operators }: { readonly operators: readonly OperatorView[] }): VNode => (
  <section aria-labelledby="operators">
    <h2 id="operators">Who runs what</h2>
    <p>
      An operator is an organisation that runs a computer of the ledger, for itself or for several
      bodies. Bodies run by one operator count as one when signatures are counted.
    </p>
    <Table
      caption="Operators and the bodies they run"
      columns={[
        { heading: "Operator", isRowHeading: true, cell: (row: OperatorView) => row.name },
        {
          heading: "What it does",
          cell: (row) =>
            row.ordersTransactions
              ? "Puts transactions in order and signs the log"
              : "Works everything out again and signs what it found",
        },
        { heading: "Runs", cell: (row) => sayList(row.members.map(({ name }) => name)) },
        { heading: "Where", cell: (row) => row.site },
      ]}
      rows={operators}
      empty="No operators are listed."
    />
  </section>
);

const Signed = ({ checkpoint }: { readonly checkpoint: CheckpointView }): VNode => (
  <section aria-labelledby="checkpoint">
    <h2 id="checkpoint">Signed as far as here</h2>
    <Facts
      facts={[
        { label: "Entries", value: checkpoint.size.toLocaleString("en-GB") },
        { label: "Fingerprint of all of them", value: <Code>{checkpoint.root}</Code> },
        {
          label: "Enough signatures",
          value: checkpoint.quorumMet
            ? "Yes: the ledger’s policy is met"
            : "Not yet: an operator has still to sign",
        },
      ]}
    />
    <Table
      caption="Who signed it besides the operator that orders transactions"
      columns={[
        { heading: "Operator", isRowHeading: true, cell: (row) => row.operator.name },
        { heading: "Key", cell: (row) => <Code>{row.name}</Code> },
        { heading: "When", cell: (row) => <Time ms={row.timeMs} /> },
      ]}
      rows={checkpoint.cosigners}
      empty="Nobody else has signed it yet."
    />
    <details>
      <summary>The signed text itself</summary>
      <pre>{checkpoint.note}</pre>
    </details>
  </section>
);
