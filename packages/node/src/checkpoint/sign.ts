import { cosignerName, logNoteKey } from "@tallystick/ledger";
import {
  type Checkpoint,
  COSIGNER_KEY_TYPE,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  encodeCosignature,
  formatCheckpoint,
  formatNote,
  keyHash,
  type NoteKey,
  type NoteSignature,
} from "@tallystick/log";
import type { Signer } from "../crypto/ed25519.ts";
import type { Clock } from "../engine/clock.ts";
import type { Replica } from "../engine/replica.ts";
import { type LastSigned, SigningRefused } from "../store/last-signed.ts";
import type { CheckpointBook, SignedCheckpoint } from "./book.ts";

/** The log's key signs at most ten checkpoints a second. */
export const MIN_CHECKPOINT_INTERVAL_MS = 100;

/** A member's key that cosigns what this node computed. */
export interface ExecutorKey {
  readonly member: string;
  readonly signer: Signer;
}

export interface SigningOptions {
  readonly replica: Replica;
  readonly book: CheckpointBook;
  readonly guard: LastSigned;
  readonly clock: Clock;
  /** Called once for each refusal to sign. */
  readonly onFault: (code: string, cause: unknown) => void;
}

/** Signs the log as the orderer: after a commit, but at most ten times a second. */
export class LogSigner {
  readonly #options: SigningOptions;
  readonly #signer: Signer;
  readonly #key: NoteKey;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: SigningOptions, signer: Signer) {
    this.#options = options;
    this.#signer = signer;
    const { genesis, networkId } = options.replica.state;
    this.#key = logNoteKey(genesis, networkId);
    options.replica.onBlock(() => this.request());
  }

  /**
   * Signs what is committed, as soon as the pace allows; never before those who wait for their
   * outcome have been answered.
   */
  request(): void {
    if (this.#stopped || this.#timer !== null) return;
    const waitMs = this.#lastAtMs + MIN_CHECKPOINT_INTERVAL_MS - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#sign();
      },
      Math.max(0, waitMs),
    );
  }

  /** Signs a last time what is not signed yet. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#stopped) this.#sign();
    this.#stopped = true;
  }

  #sign(): void {
    const { replica, book, guard } = this.#options;
    const { size } = replica;
    if (book.newest?.checkpoint.size === size) return;
    this.#lastAtMs = performance.now();
    const checkpoint: Checkpoint = { origin: replica.origin, size, root: replica.tree.root() };
    try {
      guard.advance(checkpoint, (earlier) => replica.tree.root(earlier));
    } catch (cause) {
      if (!(cause instanceof SigningRefused)) throw cause;
      this.#stopped = true;
      this.#options.onFault(cause.code, cause);
      return;
    }
    const line: NoteSignature = {
      name: this.#key.name,
      keyHash: keyHash(replica.host.sha256, this.#key),
      signature: this.#signer.sign(checkpointSigningBytes(checkpoint)),
    };
    book.accept(formatNote({ text: formatCheckpoint(checkpoint), signatures: [line] }));
  }
}

/** Cosigns with each hosted member's executor key what this node computed too. */
export class Cosigner {
  readonly #options: SigningOptions;
  readonly #keys: readonly {
    readonly key: NoteKey;
    readonly hash: Uint8Array;
    sign: Signer["sign"];
  }[];
  #stopped = false;

  constructor(options: SigningOptions, keys: readonly ExecutorKey[]) {
    this.#options = options;
    this.#keys = keys.map(({ member, signer }) => {
      const { publicKey } = signer;
      const key: NoteKey = { name: cosignerName(member), type: COSIGNER_KEY_TYPE, publicKey };
      const hash = keyHash(options.replica.host.sha256, key);
      return { key, hash, sign: (message) => signer.sign(message) };
    });
  }

  /** Names under which this node cosigns. */
  get names(): readonly string[] {
    return this.#keys.map(({ key }) => key.name);
  }

  /** Cosigns the newest checkpoint unless that is done. */
  cosign(): void {
    const entry = this.#options.book.newest;
    if (this.#stopped || entry === null || this.#keys.length === 0) return;
    if (this.names.every((name) => entry.cosignatures.has(name))) return;
    if (!this.#mayCosign(entry)) return;
    const seconds = Math.floor(this.#options.clock.nowMs() / 1000);
    const message = cosignatureSigningBytes(entry.checkpoint, seconds);
    const lines = this.#keys.map(({ key, hash, sign }) => ({
      name: key.name,
      keyHash: hash,
      signature: encodeCosignature(seconds, sign(message)),
    }));
    this.#options.book.addOwn(entry, lines);
  }

  /** Cosigns no more: this node has seen what it cannot stand behind. */
  stop(): void {
    this.#stopped = true;
  }

  #mayCosign({ checkpoint }: SignedCheckpoint): boolean {
    const { guard, replica, onFault } = this.#options;
    try {
      guard.advance(checkpoint, (earlier) => replica.tree.root(earlier));
      return true;
    } catch (cause) {
      if (!(cause instanceof SigningRefused)) throw cause;
      // A follower that begins again from nothing grows past what it signed before.
      if (cause.code === "node/smaller-tree") return false;
      this.#stopped = true;
      onFault(cause.code, cause);
      return false;
    }
  }
}
