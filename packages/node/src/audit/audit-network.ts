import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { equal, type LogTree } from "@tallystick/log";
import {
  type AuditOptions,
  examineOperator,
  LEDGER_FILE,
  type OperatorAudit,
} from "./audit-operator.ts";
import type { Replayed } from "./check-blocks.ts";
import { GENESIS_FILE, POLICY_FILE } from "./check-genesis.ts";
import type { AuditFault, AuditReport } from "./report.ts";

const NETWORK_FILE = "network.json";

/** What an audit of all operators under one directory found. */
export interface NetworkReport {
  readonly ok: boolean;
  readonly directory: string;
  readonly operators: readonly AuditReport[];
  /** Every operator's faults, then what does not fit between operators or is not there. */
  readonly faults: readonly NetworkFault[];
}

export interface NetworkFault extends AuditFault {
  /** Empty for what no operator alone is at fault for. */
  readonly operator: string;
}

/** There is nothing in the directory that could be audited. */
export class NothingToAudit extends Error {
  readonly code = "node/nothing-to-audit";
}

/**
 * Audits the operator whose directory this is, or every operator under it, and compares their logs
 * with each other. Throws NothingToAudit where there is neither, CopyRefused as `auditOperator`.
 */
export function auditNetwork(directory: string, options: AuditOptions = {}): NetworkReport {
  const root = resolve(directory);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new NothingToAudit(`There is no directory ${root}.`);
  }
  const isNetwork = existsSync(join(root, NETWORK_FILE));
  const { operators, faults } = isNetwork ? readNetwork(root) : { operators: [], faults: [] };
  const found = isOperators(root) ? [root] : operatorsUnder(root, operators);
  if (found.length === 0 && faults.length === 0) {
    throw new NothingToAudit(`There is no ledger in ${root} or under it.`);
  }
  const audits = found.map((path) => examineOperator(path, options));
  const reports = audits.map(({ report }) => report);
  const own = reports.flatMap((report) =>
    report.faults.map((fault) => ({ operator: report.operator, ...fault })),
  );
  const common = [...faults, ...compareOperators(audits)];
  const all = [...own, ...common.map((fault) => ({ operator: "", ...fault }))];
  return { ok: all.length === 0, directory: root, operators: reports, faults: all };
}

const isOperators = (directory: string): boolean =>
  [LEDGER_FILE, GENESIS_FILE, POLICY_FILE].some((name) => existsSync(join(directory, name)));

/** Directories of the operators that the network lists, and of any others. */
function operatorsUnder(root: string, listed: readonly string[]): string[] {
  const others = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isOperators(join(root, entry.name)))
    .map(({ name }) => name)
    .sort();
  return [...new Set([...listed, ...others])].map((name) => join(root, name));
}

/** The operators that network.json lists; one whose directory is not there is a fault. */
function readNetwork(root: string): { operators: string[]; faults: AuditFault[] } {
  const fault = (row: string, what: string): AuditFault => ({
    table: NETWORK_FILE,
    row,
    column: "operators",
    what,
  });
  const listed = listedOperators(join(root, NETWORK_FILE));
  if (listed === null) return { operators: [], faults: [fault("", "It lists no operators.")] };
  const isThere = (name: string): boolean => existsSync(join(root, name));
  const missing = listed.filter((name) => !isThere(name));
  return {
    operators: listed.filter(isThere),
    faults: missing.map((name) => fault(name, "The operator's directory is missing.")),
  };
}

function listedOperators(path: string): string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
  const { operators } = (value ?? {}) as { operators?: unknown };
  if (!Array.isArray(operators)) return null;
  // A name, never a path that leads elsewhere.
  const isName = (name: unknown): name is string =>
    typeof name === "string" && name !== ".." && name !== "." && name === basename(name);
  return operators.every(isName) ? operators : null;
}

/** Whether all operators hold the same log as far as each goes. */
function compareOperators(audits: readonly OperatorAudit[]): AuditFault[] {
  const [first, ...others] = audits.flatMap(({ report, replayed }) =>
    replayed === null ? [] : [{ report, replayed }],
  );
  if (first === undefined) return [];
  return others.flatMap((other) => compareTwo(first, other) ?? []);
}

interface Held {
  readonly report: AuditReport;
  readonly replayed: Replayed;
}

function compareTwo(one: Held, other: Held): AuditFault | null {
  const names = `${one.report.operator} and ${other.report.operator}`;
  if (one.report.network !== other.report.network) {
    const what = `${names} hold ledgers of two networks.`;
    return { table: "genesis", row: "0", column: "bytes", what };
  }
  const size = Math.min(one.replayed.tree.size, other.replayed.tree.size);
  const [left, right] = [one.replayed.tree, other.replayed.tree];
  if (equal(left.root(size), right.root(size))) return null;
  const leaf = firstDifference(left, right, size);
  const row = String(blockOf(one.replayed, leaf));
  const what = `${names} hold two logs: they part at leaf ${leaf}.`;
  return { table: "block", row, column: "leaves", what };
}

/** The first leaf in which two logs of at least `size` leaves differ. */
function firstDifference(one: LogTree, other: LogTree, size: number): number {
  let same = 0;
  let differs = size;
  while (differs - same > 1) {
    const middle = Math.floor((same + differs) / 2);
    if (equal(one.root(middle), other.root(middle))) same = middle;
    else differs = middle;
  }
  return same;
}

/** The block that holds this leaf. */
function blockOf({ boundaries }: Replayed, leaf: number): number {
  let block = 0;
  for (const size of boundaries.keys()) {
    if (size > leaf) break;
    block++;
  }
  return block;
}
