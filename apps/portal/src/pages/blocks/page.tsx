import { Table } from "../../components/table.tsx";
import { Time } from "../../components/time.tsx";
import type { Page } from "../../layout.tsx";
import type { BlockRow, BlocksPage } from "../../portal-data.ts";

/** Blocks newest first, a page at a time; each page of older blocks has its own lasting address. */
export const blocksPage = (view: BlocksPage): Page => ({
  title: "Blocks",
  section: "/blocks",
  body: (
    <>
      <p class="lead">
        Transactions are recorded in blocks. A block is what arrived while the one before it was
        being written.
      </p>
      <Table
        caption="Blocks, newest first"
        columns={[
          {
            heading: "Block",
            isRowHeading: true,
            cell: (row: BlockRow) => <a href={`/blocks/${row.number}`}>{row.number}</a>,
          },
          { heading: "When", cell: (row) => <Time ms={row.timeMs} /> },
          { heading: "Entries", isNumber: true, cell: (row) => row.entries },
          { heading: "Put in order by", cell: (row) => row.proposer.name },
        ]}
        rows={view.blocks}
        empty="There are no blocks here."
      />
      {view.older !== null && (
        <p>
          <a href={`/blocks?before=${view.older}`} rel="next">
            Older blocks
          </a>
        </p>
      )}
    </>
  ),
});
