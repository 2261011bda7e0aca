import type { Transaction } from "@tallystick/ledger";
import { type Hash, toHex } from "@tallystick/log";

/** Transactions that may wait for a block; more are answered 503. */
export const MAX_PENDING_TRANSACTIONS = 20_000;
/** Their bytes together. */
export const MAX_PENDING_BYTES: number = 64 * 1024 * 1024;
/** Waiting transactions of one key; more are answered 429. */
export const MAX_PENDING_PER_KEY = 1_000;
/** One block takes no more than this; the rest waits for the next. */
export const MAX_BLOCK_TRANSACTIONS = 5_000;
export const MAX_BLOCK_BYTES: number = 16 * 1024 * 1024;

export type QueueRefusal = "node/busy" | "node/too-many-from-key" | "transaction/repeated";

/** How a waiting transaction ended: recorded at a place, or dropped without a trace. */
export type Fate =
  | {
      readonly recorded: true;
      readonly block: number;
      readonly leafIndex: number;
      readonly blockTimeMs: number;
      /** Null when the rules let it through, else `module/reason` and the message at fault. */
      readonly refusal: { readonly messageIndex: number; readonly code: string } | null;
    }
  | { readonly recorded: false; readonly code: string };

/** A transaction that waits for its block. */
export interface Pending {
  readonly id: Hash;
  readonly bytes: Uint8Array;
  readonly keyName: string;
  readonly settle: (fate: Fate) => void;
}

/** First come, first served, within named bounds. */
export class PendingQueue {
  readonly #waiting: Map<string, Pending> = new Map();
  /** Taken for a block that is not committed yet: still counted, still not to be repeated. */
  readonly #taken: Map<string, Pending> = new Map();
  readonly #perKey: Map<string, number> = new Map();
  #bytes = 0;

  get size(): number {
    return this.#waiting.size;
  }

  /** Whether there is room; asked before the signature is checked, which is what costs. */
  room(bytes: number): "node/busy" | null {
    const count = this.#waiting.size + this.#taken.size;
    const full = count >= MAX_PENDING_TRANSACTIONS || this.#bytes + bytes > MAX_PENDING_BYTES;
    return full ? "node/busy" : null;
  }

  add(transaction: Transaction, settle: (fate: Fate) => void): QueueRefusal | null {
    const name = toHex(transaction.id);
    const keyName = toHex(transaction.keyId);
    if (this.#waiting.has(name) || this.#taken.has(name)) return "transaction/repeated";
    const busy = this.room(transaction.bytes.length);
    if (busy !== null) return busy;
    const ofKey = this.#perKey.get(keyName) ?? 0;
    if (ofKey >= MAX_PENDING_PER_KEY) return "node/too-many-from-key";
    this.#perKey.set(keyName, ofKey + 1);
    this.#bytes += transaction.bytes.length;
    const { id, bytes } = transaction;
    this.#waiting.set(name, { id, bytes, keyName, settle });
    return null;
  }

  /** What goes into the next block, in order of arrival. */
  take(): Pending[] {
    const taken: Pending[] = [];
    let bytes = 0;
    for (const [name, pending] of this.#waiting) {
      bytes += pending.bytes.length;
      if (taken.length >= MAX_BLOCK_TRANSACTIONS || bytes > MAX_BLOCK_BYTES) break;
      this.#waiting.delete(name);
      this.#taken.set(name, pending);
      taken.push(pending);
    }
    return taken;
  }

  /** Answers one that was taken. */
  settle(id: Hash, fate: Fate): void {
    const name = toHex(id);
    const pending = this.#taken.get(name);
    if (pending === undefined) return;
    this.#taken.delete(name);
    this.#forget(pending);
    pending.settle(fate);
  }

  /** Answers everything alike: the node stops. */
  settleAll(code: string): void {
    const all = [...this.#taken.values(), ...this.#waiting.values()];
    this.#taken.clear();
    this.#waiting.clear();
    for (const pending of all) {
      this.#forget(pending);
      pending.settle({ recorded: false, code });
    }
  }

  #forget({ keyName, bytes }: Pending): void {
    this.#bytes -= bytes.length;
    const left = (this.#perKey.get(keyName) ?? 1) - 1;
    if (left > 0) this.#perKey.set(keyName, left);
    else this.#perKey.delete(keyName);
  }
}
