import { decodeLeaf, type Genesis, type Host, type StateReader } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import type {
  LedgerAccess,
  RecordedBlock,
  RecordedTransaction,
  Submitted,
} from "../bodies/ledger-access.ts";
import type { StoredBlock } from "../store/ledger-store.ts";
import type { LedgerSide } from "./ledger-side.ts";

/** The ledger as the bodies hosted by this node use it. */
export class NodeLedger implements LedgerAccess {
  readonly #side: LedgerSide;

  constructor(side: LedgerSide) {
    this.#side = side;
  }

  get host(): Host {
    return this.#side.replica.host;
  }

  get networkId(): Hash {
    return this.#side.replica.networkId;
  }

  get genesis(): Genesis {
    return this.#side.replica.state.genesis;
  }

  /** The state after the newest durable block. */
  state(): StateReader {
    return this.#side.replica.state.map;
  }

  /** Block time as it would be now, in milliseconds. */
  now(): bigint {
    const { clock, replica } = this.#side;
    const nowMs = BigInt(clock.nowMs());
    return nowMs > replica.lastTimeMs ? nowMs : replica.lastTimeMs + 1n;
  }

  /** Resolves when the outcome is durable here; on a follower, when it has executed the block. */
  async submit(transaction: Uint8Array): Promise<Submitted> {
    const handed = await this.#side.handIn(transaction, true);
    switch (handed.kind) {
      case "refused":
        return { ok: false, code: handed.code };
      case "queued": {
        const fate = await handed.fate;
        if (!fate.recorded) return { ok: false, code: fate.code };
        if (fate.refusal !== null) return { ok: false, code: fate.refusal.code };
        const { leafIndex, blockTimeMs } = fate;
        return { ok: true, id: handed.id, leafIndex, blockTimeMs: BigInt(blockTimeMs) };
      }
      case "forwarded":
        return readForwarded(handed.answer.body);
    }
  }

  recorded(id: Hash): RecordedTransaction | null {
    const { views, replica } = this.#side;
    const place = views.find(id);
    const block = place === null ? null : replica.store.block(place.block);
    if (place === null || block === null) return null;
    const all = this.#transactionsOf(block);
    return all.find(({ leafIndex }) => leafIndex === place.leafIndex) ?? null;
  }

  /** The durable blocks from this number on, in order; 1 is the first. */
  *blocks(from: number): Generator<RecordedBlock> {
    const { replica } = this.#side;
    for (let number = from; number <= replica.blockNumber; number++) {
      const block = replica.store.block(number);
      if (block !== null) yield { number, transactions: this.#transactionsOf(block) };
    }
  }

  /** Called after each durable block; returns what stops it. */
  onBlock(listener: () => void): () => void {
    return this.#side.replica.onBlock(() => listener());
  }

  /** The newest checkpoint that this member cosigned as executor; null for none. */
  cosigned(member: string): { readonly note: string; readonly size: number } | null {
    const { book } = this.#side;
    const entry = book.entries.find(({ cosignatures }) => cosignatures.has(`${member}/executor`));
    return entry === undefined ? null : { note: book.noteOf(entry), size: entry.checkpoint.size };
  }

  #transactionsOf(block: StoredBlock): RecordedTransaction[] {
    const timers = block.leaves.length - 1 - block.transactions.length;
    const first = this.#side.replica.firstIndex(block.number) + timers;
    return block.transactions.flatMap((bytes, at) => {
      const decoded = decodeLeaf(block.leaves[timers + at] ?? new Uint8Array());
      if (!decoded.ok || decoded.leaf.kind !== "transaction") return [];
      const { id, blockTimeMs, outcome } = decoded.leaf;
      const refusal = outcome.ok ? null : outcome.code;
      return [{ id, bytes, leafIndex: first + at, blockTimeMs, refusal }];
    });
  }
}

function readForwarded(body: Uint8Array): Submitted {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return { ok: false, code: "node/orderer-unreachable" };
  }
  const answer = (value ?? {}) as {
    readonly id?: string;
    readonly code?: string;
    readonly leafIndex?: number;
    readonly timeMs?: number;
    readonly outcome?: { readonly ok: boolean; readonly code?: string };
  };
  const { id, leafIndex, timeMs, outcome } = answer;
  if (outcome?.ok === false) return { ok: false, code: outcome.code ?? "node/broken" };
  if (outcome === undefined || id === undefined || leafIndex === undefined) {
    return { ok: false, code: answer.code ?? "node/orderer-unreachable" };
  }
  const hash = new Uint8Array(Buffer.from(id, "hex"));
  return { ok: true, id: hash, leafIndex, blockTimeMs: BigInt(timeMs ?? 0) };
}
