import { sayList } from "@tallystick/client";

import { Table } from "../../components/table.tsx";
import type { Page } from "../../layout.tsx";
import type { DefinitionSummary } from "../../portal-data.ts";

/** Every service whose rules are on the ledger, and which bodies have adopted it. */
export const definitionsPage = (definitions: readonly DefinitionSummary[]): Page => ({
  title: "Services and their rules",
  section: "/definitions",
  body: (
    <>
      <p class="lead">
        A service’s rules are published here before anyone can use them. Each case keeps the very
        rules that it was opened under.
      </p>
      <Table
        caption="Services"
        columns={[
          {
            heading: "Service",
            isRowHeading: true,
            cell: (row: DefinitionSummary) => (
              <a href={`/definitions/${row.hash}`}>{sayService(row)}</a>
            ),
          },
          { heading: "Stage", cell: sayStage },
          {
            heading: "Adopted by",
            cell: (row) =>
              row.adoptions.length === 0
                ? "Nobody yet"
                : sayList(row.adoptions.map(({ member }) => member.name)),
          },
        ]}
        rows={definitions}
        empty="No service has been published yet."
      />
    </>
  ),
});

/** `bus-pass` version `2026.1` as "Bus pass, version 2026.1". */
export const sayService = ({ service, version }: DefinitionSummary): string => {
  const words = service.replaceAll("-", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}, version ${version}`;
};

/** How far the members' vote is. */
export const sayStage = ({ stage, votes, votesNeeded }: DefinitionSummary): string =>
  stage === "published"
    ? `Published by ${votes} votes`
    : `Proposed: ${votes} of ${votesNeeded} votes`;
