/** One thing that is wrong, by the place where it stands. */
export interface AuditFault {
  /** A table of ledger.sqlite, or the name of a file. */
  readonly table: string;
  /** The row's key as text; empty for a fault of the whole table or file. */
  readonly row: string;
  readonly column: string;
  /** One English sentence. */
  readonly what: string;
}

/** What an audit of one operator's data directory found. */
export interface AuditReport {
  readonly ok: boolean;
  readonly directory: string;
  /** The directory's own name, which is the operator's id. */
  readonly operator: string;
  /** Network id in hexadecimal; empty when there is no genesis to read. */
  readonly network: string;
  readonly origin: string;
  readonly faults: readonly AuditFault[];
  /** Faults beyond MAX_LISTED_FAULTS, counted only. */
  readonly faultsNotListed: number;
  /** What was executed again from genesis. */
  readonly blocks: number;
  readonly leaves: number;
  readonly transactions: number;
  /** Checkpoints and cosignatures whose signatures hold. */
  readonly checkpoints: number;
  readonly cosignatures: number;
  /** Leaves under the newest checkpoint that holds, and under the newest that meets the policy. */
  readonly signedSize: number;
  readonly finalSize: number;
  /** Independent operators behind the newest checkpoint that meets the policy. */
  readonly operators: number;
  /** Hexadecimal, as computed here. */
  readonly logRoot: string;
  readonly stateRoot: string;
  /** Other files of the directory: no part of the record, and not judged. */
  readonly notAudited: readonly string[];
}

/** Faults beyond this are counted, not listed. */
export const MAX_LISTED_FAULTS = 1_000;

/** Collects faults, each place and sentence once. */
export class Findings {
  readonly faults: AuditFault[] = [];
  readonly #known: Set<string> = new Set();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get notListed(): number {
    return this.#count - this.faults.length;
  }

  add(table: string, row: string | number | bigint, column: string, what: string): void {
    const name = JSON.stringify([table, String(row), column, what]);
    if (this.#known.has(name)) return;
    this.#count++;
    if (this.faults.length >= MAX_LISTED_FAULTS) return;
    this.#known.add(name);
    this.faults.push({ table, row: String(row), column, what });
  }
}

/** What went wrong, in the words of whoever noticed. */
export const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
