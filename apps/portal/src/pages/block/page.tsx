import { sayCount } from "@tallystick/client";
import type { VNode } from "preact";
import { Code, Facts } from "../../components/facts.tsx";
import { TransactionList } from "../../components/outcome.tsx";
import { Time } from "../../components/time.tsx";
import type { Page } from "../../layout.tsx";
import type { BlockView } from "../../portal-data.ts";

/** One block: what was done in it, and the fingerprints that chain it to the others. */
export const blockPage = (view: BlockView): Page => ({
  title: `Block ${view.number}`,
  section: "/blocks",
  body: (
    <>
      <Facts
        facts={[
          { label: "When", value: <Time ms={view.timeMs} /> },
          { label: "Put in order by", value: `${view.proposer.name}, at ${view.site}` },
          { label: "Entries", value: sayEntries(view) },
        ]}
      />
      <section aria-labelledby="transactions">
        <h2 id="transactions">What was done</h2>
        <TransactionList rows={view.transactions} empty="Only deadlines fell due in this block." />
      </section>
      <section aria-labelledby="fingerprints">
        <h2 id="fingerprints">Fingerprints</h2>
        <Facts
          facts={[
            { label: "First entry in the log", value: view.firstIndex.toLocaleString("en-GB") },
            { label: "Header of the block before", value: <Code>{view.previousHeader}</Code> },
            { label: "What the block changed", value: <Code>{view.effectsDigest}</Code> },
            { label: "State after the block", value: <Code>{view.stateRoot}</Code> },
            { label: "Rules of the ledger", value: `Version ${view.protocolVersion}` },
          ]}
        />
      </section>
      <Neighbours view={view} />
    </>
  ),
});

const sayEntries = (view: BlockView): string =>
  view.timers === 0
    ? `${view.entries}`
    : `${view.entries}, of which ${sayCount(view.timers, "deadline", "deadlines")}`;

const Neighbours = ({ view }: { readonly view: BlockView }): VNode => (
  <nav aria-label="Blocks beside this one">
    <ul class="neighbours">
      {view.number > 1 && (
        <li>
          <a href={`/blocks/${view.number - 1}`} rel="prev">
            Block {view.number - 1}
          </a>
        </li>
      )}
      {view.number < view.newest && (
        <li>
          <a href={`/blocks/${view.number + 1}`} rel="next">
            Block {view.number + 1}
          </a>
        </li>
      )}
    </ul>
  </nav>
);
