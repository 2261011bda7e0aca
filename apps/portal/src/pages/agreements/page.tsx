import { sayDuration, sayList } from "@tallystick/client";
import type { VNode } from "preact";
import { Facts } from "../../components/facts.tsx";
import { Day } from "../../components/time.tsx";
import type { Page } from "../../layout.tsx";
import type { AgreementView, Named } from "../../portal-data.ts";

/** The register of data-sharing agreements: what may flow, between whom, and by which power. */
export const agreementsPage = (agreements: readonly AgreementView[]): Page => ({
  title: "Data-sharing agreements",
  section: "/agreements",
  body: (
    <>
      <p class="lead">
        No body passes anything about a person to another without an agreement or a statute that
        allows it, named here. The ledger refuses a disclosure that has none.
      </p>
      {agreements.length === 0 && <p>No agreement has been published yet.</p>}
      {agreements.map((agreement) => (
        <Agreement key={agreement.id} agreement={agreement} />
      ))}
    </>
  ),
});

const names = (items: readonly Named[]): string => sayList(items.map(({ name }) => name));

const Agreement = ({ agreement }: { readonly agreement: AgreementView }): VNode => (
  <section aria-labelledby={`agreement-${agreement.id}`}>
    <h2 id={`agreement-${agreement.id}`}>{agreement.name}</h2>
    <p>{agreement.purpose}</p>
    <Facts
      facts={[
        { label: "Live", value: sayLive(agreement) },
        { label: "Power", value: `${agreement.power} (${agreement.gateway})` },
        { label: "From", value: names(agreement.controllers) },
        { label: "To", value: names(agreement.recipients) },
        { label: "What is disclosed", value: sayList(agreement.disclosed) },
        { label: "Kept for", value: sayDuration(agreement.retention) },
        { label: "Where", value: names(agreement.areas) },
        { label: "Runs", value: <Runs agreement={agreement} /> },
        { label: "To be reviewed by", value: <Day day={agreement.reviewDay} /> },
        { label: "Ask about this", value: agreement.contact },
      ]}
    />
  </section>
);

const sayLive = ({ live, waitingFor }: AgreementView): string => {
  if (live) return "Yes";
  return waitingFor.length === 0 ? "No: it has ended" : `No: waiting for ${names(waitingFor)}`;
};

const Runs = ({ agreement }: { readonly agreement: AgreementView }): VNode => (
  <>
    From <Day day={agreement.startDay} />
    {agreement.endDay === null ? (
      ", with no end set"
    ) : (
      <>
        {" "}
        to <Day day={agreement.endDay} />
      </>
    )}
  </>
);
