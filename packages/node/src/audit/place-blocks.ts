import { headerIn, lastLeaf } from "./read-block.ts";
import type { ColumnReader, LedgerRow } from "./read-columns.ts";
import type { Findings } from "./report.ts";

/**
 * Which row holds which block. A block's number stands in three places: the row's key, the header
 * column and the last leaf. Two of them that agree outvote the third.
 */
export function placeBlocks(reader: ColumnReader, findings: Findings): Map<number, number> {
  const places = new Map<number, number>();
  const displaced: { readonly row: number; readonly number: number }[] = [];
  for (const row of reader.rows("block")) {
    if (row.number === null) continue;
    const number = numberSaid(row, row.number);
    if (number === row.number) places.set(number, number);
    else displaced.push({ row: row.number, number });
  }
  for (const { row, number } of displaced) {
    if (places.has(number)) {
      findings.add("block", row, "number", `The row repeats block ${number}.`);
      continue;
    }
    findings.add("block", row, "number", `The row holds block ${number}.`);
    places.set(number, row);
  }
  return places;
}

function numberSaid(row: LedgerRow<"block">, rowNumber: number): number {
  const said = headerIn(row.header)?.number;
  if (said === undefined || said === BigInt(rowNumber)) return rowNumber;
  const again = headerIn(lastLeaf(row))?.number;
  return again === said ? Number(said) : rowNumber;
}
