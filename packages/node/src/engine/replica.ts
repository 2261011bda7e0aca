import {
  applyBlock,
  type BlockInput,
  type BlockResult,
  decodeLeaf,
  type HeaderLeaf,
  type Host,
  type LedgerState,
  openLedger,
  originOf,
  replayEffects,
  type StateSnapshot,
} from "@tallystick/ledger";
import { type Hash, hashLeaf, LogTree } from "@tallystick/log";
import type { LedgerStore, StoredBlock } from "../store/ledger-store.ts";
import type { StateStore } from "../store/state-store.ts";
import { FLUSH_EVERY_TRANSACTIONS, recallBlock, resumeFrom } from "./resume.ts";
import { Signal } from "./signal.ts";

/** Block boundaries whose state can still be proved. */
export const MAX_SNAPSHOTS = 64;

/** One block as it stands in the ledger, after its commit. */
export interface CommittedBlock {
  readonly stored: StoredBlock;
  readonly header: HeaderLeaf;
  readonly result: BlockResult;
}

/** The stored ledger does not follow from its genesis: the node must not go on. */
export class LedgerBroken extends Error {
  readonly code = "node/ledger-broken";
  constructor(what: string) {
    super(`${what} Run \`tallystick audit\` on the data directory.`);
    this.name = "LedgerBroken";
  }
}

/**
 * One node's copy of the ledger: state, log tree and store, moved on together, block by block.
 * Both engines drive it. What it shows (size, proofs) is what is durably stored.
 */
export class Replica {
  readonly host: Host;
  readonly genesisBytes: Uint8Array;
  readonly state: LedgerState;
  readonly tree: LogTree;
  readonly store: LedgerStore;
  readonly origin: string;
  /** Fires after each commit. */
  readonly committed: Signal = new Signal();
  readonly #firstIndexes: number[] = [0];
  readonly #snapshots: Map<number, StateSnapshot> = new Map();
  readonly #listeners: Set<(block: CommittedBlock) => void> = new Set();
  readonly #states: StateStore | null;
  #lastTimeMs = 0n;
  #transactionsSinceFlush = 0;

  private constructor(
    host: Host,
    genesisBytes: Uint8Array,
    store: LedgerStore,
    states: StateStore | null,
  ) {
    this.host = host;
    this.genesisBytes = genesisBytes;
    this.store = store;
    this.#states = states;
    const resumed = states === null ? null : resumeFrom({ host, genesisBytes, store, states });
    this.state = resumed ?? openLedger(host, genesisBytes);
    this.origin = originOf(this.state.genesis, this.state.networkId);
    this.tree = new LogTree(host.sha256);
    this.tree.append(hashLeaf(host.sha256, genesisBytes));
    this.#lastTimeMs = this.state.genesis.timeMs;
    if (resumed === null) this.#keepSnapshot();
  }

  /**
   * Opens the ledger and brings its state up to the last stored block: from the kept copy of the
   * state where there is one that fits, and from the stored effects after it.
   */
  static open(
    host: Host,
    genesisBytes: Uint8Array,
    store: LedgerStore,
    states: StateStore | null = null,
  ): Replica {
    const replica = new Replica(host, genesisBytes, store, states);
    const resumedAt = replica.state.lastHeader.number;
    const last = store.lastNumber();
    for (const block of store.blocks(1)) {
      if (BigInt(block.number) < resumedAt) {
        replica.#recall(block);
        continue;
      }
      if (BigInt(block.number) === resumedAt) replica.#recall(block);
      else replica.#replay(block);
      if (block.number > last - MAX_SNAPSHOTS) replica.#keepSnapshot();
    }
    return replica;
  }

  /** Number of the last durable block; 0 when there is only genesis. */
  get blockNumber(): number {
    return this.#firstIndexes.length - 1;
  }

  /** Leaves in the durable log. */
  get size(): number {
    return this.tree.size;
  }

  /** Time of the last durable block, or of genesis. */
  get lastTimeMs(): bigint {
    return this.#lastTimeMs;
  }

  get networkId(): Hash {
    return this.state.networkId;
  }

