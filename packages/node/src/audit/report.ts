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
  readonly origin: string;
  readonly faults: readonly AuditFault[];
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
}

/** Faults beyond this are counted, not listed. */
export const MAX_LISTED_FAULTS = 1_000;

/** Collects faults. */
export class Findings {
  readonly faults: AuditFault[] = [];

  add(table: string, row: string | number, column: string, what: string): void {
    if (this.faults.length < MAX_LISTED_FAULTS) {
      this.faults.push({ table, row: String(row), column, what });
    }
  }
}
