import type { Cell, RowKey, Table, TableRow } from "../service.ts";

/**
 * What a look-up is asked with: a word for a choice, a day for a range, in the table's key order.
 */
export type KeyValue = string | number;

/** The rows that match; a proved table has exactly one for every question. */
export const matchingRows = (table: Table, values: readonly KeyValue[]): readonly TableRow[] =>
  table.rows.filter((row) => row.keys.every((key, at) => matches(key, values[at])));

const matches = (key: RowKey, value: KeyValue | undefined): boolean => {
  if (key.kind === "choice") return typeof value === "string" && key.words.includes(value);
  if (typeof value !== "number") return false;
  return (key.from === null || key.from <= value) && (key.to === null || value <= key.to);
};

/** The cells of a row that are filled, by column. */
export const filledCells = (
  table: Table,
  row: TableRow,
): ReadonlyMap<string, Exclude<Cell, null>> => {
  const filled = new Map<string, Exclude<Cell, null>>();
  for (const [at, column] of table.columns.entries()) {
    const cell = row.cells[at];
    if (cell !== null && cell !== undefined) filled.set(column.name, cell);
  }
  return filled;
};

/** True when this version of the table may be used on the day. An open end does not expire. */
export const isInForce = (table: Table, day: number): boolean =>
  (table.alsoBefore !== null || day >= table.effectiveFrom) &&
  (table.until === null || day <= table.until);
