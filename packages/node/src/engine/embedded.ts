import { setImmediate as turn } from "node:timers/promises";
import { admit, type BlockResult, nextTimerMs } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import { type Clock, ClockWatch } from "./clock.ts";
import { type Fate, type Pending, PendingQueue } from "./queue.ts";
import type { Replica } from "./replica.ts";
import { Signal } from "./signal.ts";

/** How often due timers are looked for when no transaction arrives. */
export const TIMER_TICK_MS = 1_000;
/** Pause before a block that the disk refused is written again. */
export const COMMIT_RETRY_MS = 2_000;

/** What a submission comes to at once; `fate` follows after the durable commit. */
export type Submission =
  | { readonly ok: true; readonly id: Hash; readonly fate: Promise<Fate> }
  | { readonly ok: false; readonly code: string };

export interface EmbeddedOptions {
  readonly replica: Replica;
  readonly clock: Clock;
  /** Operator that orders, and its registered site. */
  readonly proposer: string;
  readonly site: string;
  /** Otherwise TIMER_TICK_MS and COMMIT_RETRY_MS. */
  readonly timerTickMs?: number;
  readonly commitRetryMs?: number;
  /** Something that a person must look at; the engine goes on refusing meanwhile. */
  readonly onFault: (code: string, cause: unknown) => void;
}

/**
 * The ordering process. There is no batch timer: a block is what arrived while the last commit was
 * under way. Nothing is acknowledged before its block is on disk.
 */
export class EmbeddedEngine {
  readonly #options: EmbeddedOptions;
  readonly #queue: PendingQueue = new PendingQueue();
  readonly #work: Signal = new Signal();
  readonly #watch: ClockWatch;
  readonly #refused: Map<string, number> = new Map();
  #stopping = false;
  #fault: string | null = null;
  #running: Promise<void> | null = null;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#watch = new ClockWatch(options.clock);
  }

  /** Why nothing is taken at present; null when all is well. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Whether nothing waits for a block. */
  get isIdle(): boolean {
    return this.#queue.size === 0;
  }

  /** How often each code refused a transaction without a leaf, since the start. */
  get refused(): ReadonlyMap<string, number> {
    return this.#refused;
  }

  /** Takes nothing more until the process is started again: a person must look first. */
  standStill(code: string, cause: unknown): void {
    if (this.#fault === null) this.#fail(code, cause);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the block under way, then answers what still waits with `node/stopping`. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#work.close();
    await this.#running;
    this.#queue.settleAll("node/stopping");
  }

  /** Checks a transaction's form, signature and standing, and queues it. */
  submit(bytes: Uint8Array): Submission {
    const code = this.#closedBecause() ?? this.#queue.room(bytes.length);
    if (code !== null) return { ok: false, code };
    const { replica } = this.#options;
    const admitted = admit(replica.host, replica.state, BigInt(this.#nowMs()), bytes);
    if (!admitted.ok) return this.#refuse(admitted.code);
    const { transaction } = admitted;
    const { promise, resolve } = Promise.withResolvers<Fate>();
    const refusal = this.#queue.add(transaction, resolve);
    if (refusal !== null) return this.#refuse(refusal);
    this.#work.notify();
    return { ok: true, id: transaction.id, fate: promise };
  }

  #closedBecause(): string | null {
    if (this.#stopping) return "node/stopping";
    this.#watchClock();
    return this.#fault;
  }

  #refuse(code: string): Submission {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
    return { ok: false, code };
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopping) {
        if (!this.#hasWork()) await this.#work.next(this.#options.timerTickMs ?? TIMER_TICK_MS);
        if (!this.#stopping && this.#isOpen()) await this.#oneBlock();
        // Requests that came in during the commit are read before the next block is cut.
        await turn();
      }
    } catch (cause) {
      this.#fail("node/ledger-broken", cause);
      this.#queue.settleAll("node/ledger-broken");
    }
  }

  async #oneBlock(): Promise<void> {
    const batch = this.#queue.take();
    if (batch.length === 0 && !this.#timersAreDue()) return;
    const { replica, proposer, site } = this.#options;
    const result = replica.execute({
      timeMs: BigInt(this.#nowMs()),
      proposer,
      site,
      transactions: batch.map(({ bytes }) => bytes),
      // Admission has checked each signature, and a verdict depends on bytes and key alone.
      verdicts: batch.map(() => true),
    });
    if (result !== null) {
      await this.#commit(result);
      this.#settleRecorded(result);
    }
    this.#settleDropped(batch, result);
  }

  /** Writes until it is written: the state has moved on, so this block must be the next. */
  async #commit(result: BlockResult): Promise<void> {
    for (;;) {
      try {
        this.#options.replica.commit(result);
        if (this.#fault === "node/storage-failed") this.#fault = null;
        return;
      } catch (cause) {
        if (this.#fault === null) this.#fail("node/storage-failed", cause);
        if (this.#stopping) throw cause;
        await this.#work.next(this.#options.commitRetryMs ?? COMMIT_RETRY_MS);
      }
    }
  }

  #settleRecorded(result: BlockResult): void {
    const block = Number(result.number);
    const blockTimeMs = Number(result.header.timeMs);
    for (const { id, leafIndex, outcome } of result.records) {
      const refusal = outcome.ok
        ? null
        : { messageIndex: outcome.messageIndex, code: outcome.code };
      this.#queue.settle(id, { recorded: true, block, leafIndex, blockTimeMs, refusal });
    }
  }

  #settleDropped(batch: readonly Pending[], result: BlockResult | null): void {
    for (const { index, code } of result?.dropped ?? []) {
      const pending = batch[index];
      if (pending === undefined) continue;
      this.#refuse(code);
      this.#queue.settle(pending.id, { recorded: false, code });
    }
    // Whatever is left was in a block that came to nothing.
    for (const { id } of batch) {
      this.#queue.settle(id, { recorded: false, code: "transaction/expired" });
    }
  }

  #hasWork(): boolean {
    return this.#isOpen() && (this.#queue.size > 0 || this.#timersAreDue());
  }

  #timersAreDue(): boolean {
    const dueMs = nextTimerMs(this.#options.replica.state.map);
    return dueMs !== null && dueMs <= BigInt(this.#nowMs());
  }

  #nowMs(): number {
    const next = Number(this.#options.replica.lastTimeMs) + 1;
    return Math.max(next, this.#options.clock.nowMs());
  }

  #isOpen(): boolean {
    this.#watchClock();
    return this.#fault === null;
  }

  /** A jump is a fault for as long as it lasts. */
  #watchClock(): void {
    const jumpMs = this.#watch.jumpMs();
    if (jumpMs === null && this.#fault === "node/clock-jumped") this.#fault = null;
    if (jumpMs !== null && this.#fault === null) this.#fail("node/clock-jumped", jumpMs);
  }

  #fail(code: string, cause: unknown): void {
    this.#fault = code;
    this.#options.onFault(code, cause);
  }
}
