import type { ComponentChildren, VNode } from "preact";

export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** The cell that names its row: announced with every other cell of the row. */
  readonly isRowHeading?: boolean;
  readonly isNumber?: boolean;
}

interface TableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly empty: string;
}

/** A table with a caption; on a phone its rows stand one below the other. */
export const Table = <Row,>({ caption, columns, rows, empty }: TableProps<Row>): VNode =>
  rows.length === 0 ? (
    <p>{empty}</p>
  ) : (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.heading} scope="col" class={numeric(column)}>
              {column.heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>{columns.map((column) => renderCell(column, row))}</tr>
        ))}
      </tbody>
    </table>
  );

const numeric = <Row,>(column: Column<Row>): string | undefined =>
  column.isNumber ? "number" : undefined;

const renderCell = <Row,>(column: Column<Row>, row: Row): VNode =>
  column.isRowHeading ? (
    <th key={column.heading} scope="row" class={numeric(column)}>
      {column.cell(row)}
    </th>
  ) : (
    <td key={column.heading} class={numeric(column)} data-heading={column.heading}>
      {column.cell(row)}
    </td>
  );
