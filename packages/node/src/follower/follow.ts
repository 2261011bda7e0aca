import { type BlockResult, type Cbor, decode } from "@tallystick/ledger";
import { equal, fromBase64, toBase64 } from "@tallystick/log";
import type { Clock } from "../engine/clock.ts";
import type { Replica } from "../engine/replica.ts";
import { Signal } from "../engine/signal.ts";
import type { NodeStore } from "../store/node-store.ts";
import { type PeerClient, PeerUnreachable } from "./http.ts";

/** Headers asked for at a time. */
export const MAX_HEADERS_AT_ONCE = 256;
/** Blocks whose bodies are on their way at one time. */
export const MAX_BODIES_AT_ONCE = 8;
const LONG_POLL_SECONDS = 20;
const RETRY_FIRST_MS = 100;
const RETRY_LAST_MS = 2_000;

/** Why a follower stands still until a person has looked. */
export interface Halt {
  readonly code: string;
  readonly what: string;
}

interface OfferedHeader {
  readonly number: number;
  readonly header: Uint8Array;
}

/** A block as the orderer sends it, before anything in it is believed. */
export interface OfferedBlock extends OfferedHeader {
  readonly timeMs: bigint;
  readonly proposer: string;
  readonly site: string;
  readonly transactions: readonly Uint8Array[];
}

export interface FollowerOptions {
  readonly replica: Replica;
  readonly orderer: PeerClient;
  readonly nodeStore: NodeStore;
  readonly clock: Clock;
  readonly onHalt: (halt: Halt) => void;
}

