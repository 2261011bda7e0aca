import type { BlockInput, BlockResult, HeaderLeaf, Host, LedgerState } from "@tallystick/ledger";
import { equal, hashLeaf, LogTree } from "@tallystick/log";
import { storedBlock } from "../engine/replica.ts";
import type { StoredBlock } from "../store/ledger-store.ts";
import { nameFaults } from "./name-faults.ts";
import { placeBlocks } from "./place-blocks.ts";
import { Executor } from "./re-execute.ts";
import { bytesHashesOf, headerIn, lastLeaf, type ReadBlock, readBlock } from "./read-block.ts";
import type { ColumnReader } from "./read-columns.ts";
import type { Findings } from "./report.ts";

/** The ledger as it comes out when everything is executed again. */
export interface Replayed {
  readonly state: LedgerState;
  readonly tree: LogTree;
  /** Sizes at which a checkpoint may stand, each with its block's time. */
  readonly boundaries: ReadonlyMap<number, bigint>;
  readonly blocks: number;
  readonly transactions: number;
  /** False when a fault cut the replay short. */
  readonly isWhole: boolean;
}

/** A block that came out right, or the best that is to be had of it. */
interface Accepted {
  readonly block: StoredBlock;
  readonly transactions: number;
}

/** Executes every block from genesis and compares every column of every row with what comes out. */
export class BlockChecker {
  readonly #host: Host;
  readonly #reader: ColumnReader;
  readonly #findings: Findings;
  readonly #tree: LogTree;
  readonly #executor: Executor;
  readonly #places: ReadonlyMap<number, number>;
  readonly #boundaries: Map<number, bigint>;
  /** What came out, for the blocks whose rows are wrong. */
  readonly #mended: Map<number, StoredBlock> = new Map();
  #blocks = 0;
  #transactions = 0;

  constructor(host: Host, reader: ColumnReader, findings: Findings, genesisBytes: Uint8Array) {
    this.#host = host;
    this.#reader = reader;
    this.#findings = findings;
    this.#places = placeBlocks(reader, findings);
    this.#executor = new Executor(host, genesisBytes, (number) => this.#acceptedBlock(number));
    this.#tree = new LogTree(host.sha256);
    this.#tree.append(hashLeaf(host.sha256, genesisBytes));
    this.#boundaries = new Map([[1, this.#executor.state.genesis.timeMs]]);
  }

  check(): Replayed {
    const last = this.#highest();
    let isWhole = true;
    for (let number = 1; number <= last && isWhole; number++) {
      isWhole = this.#places.has(number) ? this.#checkBlock(number) : this.#missing(number, last);
    }
    if (!isWhole) this.#executor.restore(this.#blocks + 1);
    return {
      state: this.#executor.state,
      tree: this.#tree,
      boundaries: this.#boundaries,
      blocks: this.#blocks,
      transactions: this.#transactions,
      isWhole,
    };
  }

  #highest(): number {
    let highest = 0;
    for (const number of this.#places.keys()) highest = Math.max(highest, number);
    return highest;
  }

  /** Names a gap, and the row after it; nothing can be executed any more. */
  #missing(number: number, last: number): boolean {
    let after = number + 1;
    while (after < last && !this.#places.has(after)) after++;
    const said =
      after === number + 1 ? `Block ${number} is` : `Blocks ${number} to ${after - 1} are`;
    this.#findings.add("block", number, "number", `${said} missing.`);
    const left = [...this.#places.keys()].filter((other) => other > number).length;
    const what = `It follows a gap: ${left} rows from here on could not be executed again.`;
    this.#findings.add("block", this.#places.get(after) ?? after, "number", what);
    return false;
  }

  #checkBlock(number: number): boolean {
    const read = this.#read(number);
    if (read === null) return this.#stop(number, "The row cannot be read.");
    const { result, why } = this.#execute(number, read);
    const stored = this.#storedBlock(number, read);
    const computed = result === null ? null : storedBlock(result);
    const bound = this.#boundHash(number);
    const isSame = nameFaults({
      host: this.#host,
      findings: this.#findings,
      read,
      result,
      why,
      bound,
    });
    const accepted = this.#choose({ isSame, stored, computed, bound, number, result });
    if (accepted === null)
      return this.#stop(number, "From here on nothing could be executed again.");
    this.#extend(number, accepted);
    return true;
  }

  #read(number: number): ReadBlock | null {
    const row = this.#reader.block(this.#places.get(number) ?? number);
    return row === null ? null : readBlock(number, row, this.#findings);
  }

