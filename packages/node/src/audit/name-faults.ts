import {
  type BlockResult,
  decodeLeaf,
  effectsDigest,
  type Genesis,
  type HeaderLeaf,
  type Host,
  type Leaf,
  type Outcome,
} from "@tallystick/ledger";
import { compare, equal, hashLeaf, toHex } from "@tallystick/log";
import { bytesHashesOf, headerIn, type ReadBlock } from "./read-block.ts";
import type { Findings } from "./report.ts";

interface Comparison {
  readonly host: Host;
  readonly genesis: Genesis;
  readonly findings: Findings;
  readonly read: ReadBlock;
  /** What executing it again gave; null when it gave nothing, for the reason `why`. */
  readonly result: BlockResult | null;
  readonly why: string;
  /** The header hash that the next block names; null when there is none. */
  readonly bound: Uint8Array | null;
}

type Column = "header" | "leaves" | "transactions" | "effects";

/** Whether a header names the operator that orders, and its registered site. */
export const isByOrderer = (genesis: Genesis, { proposer, site }: HeaderLeaf): boolean =>
  proposer === genesis.orderer &&
  site === genesis.operators.find(({ id }) => id === proposer)?.siteId;

/** Compares a block's columns with what came out, and names each that is wrong. True: none is. */
export function nameFaults(comparison: Comparison): boolean {
  const { result, findings, read } = comparison;
  const before = findings.count;
  if (result === null || areTransactionsAtFault(comparison, result)) {
    nameTransactions(comparison);
    nameWithoutExecution(comparison);
  } else {
    nameDifferences(comparison, result);
  }
  const isReadable = [read.header, read.leaves, read.transactions, read.effects].every(Boolean);
  return findings.count === before && isReadable && result !== null;
}

/** Whether what came out wrong did so because the transactions are not the ones recorded. */
function areTransactionsAtFault(comparison: Comparison, result: BlockResult): boolean {
  const { host, read, bound } = comparison;
  if (result.dropped.length > 0) return true;
  const computed = result.leaves.at(-1);
  const stored = read.leaves?.at(-1);
  if (computed === undefined || stored === undefined || equal(computed, stored)) return false;
  if (bound !== null && equal(hashLeaf(host.sha256, computed), bound)) return false;
  const isLinked = bound === null || equal(hashLeaf(host.sha256, stored), bound);
  return isLinked && holdsTogether(comparison) && !fitLeaves(comparison);
}

/** Whether the stored header, leaves and effects confirm one another. */
function holdsTogether({ host, read }: Comparison): boolean {
  const stored = read.leaves?.at(-1);
  const header = headerIn(stored);
  if (stored === undefined || header === null || read.effects === null) return false;
  if (read.header === null || !equal(read.header, stored)) return false;
  const isCounted = header.count === (read.leaves?.length ?? 0) - 1;
  return isCounted && equal(effectsDigest(host.sha256, read.effects), header.effectsDigest);
}

/** Whether each transaction's bytes are those that its leaf names. */
function fitLeaves({ host, read }: Comparison): boolean {
  const named = bytesHashesOf(read.leaves ?? []);
  const { transactions } = read;
  if (transactions === null || transactions.length !== named.length) return false;
  return transactions.every((bytes, at) => equal(host.sha256.one(bytes), named[at] as Uint8Array));
}

function nameTransactions({ findings, read, result, why }: Comparison): void {
  const { row } = read;
  if (result === null && read.transactions !== null) {
    const what = `Its transactions cannot be executed again: ${why}.`;
    findings.add("block", row, "transactions", what);
    return;
  }
  for (const { index, code } of result?.dropped ?? []) {
    const what = `Transaction ${index} does not stand: ${code}.`;
    findings.add("block", row, "transactions", what);
  }
  if (result?.dropped.length === 0) {
    const what = "Its transactions are not those that its leaves name.";
    findings.add("block", row, "transactions", what);
  }
}

