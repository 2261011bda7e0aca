import { type Fate, runningLedger, type TestLedger } from "../ledger.ts";

/** One way to be refused: what is done to a ledger on which the service runs. */
export interface RefusalRow {
  readonly code: string;
  readonly when: string;
  readonly run: (ledger: TestLedger) => Fate;
  /** Another ledger to begin with. */
  readonly on?: () => TestLedger;
}

/** The ledger of a row as it is before anything is done. */
export const ledgerOf = (row: RefusalRow): TestLedger => row.on?.() ?? runningLedger();
