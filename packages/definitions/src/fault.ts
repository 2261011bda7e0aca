import type { Position } from "./position.ts";

/**
 * Every refusal of the compiler, in the order of the steps that make it. The names are stable;
 * spec/service-definition.md says what each is for.
 */
export const FAULT_CODES = [
  // Reading YAML and CSV
  "definition/file-missing",
  "definition/too-large",
  "definition/syntax",
  "definition/anchor",
  "definition/tag",
  "definition/duplicate-key",
  "definition/float",
  "definition/csv",
  // The shape of the files
  "definition/unknown-key",
  "definition/missing-key",
  "definition/wrong-shape",
  "definition/bad-name",
  "definition/duplicate-name",
  "definition/bad-date",
  "definition/bad-duration",
  // Expressions
  "definition/expression-syntax",
  "definition/expression-too-long",
  "definition/not-in-profile",
  "definition/plain-hash",
  "definition/nested-loop",
  "definition/undeclared-name",
  "definition/type-mismatch",
  // Tables
  "definition/table-cell",
  "definition/table-gap",
  "definition/table-overlap",
  "definition/table-value",
  // What the ledger would show
  "definition/personal-on-ledger",
  "definition/special-on-ledger",
  // The process
  "definition/unreachable-state",
  "definition/trap-state",
  "definition/no-timer",
  "definition/no-challenge",
  "definition/no-human-review",
  "definition/no-opening",
  // Law
  "definition/no-power",
  "definition/no-recipient",
  "definition/no-keep",
  "definition/no-condition",
  "definition/no-gateway",
  // Words and tests
  "definition/missing-words",
  "definition/unused-words",
  "definition/words-differ",
  "definition/welsh-equal",
  "definition/welsh-unchecked",
  "definition/missing-test",
  "definition/bad-test",
  // The compiled bytes
  "definition/not-canonical",
] as const;

export type FaultCode = (typeof FAULT_CODES)[number];

/** One thing wrong with a service: where, what, and how to mend it. */
export interface Fault extends Position {
  readonly code: FaultCode;
  readonly what: string;
  readonly mend: string;
}

/** Collects faults, so that an author sees everything wrong and not only the first thing. */
export class Faults {
  readonly #found: Fault[] = [];

  add(at: Position, code: FaultCode, what: string, mend: string): void {
    this.#found.push({ file: at.file, line: at.line, column: at.column, code, what, mend });
  }

  get none(): boolean {
    return this.#found.length === 0;
  }

  /** The faults in the order of file, line and column. */
  list(): readonly Fault[] {
    return [...this.#found].sort(
      (a, b) => order(a.file, b.file) || a.line - b.line || a.column - b.column,
    );
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
