import type { Clock } from "../engine/clock.ts";
import { Signal } from "../engine/signal.ts";
import type { PeerClient } from "../follower/http.ts";
import { PeerUnreachable } from "../follower/http.ts";
import type { PeerSeen } from "../store/node-store.ts";
import type { CheckpointBook } from "./book.ts";

/** How long another node may hold a request open until it has something new. */
export const LONG_POLL_SECONDS = 20;
const RETRY_FIRST_MS = 200;
const RETRY_LAST_MS = 5_000;
const OK = 200;

export interface ExchangeOptions {
  readonly book: CheckpointBook;
  readonly clock: Clock;
  readonly peers: ReadonlyMap<string, PeerClient>;
  readonly onSeen: (peer: PeerSeen) => void;
}

/**
 * Fetches every other operator's newest signatures, so that a receipt from any node carries all,
 * and so that two nodes which were shown different logs find out.
 */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #abort: AbortController = new AbortController();
  readonly #pause: Signal = new Signal();
  readonly #running: Promise<void>[] = [];

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  start(): void {
    for (const [operator, peer] of this.#options.peers)
      this.#running.push(this.#pull(operator, peer));
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#pause.close();
    await Promise.all(this.#running);
  }

  async #pull(operator: string, peer: PeerClient): Promise<void> {
    let size = 0;
    let retryMs = RETRY_FIRST_MS;
    while (!this.#abort.signal.aborted) {
      const next = await this.#ask(peer, size + 1);
      if (next === null) {
        await this.#pause.next(retryMs, this.#abort.signal);
        retryMs = Math.min(2 * retryMs, RETRY_LAST_MS);
        continue;
      }
      retryMs = RETRY_FIRST_MS;
      size = Math.max(size, next);
      this.#options.onSeen({ operator, size, seenMs: this.#options.clock.nowMs() });
    }
  }

  /** The size of the checkpoint that came, 0 when none came in time, null when nobody answers. */
  async #ask(peer: PeerClient, fromSize: number): Promise<number | null> {
    try {
      const answer = await peer.send({
        method: "GET",
        target: `/v1/cosignatures?size=${fromSize}&wait=${LONG_POLL_SECONDS}`,
        timeoutMs: (LONG_POLL_SECONDS + 10) * 1000,
        abort: this.#abort.signal,
      });
      if (answer.status === 204) return 0;
      if (answer.status !== OK) return null;
      const note = Buffer.from(answer.body).toString("utf8");
      const size = Number(note.split("\n", 2)[1]);
      this.#options.book.accept(note);
      return Number.isSafeInteger(size) ? size : null;
    } catch (cause) {
      if (cause instanceof PeerUnreachable) return null;
      throw cause;
    }
  }
}