/** What can be said of the other columns when the transactions say nothing. */
function nameWithoutExecution({ host, findings, read }: Comparison): void {
  const { row, header, leaves, effects } = read;
  const last = leaves?.at(-1);
  if (header !== null && last !== undefined && !equal(header, last)) {
    findings.add("block", row, "header", "It is not the last leaf.");
    findings.add("block", row, "leaves", "The last is not the header.");
  }
  const said = headerIn(last) ?? headerIn(header);
  if (said === null) findings.add("block", row, "header", "There is no header.");
  else if (effects !== null && !equal(effectsDigest(host.sha256, effects), said.effectsDigest)) {
    findings.add("block", row, "effects", "They are not those that the header names.");
  }
}

function nameDifferences(comparison: Comparison, result: BlockResult): void {
  const { findings, genesis, read } = comparison;
  const { row } = read;
  const fault = (column: Column, what: string): void => findings.add("block", row, column, what);
  const computed = result.leaves.at(-1) as Uint8Array;
  if (!isByOrderer(genesis, result.header)) {
    fault("header", "Its proposer or site is not the orderer's.");
  }
  if (read.header !== null && !equal(read.header, computed)) {
    fault("header", `It is not what the block gives: ${differenceOf(read.header, computed)}.`);
  }
  if (read.leaves !== null) {
    const at = firstDifference(read.leaves, result.leaves);
    if (at !== null) fault("leaves", sayLeaf(at, read.leaves[at], result.leaves[at]));
  }
  if (read.effects !== null) {
    const at = firstDifference(read.effects, result.effects);
    if (at !== null) fault("effects", `Those of leaf ${at} are not what the block gives.`);
  }
  const bodies = result.records.map(({ bytes }) => bytes);
  const isReordered = read.leaves !== null && isPermutation(read.leaves, result.leaves);
  if (isReordered || (read.transactions && firstDifference(read.transactions, bodies) !== null)) {
    fault("transactions", "They stand in another order or number than their leaves.");
  }
}

function isPermutation(stored: readonly Uint8Array[], computed: readonly Uint8Array[]): boolean {
  const one = bytesHashesOf(stored);
  const other = bytesHashesOf(computed);
  if (one.length !== other.length || firstDifference(one, other) === null) return false;
  return firstDifference([...one].sort(compare), [...other].sort(compare)) === null;
}

function firstDifference(one: readonly Uint8Array[], other: readonly Uint8Array[]): number | null {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const [a, b] = [one[at], other[at]];
    if (a === undefined || b === undefined || !equal(a, b)) return at;
  }
  return null;
}

function sayLeaf(
  at: number,
  stored: Uint8Array | undefined,
  computed: Uint8Array | undefined,
): string {
  if (stored === undefined) return `Leaf ${at} of the block is missing.`;
  if (computed === undefined) return `Leaf ${at} of the block does not belong there.`;
  return `Leaf ${at} of the block is not what it gives: ${differenceOf(stored, computed)}.`;
}

/** In which field two leaves differ, as text that holds nothing about a person. */
function differenceOf(stored: Uint8Array, computed: Uint8Array): string {
  const [one, other] = [decodeLeaf(stored), decodeLeaf(computed)];
  if (!one.ok) return one.code;
  if (!other.ok || one.leaf.kind !== other.leaf.kind) return `it is a ${one.leaf.kind} leaf`;
  const [said, right] = [fieldsOf(one.leaf), fieldsOf(other.leaf)];
  const fields = [...right.keys()].filter((name) => said.get(name) !== right.get(name));
  return fields.map((name) => `${name} is ${said.get(name)}, not ${right.get(name)}`).join("; ");
}

const fieldsOf = (leaf: Leaf): Map<string, string> =>
  new Map(Object.entries(leaf).map(([name, value]) => [name, sayValue(value)]));

function sayValue(value: unknown): string {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "object" && value !== null) return sayOutcome(value as Outcome);
  return String(value);
}

const sayOutcome = (outcome: Outcome): string =>
  outcome.ok ? "ok" : `${outcome.code} in message ${outcome.messageIndex}`;