  /** Called after each commit, in the order of asking; returns what stops it. */
  onBlock(listener: (block: CommittedBlock) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Executes a block on the state. Null when there is nothing to append. */
  execute(input: BlockInput): BlockResult | null {
    return applyBlock(this.host, this.state, input);
  }

  /** Writes an executed block; only on return is it part of the ledger. */
  commit(result: BlockResult): CommittedBlock {
    const stored = storedBlock(result);
    this.store.append(stored);
    const block = { stored, header: result.header, result };
    this.#extend(stored, result.header);
    this.#keepSnapshot();
    for (const listener of this.#listeners) listener(block);
    this.committed.notify();
    this.flushState(FLUSH_EVERY_TRANSACTIONS);
    return block;
  }

  /**
   * Keeps a copy of the state when a start would otherwise replay at least so many transactions.
   */
  flushState(atLeast: number): void {
    const { map, lastHeader } = this.state;
    // A block that is executed and not committed is no part of the ledger yet.
    const isCommitted = lastHeader.number === BigInt(this.blockNumber);
    if (this.#states === null || this.#transactionsSinceFlush < atLeast || !isCommitted) return;
    this.#states.save(this.blockNumber, map.entries());
    this.#transactionsSinceFlush = 0;
  }

  close(): void {
    this.#states?.close();
    this.store.close();
  }

  /** The log position of a block's first leaf. */
  firstIndex(blockNumber: number): number {
    return this.#firstIndexes[blockNumber] ?? this.tree.size;
  }

  /** The block that holds this leaf; 0 for genesis. */
  blockOfLeaf(index: number): number {
    let low = 0;
    let high = this.blockNumber;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.firstIndex(middle) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** State as it was when the log had `size` leaves, if that is a recent block's end. */
  snapshotAt(size: number): StateSnapshot | null {
    return this.#snapshots.get(size) ?? null;
  }

  /** Leaf bytes from `start` to `end`, genesis included. */
  leaves(start: number, end: number): Uint8Array[] {
    const leaves: Uint8Array[] = [];
    let index = start;
    while (index < end) {
      const number = this.blockOfLeaf(index);
      const block = number === 0 ? [this.genesisBytes] : (this.store.block(number)?.leaves ?? []);
      const from = index - this.firstIndex(number);
      const taken = block.slice(from, from + end - index);
      if (taken.length === 0) throw new LedgerBroken(`Leaf ${index} is not stored.`);
      leaves.push(...taken);
      index += taken.length;
    }
    return leaves;
  }

  /** A block that the kept state covers: its leaves are in the log, its effects in the state. */
  #recall(block: StoredBlock): void {
    this.#requireNext(block);
    const header = headerOf(block);
    recallBlock(this.host, this.state, block, header.timeMs);
    this.#extend(block, header);
    this.#transactionsSinceFlush = 0;
  }

  #requireNext(block: StoredBlock): void {
    if (block.number === this.blockNumber + 1) return;
    throw new LedgerBroken(`Block ${this.blockNumber + 1} is missing.`);
  }

  #replay(block: StoredBlock): void {
    this.#requireNext(block);
    const replayed = replayEffects(this.host, this.state, block);
    if (!replayed.ok) throw new LedgerBroken(`Block ${block.number}: ${replayed.code}.`);
    this.#extend(block, headerOf(block));
  }

  #extend(block: StoredBlock, header: HeaderLeaf): void {
    this.#firstIndexes.push(this.tree.size);
    for (const leaf of block.leaves) this.tree.append(hashLeaf(this.host.sha256, leaf));
    this.#lastTimeMs = header.timeMs;
    this.#transactionsSinceFlush += block.transactions.length;
  }

  #keepSnapshot(): void {
    this.#snapshots.set(this.tree.size, this.state.map.snapshot());
    for (const size of this.#snapshots.keys()) {
      if (this.#snapshots.size <= MAX_SNAPSHOTS) break;
      this.#snapshots.delete(size);
    }
  }
}

/** An executed block as the store takes it. */
export const storedBlock = (result: BlockResult): StoredBlock => ({
  number: Number(result.number),
  leaves: result.leaves,
  transactions: result.records.map(({ bytes }) => bytes),
  effects: result.effects,
});

/** A stored block's header leaf. */
export function headerOf(block: StoredBlock): HeaderLeaf {
  const decoded = decodeLeaf(block.leaves.at(-1) ?? new Uint8Array());
  if (decoded.ok && decoded.leaf.kind === "header") return decoded.leaf;
  throw new LedgerBroken(`Block ${block.number} does not end in a header.`);
}
