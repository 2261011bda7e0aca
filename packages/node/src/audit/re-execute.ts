import {
  applyBlock,
  type BlockInput,
  type BlockResult,
  type Host,
  type LedgerState,
  openLedger,
  replayEffects,
} from "@tallystick/ledger";
import type { StoredBlock } from "../store/ledger-store.ts";
import { reasonOf } from "./report.ts";

/** Wrong blocks after which the auditor stops, because each makes it begin again. */
export const MAX_RESTORED = 100;

/** What executing a block again came to. `result` is null when it leaves nothing, or broke off. */
export interface Attempt {
  readonly result: BlockResult | null;
  /** Why there is no result. */
  readonly why: string;
}

/**
 * The state of the ledger as it is executed again, block by block, every signature verified. Where
 * a block came out wrong it can be taken back: the state is built again from the blocks before.
 */
export class Executor {
  readonly #host: Host;
  readonly #genesisBytes: Uint8Array;
  /** The block of a number that has been accepted. */
  readonly #accepted: (number: number) => StoredBlock | null;
  #state: LedgerState;
  #isClean = true;
  #restored = 0;

  constructor(
    host: Host,
    genesisBytes: Uint8Array,
    accepted: (number: number) => StoredBlock | null,
  ) {
    this.#host = host;
    this.#genesisBytes = genesisBytes;
    this.#accepted = accepted;
    this.#state = openLedger(host, genesisBytes);
  }

  get state(): LedgerState {
    return this.#state;
  }

  /** Executes block `number` on the state after the block before it. */
  execute(number: number, input: BlockInput): Attempt {
    if (!this.restore(number)) return { result: null, why: "the blocks before do not replay" };
    this.#isClean = false;
    try {
      const result = applyBlock(this.#host, this.#state, input);
      return { result, why: result === null ? "it leaves nothing" : "" };
    } catch (cause) {
      return { result: null, why: reasonOf(cause) };
    }
  }

  /** Takes over a block's stored effects instead of executing it. Null, or why that cannot be. */
  follow(number: number, block: StoredBlock): string | null {
    if (!this.restore(number)) return "the blocks before do not replay";
    this.#isClean = false;
    return this.#replay({ ...block, number });
  }

  /** The state stands: what was executed or followed last is accepted. */
  accept(): void {
    this.#isClean = true;
  }

  /** Takes back what was not accepted: the state is as before block `number`. */
  restore(number: number): boolean {
    if (this.#isClean) return true;
    if (++this.#restored > MAX_RESTORED) return false;
    this.#state = openLedger(this.#host, this.#genesisBytes);
    for (let earlier = 1; earlier < number; earlier++) {
      const block = this.#accepted(earlier);
      if (block === null || this.#replay(block) !== null) return false;
    }
    this.#isClean = true;
    return true;
  }

  #replay(block: StoredBlock): string | null {
    try {
      const replayed = replayEffects(this.#host, this.#state, block);
      return replayed.ok ? null : replayed.code;
    } catch (cause) {
      return reasonOf(cause);
    }
  }
}
