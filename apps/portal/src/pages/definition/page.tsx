import { sayList } from "@tallystick/client";
import type { VNode } from "preact";
import { Code, Facts } from "../../components/facts.tsx";
import { Table } from "../../components/table.tsx";
import { Day } from "../../components/time.tsx";
import type { Page } from "../../layout.tsx";
import type {
  ActionView,
  AdoptionView,
  DefinitionView,
  DisclosureView,
} from "../../portal-data.ts";
import { sayService, sayStage } from "../definitions/page.tsx";

/** One service: its steps, deadlines and disclosures, and who has adopted it. */
export const definitionPage = (view: DefinitionView): Page => ({
  title: sayService(view),
  section: "/definitions",
  body: (
    <>
      <Facts
        facts={[
          { label: "Stage", value: sayStage(view) },
          { label: "Who takes part", value: sayRoles(view) },
          { label: "Fingerprint of the rules", value: <Code>{view.hash}</Code> },
        ]}
      />
      <Adoptions adoptions={view.adoptions} />
      <Steps actions={view.actions} />
      <Deadlines view={view} />
      <Disclosures disclosures={view.disclosures} />
    </>
  ),
});

const say = (name: string): string => name.replaceAll("-", " ");
const sayRoles = (view: DefinitionView): string =>
  sayList(view.roles.map(({ name, kind }) => `${say(name)} (${kind})`));

const Adoptions = ({ adoptions }: { readonly adoptions: readonly AdoptionView[] }): VNode => (
  <section aria-labelledby="adoptions">
    <h2 id="adoptions">Who has adopted it</h2>
    <Table
      caption="Each body’s own decision to use these rules"
      columns={[
        { heading: "Body", isRowHeading: true, cell: (row: AdoptionView) => row.member.name },
        { heading: "For", cell: (row) => sayList(row.areas.map(({ name }) => name)) },
        { heading: "Minute", cell: (row) => row.minute },
        { heading: "In force from", cell: (row) => <Day day={row.inForceFrom} /> },
      ]}
      rows={adoptions}
      empty="Nobody has adopted it yet."
    />
  </section>
);

const Steps = ({ actions }: { readonly actions: readonly ActionView[] }): VNode => (
  <section aria-labelledby="steps">
    <h2 id="steps">Who may do what, and when</h2>
    <Table
      caption="Actions; anything else is refused by every body"
      columns={[
        { heading: "Action", isRowHeading: true, cell: (row: ActionView) => say(row.name) },
        { heading: "By", cell: (row) => sayList(row.by.map(say)) },
        {
          heading: "When the case is",
          cell: (row) => (row.from.length === 0 ? "not open yet" : sayList(row.from.map(say))),
        },
        { heading: "After it the case is", cell: (row) => row.to.map(say).join(" or ") },
        {
          heading: "Facts given",
          cell: (row) => (row.gives.length === 0 ? "None" : sayList(row.gives.map(say))),
        },
      ]}
      rows={actions}
      empty="Nobody can do anything in this service."
    />
  </section>
);

const Deadlines = ({ view }: { readonly view: DefinitionView }): VNode => (
  <section aria-labelledby="deadlines">
    <h2 id="deadlines">Deadlines</h2>
    <Table
      caption="What happens when nobody acts"
      columns={[
        {
          heading: "While the case is",
          isRowHeading: true,
          cell: (row: DefinitionView["timers"][number]) => say(row.state),
        },
        { heading: "After", cell: (row) => say(row.after) },
        { heading: "Then", cell: (row) => row.what },
      ]}
      rows={view.timers}
      empty="There are no deadlines."
    />
  </section>
);

const Disclosures = (props: { readonly disclosures: readonly DisclosureView[] }): VNode => (
  <section aria-labelledby="disclosures">
    <h2 id="disclosures">What one body tells another</h2>
    <Table
      caption="Disclosures; nothing else may be passed on"
      columns={[
        { heading: "Disclosure", isRowHeading: true, cell: (row: DisclosureView) => say(row.name) },
        { heading: "From", cell: (row) => say(row.from) },
        { heading: "To", cell: (row) => say(row.to) },
        { heading: "What", cell: (row) => sayList(row.what.map(say)) },
        { heading: "Under", cell: (row) => row.gateway ?? "The resident’s own hand" },
      ]}
      rows={props.disclosures}
      empty="Nothing is passed on."
    />
  </section>
);
