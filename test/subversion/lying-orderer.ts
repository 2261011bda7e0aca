import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  applyBlock,
  type BlockInput,
  decodeLeaf,
  encode,
  encodeLeaf,
  type HeaderLeaf,
  type LedgerState,
  logNoteKey,
  openLedger,
} from "@tallystick/ledger";
import {
  type Checkpoint,
  checkpointSigningBytes,
  formatCheckpoint,
  formatNote,
  hashLeaf,
  keyHash,
  LogTree,
  toBase64,
} from "@tallystick/log";
import { createHost, ed25519Signer } from "@tallystick/node";
import type { Consortium } from "./network.ts";

/** A block as this orderer tells it. */
interface ToldBlock {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

/** How a block is made to lie. */
export interface BlockLie {
  /** The time at which the rules are run, if not one millisecond after the block before. */
  readonly appliedAtMs?: bigint;
  /** The time that followers are told, if not that one. */
  readonly toldMs?: bigint;
  /** Passed off as the verdicts on the signatures. */
  readonly verdicts?: readonly boolean[];
  /** Writes other leaves into the log than the rules give. */
  readonly leaves?: (leaves: readonly Uint8Array[]) => readonly Uint8Array[];
  /** Says other things in the header than the rules give. */
  readonly header?: (header: HeaderLeaf) => HeaderLeaf;
}

/**
 * An ordering operator that holds the log's key and answers followers as a node does, but with
 * blocks and checkpoints of its own making.
 */
export class LyingOrderer {
  readonly #consortium: Consortium;
  readonly #host = createHost();
  readonly #state: LedgerState;
  readonly #tree: LogTree;
  readonly #server: Server;
  readonly #blocks: ToldBlock[] = [];
  readonly #waiting: Set<() => void> = new Set();
  #note = "";

  private constructor(consortium: Consortium) {
    this.#consortium = consortium;
    const { genesisBytes } = consortium;
    this.#state = openLedger(this.#host, genesisBytes);
    this.#tree = new LogTree(this.#host.sha256);
    this.#tree.append(hashLeaf(this.#host.sha256, genesisBytes));
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(consortium: Consortium): Promise<LyingOrderer> {
    const orderer = new LyingOrderer(consortium);
    const port = new URL(consortium.addresses.get("council-service") ?? "").port;
    orderer.#server.listen(Number(port), "127.0.0.1");
    await once(orderer.#server, "listening");
    return orderer;
  }

  async stop(): Promise<void> {
    this.#wake();
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, "close");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get size(): number {
    return this.#tree.size;
  }

  /** Time of the last block as the rules have it. */
  get lastTimeMs(): bigint {
    return this.#state.lastHeader.timeMs;
  }

  /** Appends a block of these transactions and tells it, with a checkpoint signed over it. */
  append(transactions: readonly Uint8Array[], lie: BlockLie = {}): void {
    const { genesis } = this.#state;
    const input: BlockInput = {
      timeMs: lie.appliedAtMs ?? this.lastTimeMs + 1n,
      proposer: genesis.orderer,
      site: "service-centre",
      transactions,
      ...(lie.verdicts === undefined ? {} : { verdicts: lie.verdicts }),
    };
    const result = applyBlock(this.#host, this.#state, input);
    if (result === null) throw new Error("the lying orderer's block came to nothing");
    const header = encodeLeaf((lie.header ?? ((same) => same))(result.header));
    const told = [...(lie.leaves ?? ((same) => same))(result.leaves.slice(0, -1)), header];
    for (const leaf of told) this.#tree.append(hashLeaf(this.#host.sha256, leaf));
    const timeMs = lie.toldMs ?? input.timeMs;
    const body = encode([timeMs, input.proposer, input.site, transactions]);
    this.#blocks.push({ header, body });
    this.#note = this.#sign({
      origin: this.#state.origin,
      size: this.#tree.size,
      root: this.#tree.root(),
    });
    this.#wake();
  }

  #sign(checkpoint: Checkpoint): string {
    const key = logNoteKey(this.#state.genesis, this.#state.networkId);
    const signer = ed25519Signer(this.#consortium.keys.secret("log"));
    const signature = signer.sign(checkpointSigningBytes(checkpoint));
    const line = { name: key.name, keyHash: keyHash(this.#host.sha256, key), signature };
    return formatNote({ text: formatCheckpoint(checkpoint), signatures: [line] });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "", this.url);
    const [, , list, number, bodies] = pathname.split("/");
    const body = this.#blocks[Number(number) - 1]?.body;
    if (bodies === "bodies" && body !== undefined) {
      response.writeHead(200).end(body);
    } else if (list === "blocks") {
      const from = Number(searchParams.get("from"));
      if (this.#blocks.length < from) await this.#news();
      const blocks = this.#blocks
        .slice(from - 1)
        .map(({ header }, at) => ({ number: from + at, leaf: toBase64(header) }));
      response.writeHead(200).end(JSON.stringify({ blocks }));
    } else if (list === "cosignatures") {
      if (this.size < Number(searchParams.get("size"))) await this.#news();
      response.writeHead(this.#note === "" ? 204 : 200).end(this.#note);
    } else {
      response.writeHead(404).end();
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }
}

/** The leaves of a block with every refusal rewritten as done. */
export const allDone = (leaves: readonly Uint8Array[]): Uint8Array[] =>
  leaves.map((bytes) => {
    const decoded = decodeLeaf(bytes);
    const isRefused = decoded.ok && decoded.leaf.kind === "transaction" && !decoded.leaf.outcome.ok;
    return isRefused ? encodeLeaf({ ...decoded.leaf, outcome: { ok: true } }) : bytes;
  });