  /**
   * Executes the block under the header that it says it has. Where its two copies of the header
   * differ in what execution reads, each is tried.
   */
  #execute(number: number, read: ReadBlock): { result: BlockResult | null; why: string } {
    const headers = [headerIn(read.leaves?.at(-1)), headerIn(read.header)].filter(
      (header) => header !== null,
    );
    const [first, second] = headers;
    if (first === undefined || read.transactions === null) {
      return { result: null, why: "it has no header or no transactions to execute" };
    }
    const { transactions } = read;
    const attempt = this.#executor.execute(number, inputOf(first, transactions));
    if (second === undefined || isOneInput(first, second)) return attempt;
    if (isHeaderOf(attempt.result, read.leaves?.at(-1))) return attempt;
    const again = this.#executor.execute(number, inputOf(second, transactions));
    if (isHeaderOf(again.result, read.header)) return again;
    return this.#executor.execute(number, inputOf(first, transactions));
  }

  /** The header hash that the next block names; null when there is none. */
  #boundHash(number: number): Uint8Array | null {
    const place = this.#places.get(number + 1);
    const next = place === undefined ? null : this.#reader.block(place);
    if (next === null) return null;
    const header = headerIn(next.header) ?? headerIn(lastLeaf(next));
    return header?.previousHeaderHash ?? null;
  }

  /** Which version of a block the rest is judged by: what came out, or what is stored. */
  #choose(found: Choice): Accepted | null {
    const { isSame, stored, computed, number } = found;
    if (computed !== null && (isSame || this.#isComputedRight(found))) {
      this.#executor.accept();
      if (!isSame) this.#mended.set(number, computed);
      return { block: computed, transactions: computed.transactions.length };
    }
    if (stored !== null && this.#executor.follow(number, stored) === null) {
      this.#executor.accept();
      return { block: stored, transactions: stored.transactions.length };
    }
    return null;
  }

  // The next block names the right header. Without a next one, what came out of sound transactions
  // is right.
  #isComputedRight({ computed, bound, result }: Choice): boolean {
    const header = computed?.leaves.at(-1);
    if (header === undefined || result === null) return false;
    if (bound !== null) return equal(hashLeaf(this.#host.sha256, header), bound);
    return result.dropped.length === 0;
  }

  #extend(number: number, { block, transactions }: Accepted): void {
    for (const leaf of block.leaves) this.#tree.append(hashLeaf(this.#host.sha256, leaf));
    this.#boundaries.set(this.#tree.size, headerIn(block.leaves.at(-1))?.timeMs ?? 0n);
    this.#blocks = number;
    this.#transactions += transactions;
  }

  #acceptedBlock(number: number): StoredBlock | null {
    const mended = this.#mended.get(number);
    if (mended !== undefined) return mended;
    const read = this.#read(number);
    return read === null ? null : this.#storedBlock(number, read);
  }

  /** The block as stored, without the transactions that are not those its leaves name. */
  #storedBlock(number: number, { leaves, transactions, effects }: ReadBlock): StoredBlock | null {
    if (leaves === null || effects === null) return null;
    const bodies = bytesHashesOf(leaves).map((hash, at) => {
      const bytes = transactions?.[at] ?? NO_BODY;
      return equal(this.#host.sha256.one(bytes), hash) ? bytes : NO_BODY;
    });
    return { number, leaves, transactions: bodies, effects };
  }

  #stop(number: number, what: string): false {
    this.#findings.add("block", this.#places.get(number) ?? number, "", what);
    return false;
  }
}

interface Choice {
  readonly isSame: boolean;
  readonly stored: StoredBlock | null;
  readonly computed: StoredBlock | null;
  readonly bound: Uint8Array | null;
  readonly number: number;
  readonly result: BlockResult | null;
}

/** Stands for a body that is not there, as `replayEffects` takes it. */
const NO_BODY: Uint8Array = new Uint8Array();

const inputOf = (header: HeaderLeaf, transactions: readonly Uint8Array[]): BlockInput => ({
  timeMs: header.timeMs,
  proposer: header.proposer,
  site: header.site,
  transactions,
});

const isOneInput = (one: HeaderLeaf, other: HeaderLeaf): boolean =>
  one.timeMs === other.timeMs && one.proposer === other.proposer && one.site === other.site;

function isHeaderOf(result: BlockResult | null, leaf: Uint8Array | null | undefined): boolean {
  const computed = result?.leaves.at(-1);
  return computed !== undefined && leaf !== null && leaf !== undefined && equal(computed, leaf);
}
