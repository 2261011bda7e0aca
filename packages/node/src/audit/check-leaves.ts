import {
  decodeLeaf,
  type Genesis,
  type HeaderLeaf,
  type Leaf,
  PROTOCOL_VERSION,
} from "@tallystick/ledger";
import { equal, type Hash, hashLeaf, type Sha256, toHex } from "@tallystick/log";
import { isByOrderer } from "./name-faults.ts";
import type { Findings } from "./report.ts";

/** What the leaves of a log say of themselves. */
export interface LeavesFound {
  readonly blocks: number;
  readonly transactions: number;
  /** The last header as it stands; null when there is no block. */
  readonly lastHeader: HeaderLeaf | null;
  readonly headers: readonly Uint8Array[];
}

/**
 * Checks what leaves alone can show: that blocks are numbered and linked without a gap, that time
 * goes on, that each leaf stands where it says and that no transaction is recorded twice.
 */
export class LeafChecker {
  readonly #sha: Sha256;
  readonly #genesis: Genesis;
  readonly #findings: Findings;
  readonly #ids: Set<string> = new Set();
  readonly #headers: Uint8Array[] = [];
  #lastHash: Hash;
  #last: HeaderLeaf | null = null;
  #lastTimeMs: bigint;
  #firstIndex = 1;
  #open: Leaf[] = [];

  constructor(sha: Sha256, genesis: Genesis, genesisBytes: Uint8Array, findings: Findings) {
    this.#sha = sha;
    this.#genesis = genesis;
    this.#findings = findings;
    this.#lastHash = hashLeaf(sha, genesisBytes);
    this.#lastTimeMs = genesis.timeMs;
  }

  /** Takes leaves in order, from leaf 1 on. */
  take(index: number, bytes: Uint8Array): void {
    const decoded = decodeLeaf(bytes);
    if (!decoded.ok) this.#fault(index, "kind", `It cannot be read: ${decoded.code}.`);
    else if (decoded.leaf.kind === "header") this.#closeBlock(index, decoded.leaf, bytes);
    else this.#open.push(decoded.leaf);
  }

  end(): LeavesFound {
    const size = this.#firstIndex + this.#open.length;
    if (this.#open.length > 0) {
      this.#fault(size - 1, "kind", "The log ends inside a block.");
    }
    return {
      blocks: this.#headers.length,
      transactions: this.#ids.size,
      lastHeader: this.#last,
      headers: this.#headers,
    };
  }

  #closeBlock(index: number, header: HeaderLeaf, bytes: Uint8Array): void {
    const number = BigInt(this.#headers.length + 1);
    const expect = (column: string, holds: boolean, what: string): void => {
      if (!holds) this.#fault(index, column, what);
    };
    expect("number", header.number === number, `The block's number is not ${number}.`);
    const isLinked = equal(header.previousHeaderHash, this.#lastHash);
    expect("previousHeaderHash", isLinked, "It does not follow the header before.");
    expect("timeMs", header.timeMs > this.#lastTimeMs, "Its time is not after the block before.");
    expect("firstIndex", header.firstIndex === this.#firstIndex, "The block begins elsewhere.");
    expect("count", header.count === this.#open.length, "The block has another count of leaves.");
    expect("count", header.count > 0, "The block is empty.");
    const isOrderers = isByOrderer(this.#genesis, header);
    expect("proposer", isOrderers, "Its proposer or site is not the orderer's.");
    const isKnown = header.protocolVersion === Number(PROTOCOL_VERSION);
    expect("protocolVersion", isKnown, "It is of a protocol that this release does not know.");
    for (const [at, leaf] of this.#open.entries()) this.#checkLeaf(at, leaf, header);
    this.#headers.push(bytes);
    this.#last = header;
    this.#lastHash = hashLeaf(this.#sha, bytes);
    this.#lastTimeMs = header.timeMs;
    this.#firstIndex = index + 1;
    this.#open = [];
  }

  #checkLeaf(at: number, leaf: Leaf, header: HeaderLeaf): void {
    const index = this.#firstIndex + at;
    if (leaf.kind !== "transaction" && leaf.kind !== "timer") {
      this.#fault(index, "kind", `A ${leaf.kind} leaf does not belong in a block.`);
      return;
    }
    if (leaf.block !== header.number) this.#fault(index, "block", "It names another block.");
    if (leaf.index !== at) this.#fault(index, "index", "It names another place in the block.");
    if (leaf.kind === "timer") return;
    if (leaf.blockTimeMs !== header.timeMs) {
      this.#fault(index, "blockTimeMs", "It names another time than its block's.");
    }
    const id = toHex(leaf.id);
    if (this.#ids.has(id)) this.#fault(index, "id", "The transaction is recorded a second time.");
    this.#ids.add(id);
  }

  #fault(index: number, column: string, what: string): void {
    this.#findings.add("leaf", index, column, what);
  }
}
