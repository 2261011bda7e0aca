import type { BlockInput, BlockResult, HeaderLeaf, Host, LedgerState } from "@tallystick/ledger";
import { equal, hashLeaf, LogTree } from "@tallystick/log";
import { storedBlock } from "../engine/replica.ts";
import type { StoredBlock } from "../store/ledger-store.ts";
import { isByOrderer, nameFaults } from "./name-faults.ts";
import { placeBlocks } from "./place-blocks.ts";
import { type Attempt, Executor } from "./re-execute.ts";
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
    const bound = this.#boundHash(number);
    const { result, why } = this.#execute(number, read, bound);
    const stored = this.#storedBlock(number, read);
    const computed = result === null ? null : storedBlock(result);
    const isSame = nameFaults({
      host: this.#host,
      genesis: this.#executor.state.genesis,
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
   * differ in what execution reads, each is tried and the better one stands.
   */
  #execute(number: number, read: ReadBlock, bound: Uint8Array | null): Attempt {
    const { transactions, leaves, header } = read;
    const headers = [headerIn(leaves?.at(-1)), headerIn(header)].filter((one) => one !== null);
    const [first, second] = headers;
    if (first === undefined || transactions === null) {
      return { result: null, why: "it has no header or no transactions to execute" };
    }
    const run = (one: HeaderLeaf): Attempt =>
      this.#executor.execute(number, { ...inputOf(one), transactions });
    const attempt = run(first);
    if (second === undefined || isOneInput(first, second)) return attempt;
    const fit = this.#fitOf(attempt, read, bound);
    const again = run(second);
    const fitAgain = this.#fitOf(again, read, bound);
    if (fit === fitAgain) {
      const what = "Its two copies of the header differ, and nothing tells which is right.";
      for (const column of ["header", "leaves"]) {
        this.#findings.add("block", read.row, column, what);
      }
    }
    return fitAgain > fit ? again : run(first);
  }

  /** What speaks for the outcome: the next block's word most, then genesis', then each leaf. */
  #fitOf({ result }: Attempt, read: ReadBlock, bound: Uint8Array | null): number {
    const computed = result?.leaves.at(-1);
    if (result === null || computed === undefined) return -1;
    const { sha256 } = this.#host;
    const isBound = bound !== null && equal(hashLeaf(sha256, computed), bound);
    const isOrderers = isByOrderer(this.#executor.state.genesis, result.header);
    const copies = [read.header, ...(read.leaves ?? [])];
    const same = [computed, ...result.leaves].filter((leaf, at) => {
      const copy = copies[at];
      return copy !== undefined && copy !== null && equal(leaf, copy);
    });
    return (isBound ? 2 * MAX_COPIES : 0) + (isOrderers ? MAX_COPIES : 0) + same.length;
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

/** More than a block can have leaves. */
const MAX_COPIES = 2 ** 20;

const inputOf = ({ timeMs, proposer, site }: HeaderLeaf): Omit<BlockInput, "transactions"> => ({
  timeMs,
  proposer,
  site,
});

const isOneInput = (one: HeaderLeaf, other: HeaderLeaf): boolean =>
  one.timeMs === other.timeMs && one.proposer === other.proposer && one.site === other.site;
