import { sayCount } from "@tallystick/client";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { Facts } from "../components/facts.tsx";
import { Time } from "../components/time.tsx";
import type { Network, TransactionView } from "../portal-data.ts";

export interface ReceiptDocument {
  readonly network: Network;
  readonly transaction: TransactionView;
  /** The receipt itself, a tlog-proof. */
  readonly text: string;
  readonly operators: number;
}

/**
 * A receipt that people can read, keep and print: one HTML file with no style, script or link to
 * anything, and in it the proof in `<pre id="tallystick-receipt">`, which is all that a verifier
 * reads (spec/verifier.md).
 */
export const renderReceiptDocument = (receipt: ReceiptDocument): string =>
  `<!doctype html>\n${renderToString(<Document receipt={receipt} />)}\n`;

const Document = ({ receipt }: { readonly receipt: ReceiptDocument }): VNode => (
  <html lang="en-GB">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Receipt – {receipt.network.name}</title>
    </head>
    <body>
      <main>
        {receipt.network.demonstration && (
          <p>
            <strong>DEMONSTRATION: the people and public bodies here are made up.</strong>
          </p>
        )}
        <h1>Receipt</h1>
        <p>{receipt.transaction.sentence ?? "An act in a person’s case."}</p>
        <Standing receipt={receipt} />
        <h2>How to check this receipt</h2>
        <p>
          The words above are for reading; only the proof below proves anything. Save this page and
          run <code>npx tallystick receipt verify FILE --policy policy.txt</code> on it, with the
          policy that you have from the ledger’s members. It needs no account and no network.
        </p>
        <h2>The proof</h2>
        <pre id="tallystick-receipt">{receipt.text}</pre>
      </main>
    </body>
  </html>
);

const Standing = ({ receipt }: { readonly receipt: ReceiptDocument }): VNode => (
  <Facts
    facts={[
      { label: "Recorded on", value: receipt.network.name },
      { label: "When", value: <Time ms={receipt.transaction.timeMs} /> },
      {
        label: "What came of it",
        value:
          receipt.transaction.refusal === null
            ? "Done"
            : `Refused: ${receipt.transaction.refusal.what}`,
      },
      {
        label: "Who stands behind it",
        value: sayCount(receipt.operators, "independent operator", "independent operators"),
      },
      { label: "Transaction id", value: <code>{receipt.transaction.id}</code> },
    ]}
  />
);
