import { dayToText } from "@tallystick/ledger";
import { filledCells } from "../decide/look-up.ts";
import type { Bound, Program } from "../expression/ast.ts";
import { EARLIEST_DAY, LATEST_DAY } from "../expression/functions.ts";
import type { FaultCode, Faults } from "../fault.ts";
import type { Position } from "../position.ts";
import type { Table, TableKey, TableRow } from "../service.ts";

/** The most comparisons that a proof will make: keys multiply. */
export const MAX_PROOF_STEPS: number = 20_000_000;

/**
 * Proves that every question has exactly one row: each choice of words, and within it each day from
 * the beginning of time to its end. A range left open never ends. Faults: definition/table-gap,
 * table-overlap, table-value where a row's cells give no value, too-large.
 */
export function proveTable(table: Table, value: Program | null, faults: Faults): void {
  const steps = { left: MAX_PROOF_STEPS };
  prove({ table, faults, steps, asked: [] }, table.keys, table.rows);
  if (steps.left < 0) {
    const what = `table ${table.name} has too many rows and keys to be proved`;
    faults.add(table.at, "definition/too-large", what, "divide it into tables with fewer keys");
  }
  if (value === null || !faults.none) return;
  for (const row of table.rows) proveValue(table, row, value, faults);
}

interface Proof {
  readonly table: Table;
  readonly faults: Faults;
  readonly steps: { left: number };
  /** What has been asked so far, in words, for the message. */
  readonly asked: readonly string[];
}

function prove(proof: Proof, keys: readonly TableKey[], rows: readonly TableRow[]): void {
  const [key, ...rest] = keys;
  if (key === undefined) {
    if (rows.length > 1) overlap(proof, rows);
    if (rows.length === 0) gap(proof);
    return;
  }
  if (rows.length === 0) {
    gap({ ...proof, asked: [...proof.asked, `any ${key.name}`] });
    return;
  }
  const at = proof.table.keys.indexOf(key);
  const cuts = key.kind === "choice" ? key.words.length : rows.length * 2 + 1;
  proof.steps.left -= cuts * rows.length;
  if (proof.steps.left < 0) return;
  const parts = key.kind === "choice" ? choices(key.words, rows, at) : spans(rows, at);
  for (const part of parts) {
    prove({ ...proof, asked: [...proof.asked, `${key.name} ${part.asked}`] }, rest, part.rows);
  }
}

interface Part {
  readonly asked: string;
  readonly rows: readonly TableRow[];
}

const choices = (words: readonly string[], rows: readonly TableRow[], at: number): Part[] =>
  words.map((word) => ({
    asked: word,
    rows: rows.filter((row) => {
      const key = row.keys[at];
      return key?.kind === "choice" && key.words.includes(word);
    }),
  }));

/** Cuts time wherever a row begins or ends, so that no row changes within one span. */
const spans = (rows: readonly TableRow[], at: number): Part[] => {
  const starts = new Set<number>();
  for (const row of rows) {
    const key = row.keys[at];
    if (key?.kind !== "range") continue;
    if (key.from !== null) starts.add(key.from);
    if (key.to !== null) starts.add(key.to + 1);
  }
  const cuts = [...starts].sort((a, b) => a - b);
  const edges: readonly (number | null)[] = [null, ...cuts];
  return edges.map((from, index) => {
    const next = edges[index + 1];
    const to = next === undefined || next === null ? null : next - 1;
    return { asked: spanWords(from, to), rows: rows.filter((row) => covers(row, at, from, to)) };
  });
};

const covers = (row: TableRow, at: number, from: number | null, to: number | null): boolean => {
  const key = row.keys[at];
  if (key?.kind !== "range") return false;
  const begins = key.from === null || (from !== null && key.from <= from);
  const ends = key.to === null || (to !== null && to <= key.to);
  return begins && ends;
};

const spanWords = (from: number | null, to: number | null): string => {
  if (from === null && to === null) return "any day";
  if (from === null) return `up to ${dayToText(to ?? 0)}`;
  if (to === null) return `from ${dayToText(from)} on`;
  return from === to ? `on ${dayToText(from)}` : `from ${dayToText(from)} to ${dayToText(to)}`;
};

const gap = ({ table, faults, asked }: Proof): void =>
  add(faults, table.at, "definition/table-gap", [
    `table ${table.name} has no row for ${asked.join(", ")}`,
    "add a row for it, or let a neighbouring row reach further",
  ]);

const overlap = ({ table, faults, asked }: Proof, rows: readonly TableRow[]): void =>
  add(faults, rows[1]?.at ?? table.at, "definition/table-overlap", [
    `table ${table.name} has ${rows.length} rows for ${asked.join(", ")}`,
    `end one of them before the other begins: the first stands on line ${rows[0]?.at.line ?? 0}`,
  ]);

const add = (faults: Faults, at: Position, code: FaultCode, [what, mend]: [string, string]): void =>
  faults.add(at, code, what, mend);

/** Tries the value at both ends of the row, for each word that it stands for. */
function proveValue(table: Table, row: TableRow, value: Program, faults: Faults): void {
  const cells: ReadonlyMap<string, Bound> = filledCells(table, row);
  for (const end of [0, 1] as const) {
    const bound: Record<string, Bound> = { row: cells };
    for (const [at, key] of table.keys.entries()) {
      const asked = row.keys[at];
      if (asked?.kind === "choice") bound[key.name] = asked.words[0] ?? "";
      if (asked?.kind === "range") bound[key.name] = BigInt(edge(asked, end));
    }
    const outcome = value.run(bound);
    if (outcome.ok) continue;
    add(faults, row.at, "definition/table-value", [
      `this row gives no value: ${outcome.why}`,
      `fill the columns that the value needs: ${table.value.text}`,
    ]);
    return;
  }
}

/** An open end is tried at the first or last day that a person may give. */
const edge = (key: { from: number | null; to: number | null }, end: 0 | 1): number =>
  end === 0
    ? (key.from ?? Math.min(EARLIEST_DAY, key.to ?? EARLIEST_DAY))
    : (key.to ?? Math.max(LATEST_DAY, key.from ?? LATEST_DAY));
