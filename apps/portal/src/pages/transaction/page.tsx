import { sayCount } from "@tallystick/client";
import type { VNode } from "preact";
import { Code, Facts } from "../../components/facts.tsx";
import { OutcomeTag } from "../../components/outcome.tsx";
import { Time } from "../../components/time.tsx";
import type { Page } from "../../layout.tsx";
import type { ReceiptAnswer, Refusal, TransactionView } from "../../portal-data.ts";

const WITHHELD = "Somebody acted in a person’s case; only those who take part in it may read how.";

/** One transaction: a sentence, what came of it, where it stands, and how to check all that. */
export const transactionPage = (view: TransactionView, receipt: ReceiptAnswer): Page => ({
  title: "Transaction",
  section: "/blocks",
  scripts: receipt.stage === "ready" ? ["/assets/check.js"] : [],
  body: (
    <>
      <p class="lead sentence">{view.sentence ?? WITHHELD}</p>
      <Outcome refusal={view.refusal} />
      {view.facts.length > 0 && <Facts facts={view.facts} />}
      <WhereItStands view={view} />
      <Raw view={view} />
      <CheckIt id={view.id} receipt={receipt} />
    </>
  ),
});

const Outcome = ({ refusal }: { readonly refusal: Refusal }): VNode =>
  refusal === null ? (
    <p>
      <OutcomeTag refusal={refusal} /> Every rule of the ledger allowed it.
    </p>
  ) : (
    <p>
      <OutcomeTag refusal={refusal} /> {refusal.what} <Code>{refusal.code}</Code>
    </p>
  );

const WhereItStands = ({ view }: { readonly view: TransactionView }): VNode => (
  <section aria-labelledby="stands">
    <h2 id="stands">Where it stands</h2>
    <Facts
      facts={[
        { label: "Recorded", value: <Time ms={view.timeMs} /> },
        { label: "Block", value: <a href={`/blocks/${view.block}`}>Block {view.block}</a> },
        { label: "Entry in the log", value: view.leafIndex.toLocaleString("en-GB") },
        { label: "Transaction id", value: <Code>{view.id}</Code> },
      ]}
    />
  </section>
);

const Raw = ({ view }: { readonly view: TransactionView }): VNode => (
  <section aria-labelledby="raw">
    <h2 id="raw">The bytes themselves</h2>
    {view.rawUrl === null ? (
      <p>{view.withheld ?? "The signed bytes are not kept here any more."}</p>
    ) : (
      <p>
        <a href={view.rawUrl}>The signed bytes (COSE)</a>
      </p>
    )}
    <details>
      <summary>The entry in the log (CBOR, in hexadecimal)</summary>
      <pre class="hash">{view.leaf}</pre>
    </details>
  </section>
);

const CheckIt = ({
  id,
  receipt,
}: {
  readonly id: string;
  readonly receipt: ReceiptAnswer;
}): VNode => (
  <section aria-labelledby="check">
    <h2 id="check">Check it yourself</h2>
    {receipt.stage === "ready" ? (
      <CheckReady id={id} operators={receipt.operators} />
    ) : (
      <p>
        {receipt.stage === "waiting" ? receipt.why : "There is no receipt for this transaction."}
      </p>
    )}
  </section>
);

const sayCommand = (id: string): string =>
  `npx tallystick receipt verify ${id.slice(0, 16)}.tlog-proof --policy policy.txt`;

const sayOperators = (operators: number): string =>
  `${sayCount(operators, "independent operator stands", "independent operators stand")} behind it.`;

const CheckReady = (props: { readonly id: string; readonly operators: number }): VNode => (
  <>
    <p>
      The receipt is a small file that proves where this transaction stands.{" "}
      <strong>{sayOperators(props.operators)}</strong> Keep it: it can be checked for ever, without
      this site.
    </p>
    <ul>
      <li>
        <a href={`/transactions/${props.id}/receipt.html`} download>
          Receipt to read and print (HTML)
        </a>
      </li>
      <li>
        <a href={`/transactions/${props.id}/receipt.tlog-proof`} download>
          Receipt alone (text)
        </a>
      </li>
    </ul>
    <h3>In this browser</h3>
    <div
      data-check-receipt={`/transactions/${props.id}/receipt.tlog-proof`}
      data-check-policy="/check/policy.txt"
    >
      <noscript>
        <p>This needs JavaScript. The command below does not.</p>
      </noscript>
    </div>
    <p class="warning">
      Here the receipt is judged by the policy that this same site gives you. That proves less than
      a policy which you had before, or which another body gave you: a site that lies could hand out
      both. <a href="/check">Use a policy of your own</a>.
    </p>
    <h3>On your own computer</h3>
    <pre>{sayCommand(props.id)}</pre>
  </>
);
