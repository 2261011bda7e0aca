import type { VNode } from "preact";
import type { Page } from "../../layout.tsx";

/** Checking a receipt file in the reader's browser; nothing is sent anywhere. */
export const receiptCheckPage = (policy: string): Page => ({
  title: "Check a receipt",
  section: "/check",
  scripts: ["/assets/check.js"],
  body: (
    <>
      <p class="lead">
        A receipt proves that an act stands on this ledger, and how many independent operators
        signed that it does. It is checked in your own browser: the file is not sent anywhere.
      </p>
      <CheckForm policy={policy} />
      <div data-check-verdict role="status" />
      <OwnComputer />
    </>
  ),
});

/** The script turns the button on; without it the form is inert and says so. */
const CheckForm = ({ policy }: { readonly policy: string }): VNode => (
  <form data-check-form action="/check" method="get">
    <p class="field">
      <label for="receipt">Receipt file</label>
      <span class="hint" id="receipt-hint">
        Ends in .tlog-proof or .html
      </span>
      <input id="receipt" type="file" aria-describedby="receipt-hint" />
    </p>
    <p class="field">
      <label for="policy">Policy: whose signatures count</label>
      <span class="hint" id="policy-hint">
        This is the policy as this site gives it. A policy that you kept from before, or had from
        another body, proves more: paste it here instead.
      </span>
      <textarea
        id="policy"
        rows={10}
        spellcheck={false}
        aria-describedby="policy-hint"
        defaultValue={policy}
      />
    </p>
    <p>
      <button type="submit" disabled>
        Check the receipt
      </button>
    </p>
    <noscript>
      <p>Checking here needs JavaScript. The command below does not.</p>
    </noscript>
  </form>
);

const OwnComputer = (): VNode => (
  <section aria-labelledby="command">
    <h2 id="command">On your own computer</h2>
    <p>The same check, without this site and without a network:</p>
    <pre>npx tallystick receipt verify FILE --policy policy.txt</pre>
    <p>
      Its answer is also its exit code: 0 it holds, 1 it does not, 2 the file cannot be read, 4 it
      is consistent but you gave no policy, so nobody’s signature was judged.
    </p>
  </section>
);