/**
 * Keeps this operator's half: pulls each block, executes it again, and stores it only if the
 * header that comes out is the orderer's, byte for byte. A block that differs stops it for good.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #abort: AbortController = new AbortController();
  readonly #pause: Signal = new Signal();
  #halt: Halt | null;
  #running: Promise<void> | null = null;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const open = options.nodeStore.evidence().find(({ resolved }) => !resolved);
    this.#halt = open === undefined ? null : { code: open.code, what: open.what };
  }

  /** Why it has stopped; null while it follows. */
  get halt(): Halt | null {
    return this.#halt;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#pause.close();
    await this.#running;
  }

  /** Stops following, and keeps what shows why. */
  standStill(halt: Halt, material: Readonly<Record<string, string | number>>): void {
    if (this.#halt !== null) return;
    this.#halt = halt;
    const { nodeStore, clock, onHalt } = this.#options;
    nodeStore.addEvidence({
      atMs: clock.nowMs(),
      ...halt,
      material: JSON.stringify(material),
    });
    this.#pause.close();
    onHalt(halt);
  }

  async #run(): Promise<void> {
    let retryMs = RETRY_FIRST_MS;
    while (!this.#abort.signal.aborted && this.#halt === null) {
      try {
        await this.#step();
        retryMs = RETRY_FIRST_MS;
      } catch (cause) {
        if (!(cause instanceof PeerUnreachable)) throw cause;
        await this.#pause.next(retryMs, this.#abort.signal);
        retryMs = Math.min(2 * retryMs, RETRY_LAST_MS);
      }
    }
  }

  async #step(): Promise<void> {
    const from = this.#options.replica.blockNumber + 1;
    const headers = await this.#headers(from);
    const coming: Promise<OfferedBlock>[] = [];
    for (const [at] of headers.entries()) {
      // The next bodies are on their way while this block is executed.
      while (coming.length < Math.min(headers.length, at + MAX_BODIES_AT_ONCE)) {
        const body = this.#body(headers[coming.length] as OfferedHeader);
        body.catch(() => {});
        coming.push(body);
      }
      const offered = await (coming[at] as Promise<OfferedBlock>);
      if (this.#abort.signal.aborted || this.#halt !== null) return;
      this.#take(offered);
    }
  }

  async #headers(from: number): Promise<OfferedHeader[]> {
    const target = `/v1/blocks?from=${from}&limit=${MAX_HEADERS_AT_ONCE}&wait=${LONG_POLL_SECONDS}`;
    const answer = await this.#get(target, (LONG_POLL_SECONDS + 10) * 1000);
    const headers = readHeaders(answer, from);
    if (headers === null) throw new PeerUnreachable("the list of blocks is not readable");
    return headers;
  }

  async #body(offered: OfferedHeader): Promise<OfferedBlock> {
    const answer = await this.#get(`/v1/blocks/${offered.number}/bodies`, 30_000);
    const block = readBodies(answer, offered);
    if (block === null) throw new PeerUnreachable("the bodies of a block are not readable");
    return block;
  }

  async #get(target: string, timeoutMs: number): Promise<Uint8Array> {
    const { orderer } = this.#options;
    const abort = this.#abort.signal;
    const answer = await orderer.send({ method: "GET", target, timeoutMs, abort });
    if (answer.status !== 200) throw new PeerUnreachable(`the orderer answers ${answer.status}`);
    return answer.body;
  }

  #take(offered: OfferedBlock): void {
    const { replica } = this.#options;
    const fault = this.#faultBefore(offered);
    const result = fault === null ? this.#execute(offered) : null;
    const ours = result?.leaves.at(-1);
    if (result === null || ours === undefined || !equal(ours, offered.header)) {
      const why = fault ?? "Executed again, the block has another outcome than its header says.";
      this.standStill(
        { code: "node/other-result", what: `Block ${offered.number}: ${why}` },
        {
          block: offered.number,
          theirHeader: toBase64(offered.header),
          ourHeader: ours === undefined ? "" : toBase64(ours),
          timeMs: String(offered.timeMs),
          transactions: offered.transactions.map(toBase64).join(" "),
        },
      );
      return;
    }
    replica.commit(result);
  }

  /** Null when nothing comes of it; a time that no block may have is such a case. */
  #execute(offered: OfferedBlock): BlockResult | null {
    try {
      return this.#options.replica.execute(offered);
    } catch (cause) {
      if (cause instanceof RangeError) return null;
      throw cause;
    }
  }

  /** What can be seen to be wrong without executing: who, where and when. */
  #faultBefore({ proposer, site, timeMs }: OfferedBlock): string | null {
    const { replica } = this.#options;
    const { orderer, operators } = replica.state.genesis;
    const operator = operators.find(({ id }) => id === orderer);
    if (proposer !== orderer) return `It is proposed by ${proposer}, who does not order.`;
    if (site !== operator?.siteId) return "Its proposer's site is not the registered one.";
    if (timeMs <= replica.lastTimeMs) return "Its time does not lie after the block before.";
    return null;
  }
}

function readHeaders(body: Uint8Array, from: number): OfferedHeader[] | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return null;
  }
  const { blocks } = (value ?? {}) as { blocks?: unknown };
  if (!Array.isArray(blocks) || blocks.length > MAX_HEADERS_AT_ONCE) return null;
  const headers: OfferedHeader[] = [];
  for (const block of blocks as readonly { number?: unknown; leaf?: unknown }[]) {
    const header = typeof block?.leaf === "string" ? fromBase64(block.leaf) : null;
    if (block?.number !== from + headers.length || header === null) return null;
    headers.push({ number: from + headers.length, header });
  }
  return headers;
}

/** CBOR of [time, proposer, site, [transaction bytes, …]]. */
function readBodies(body: Uint8Array, { number, header }: OfferedHeader): OfferedBlock | null {
  const decoded = decode(body);
  if (!decoded.ok || !Array.isArray(decoded.value) || decoded.value.length !== 4) return null;
  const [timeMs, proposer, site, list] = decoded.value as readonly Cbor[];
  if (typeof timeMs !== "bigint" || typeof proposer !== "string" || typeof site !== "string") {
    return null;
  }
  if (!Array.isArray(list)) return null;
  const transactions: Uint8Array[] = [];
  for (const item of list as readonly Cbor[]) {
    if (!(item instanceof Uint8Array)) return null;
    transactions.push(item);
  }
  return { number, header, timeMs, proposer, site, transactions };
}
