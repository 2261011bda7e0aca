import type { SourceFile } from "../compiled.ts";
import type { Faults } from "../fault.ts";
import type { Position } from "../position.ts";

/** One cell of a CSV file and where it stands. */
export interface CsvCell {
  readonly at: Position;
  readonly text: string;
}

/**
 * The rows of a CSV file (RFC 4180, with LF or CRLF), the header first; blank lines are left out.
 * Each row must have as many cells as the header. Null after a fault (definition/csv).
 */
export function readCsv(file: SourceFile, faults: Faults): readonly (readonly CsvCell[])[] | null {
  const rows: CsvCell[][] = [];
  const lines = file.text.split("\n");
  for (const [index, line] of lines.entries()) {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (text.trim() === "") continue;
    const cells = cellsOf(text, { file: file.path, line: index + 1, column: 1 }, faults);
    if (cells === null) return null;
    const wanted = rows[0]?.length ?? cells.length;
    if (cells.length !== wanted) {
      const what = `${cells.length} cells where the header has ${wanted}`;
      faults.add(
        { file: file.path, line: index + 1, column: 1 },
        "definition/csv",
        what,
        "give each column one cell; leave it empty where there is no value",
      );
      return null;
    }
    rows.push(cells);
  }
  return rows;
}

function cellsOf(line: string, start: Position, faults: Faults): CsvCell[] | null {
  const cells: CsvCell[] = [];
  let at = 0;
  while (at <= line.length) {
    const place: Position = { ...start, column: at + 1 };
    const end = line[at] === '"' ? closingQuote(line, at) : nextComma(line, at);
    const follows = line[at] === '"' ? line[end + 1] : ",";
    if (end < 0 || (follows !== undefined && follows !== ",")) {
      faults.add(place, "definition/csv", "a quote that does not close", 'write "…", and "" for "');
      return null;
    }
    const quoted = line[at] === '"';
    const raw = quoted ? line.slice(at + 1, end).replaceAll('""', '"') : line.slice(at, end);
    cells.push({ at: place, text: raw.trim() });
    at = quoted ? end + 2 : end + 1;
    if (quoted && end + 1 === line.length) break;
  }
  return cells;
}

const nextComma = (line: string, from: number): number => {
  const found = line.indexOf(",", from);
  return found < 0 ? line.length : found;
};

/** Where the quoted cell that opens at `from` closes; -1 when it does not. */
const closingQuote = (line: string, from: number): number => {
  for (let at = from + 1; at < line.length; at += 1) {
    if (line[at] !== '"') continue;
    if (line[at + 1] !== '"') return at;
    at += 1;
  }
  return -1;
};
