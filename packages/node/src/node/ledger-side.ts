import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Host, policyText } from "@tallystick/ledger";
import type { ApiContext, Handed, NodeFault } from "../api/context.ts";
import { refusalWords } from "../api/problem.ts";
import { CheckpointBook, type Fork } from "../checkpoint/book.ts";
import { Exchange } from "../checkpoint/exchange.ts";
import { Cosigner, LogSigner, type SigningOptions } from "../checkpoint/sign.ts";
import { ed25519Signer } from "../crypto/ed25519.ts";
import { createHost } from "../crypto/host.ts";
import type { RequestSigner } from "../crypto/http-signature.ts";
import { type Clock, MAX_CLOCK_JUMP_MS, systemClock } from "../engine/clock.ts";
import { EmbeddedEngine } from "../engine/embedded.ts";
import { Replica } from "../engine/replica.ts";
import { FLUSH_AT_STOP_TRANSACTIONS } from "../engine/resume.ts";
import { Follower } from "../follower/follow.ts";
import { forwardTransaction } from "../follower/forward.ts";
import { clockOf, PeerClient } from "../follower/http.ts";
import { defaultStateDirectory, LastSigned, SigningRefused } from "../store/last-signed.ts";
import { LedgerStore } from "../store/ledger-store.ts";
import { NodeStore } from "../store/node-store.ts";
import { StateStore } from "../store/state-store.ts";
import { Views } from "../views/views.ts";
import { keepFile } from "./keep-file.ts";
import type { NodeOptions } from "./options.ts";

/** Counters are written this often. */
const COUNTERS_EVERY_MS = 5_000;

/** Everything on the ledger's side of one node: from its files to its engine. */
export class LedgerSide {
  readonly operatorId: string;
  readonly role: "orderer" | "follower";
  readonly clock: Clock;
  readonly replica: Replica;
  readonly book: CheckpointBook;
  readonly views: Views;
  readonly #options: NodeOptions;
  readonly #nodeStore: NodeStore;
  readonly #peers: ReadonlyMap<string, PeerClient>;
  readonly #exchange: Exchange;
  readonly #cosigner: Cosigner;
  readonly #logSigner: LogSigner | null;
  readonly #engine: EmbeddedEngine | null;
  readonly #follower: Follower | null;
  readonly #counters: NodeJS.Timeout;
  #fault: NodeFault | null = null;
  #isStopping = false;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.operatorId = options.operatorId;
    this.role = options.role;
    this.clock = options.clock ?? systemClock();
    const { dataDir, genesisBytes } = options;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const host = createHost();
    this.replica = openReplica(host, dataDir, genesisBytes);
    const guard = this.#openGuard();
    keepFile(join(dataDir, "genesis.cbor"), genesisBytes);
    const policy = new TextEncoder().encode(policyText(host.sha256, genesisBytes));
    keepFile(join(dataDir, "policy.txt"), policy);
    this.#nodeStore = new NodeStore(join(dataDir, "node.sqlite"));
    this.views = Views.open(join(dataDir, "views.sqlite"), this.replica);
    this.book = new CheckpointBook(this.replica, (fork) => this.#onFork(fork));
    this.#peers = this.#connectPeers();
    const signing = this.#signingOptions(guard);
    this.#cosigner = new Cosigner(signing, this.#executorKeys());
    this.#logSigner = this.#createLogSigner(signing);
    this.#engine = this.role === "orderer" ? this.#createEngine() : null;
    this.#follower = this.role === "follower" ? this.#createFollower() : null;
    this.#exchange = new Exchange({
      book: this.book,
      clock: this.clock,
      peers: this.#peers,
      onSeen: (peer) => this.#nodeStore.setPeer(peer),
    });
    this.#counters = setInterval(() => this.#writeCounters(), COUNTERS_EVERY_MS);
    this.#counters.unref();
  }

  /** Names under which this node cosigns. */
  get cosigners(): readonly string[] {
    return this.#cosigner.names;
  }

  /** Why the node does not do its work; null when it does. */
  get fault(): NodeFault | null {
    const halt = this.#follower?.halt ?? null;
    const engineFault = this.#engine?.fault ?? null;
    if (halt !== null) return halt;
    if (engineFault !== null) return { code: engineFault, what: refusalWords(engineFault).what };
    return this.#fault;
  }

  start(): void {
    this.#engine?.start();
    this.#logSigner?.request();
    if (this.role === "follower") void this.#keepCosigning();
    this.#follower?.start();
    this.#exchange.start();
    if (this.#engine !== null) void this.#compareClocks(this.#engine);
  }

  async stop(): Promise<void> {
    clearInterval(this.#counters);
    await this.#engine?.stop();
    this.#logSigner?.stop();
    this.#isStopping = true;
    this.replica.committed.close();
    this.book.changed.close();
    await Promise.all([this.#follower?.stop(), this.#exchange.stop()]);
    for (const peer of this.#peers.values()) peer.close();
    this.#writeCounters();
    this.views.close();
    this.#nodeStore.close();
    this.replica.flushState(FLUSH_AT_STOP_TRANSACTIONS);
    this.replica.close();
  }

  /** Hands a transaction in: to the engine here, or to the node that orders. */
  async handIn(bytes: Uint8Array, wait: boolean): Promise<Handed> {
    if (this.#engine !== null) {
      const submission = this.#engine.submit(bytes);
      if (!submission.ok) return { kind: "refused", code: submission.code };
      return { kind: "queued", id: submission.id, fate: submission.fate };
    }
    const orderer = this.#peers.get(this.replica.state.genesis.orderer);
    if (this.fault !== null || orderer === undefined)
      return { kind: "refused", code: "node/halted" };
    const forwarded = await forwardTransaction(this.replica, orderer, bytes, wait);
    if (!forwarded.ok) return { kind: "refused", code: forwarded.code };
    return { kind: "forwarded", answer: forwarded.answer };
  }

  /** What the API needs of this node. */
  apiContext(url: () => string): ApiContext {
    const { operatorId, role, replica, book, views, clock, cosigners } = this;
    const { routes } = this.#options;
    return {
      operatorId,
      role,
      replica,
      book,
      views,
      clock,
      cosigners,
      url,
      handIn: (bytes, wait) => this.handIn(bytes, wait),
      fault: () => this.fault,
      isStopping: () => this.#isStopping,
      ...(routes === undefined ? {} : { routes: (app) => routes(app, this) }),
    };
  }

  #executorKeys() {
    return [...this.#options.keys.executors].map(([member, seed]) => ({
      member,
      signer: ed25519Signer(seed),
    }));
  }

  /** Throws SigningRefused when this ledger is not what the orderer last signed, or less. */
  #openGuard(): LastSigned {
    const directory = this.#options.stateDirectory ?? defaultStateDirectory();
    const { replica } = this;
    try {
      const guard = new LastSigned(directory, replica.networkId, this.operatorId);
      // An orderer that went on from less than it signed would write a second history.
      if (this.role === "orderer" && guard.head !== null) {
        const head = { size: replica.size, root: replica.tree.root() };
        guard.advance(head, (size) => replica.tree.root(size));
      }
      return guard;
    } catch (cause) {
      replica.store.close();
      throw cause;
    }
  }

  #signingOptions(guard: LastSigned): SigningOptions {
    const { replica, book, clock } = this;
    const onFault = (code: string, cause: unknown): void => this.#report(code, cause);
    return { replica, book, guard, clock, onFault };
  }

  #createLogSigner(signing: SigningOptions): LogSigner | null {
    const { log } = this.#options.keys;
    if (this.role === "follower") return null;
    if (log === null) throw new Error("The orderer needs the log's key.");
    return new LogSigner(signing, ed25519Signer(log));
  }

  #createEngine(): EmbeddedEngine {
    const { replica, clock, operatorId } = this;
    const { operators } = replica.state.genesis;
    const site = operators.find(({ id }) => id === operatorId)?.siteId ?? "";
    const onFault = (code: string, cause: unknown): void => this.#report(code, cause);
    return new EmbeddedEngine({ replica, clock, proposer: operatorId, site, onFault });
  }

  #createFollower(): Follower {
    const { replica, clock } = this;
    if (this.cosigners.length === 0) throw new Error("A follower needs a member's executor key.");
    const orderer = this.#peers.get(replica.state.genesis.orderer);
    if (orderer === undefined) throw new Error("A follower needs the orderer's address.");
    return new Follower({
      replica,
      orderer,
      clock,
      nodeStore: this.#nodeStore,
      onHalt: ({ code, what }) => {
        this.#cosigner.stop();
        this.#report(code, what);
      },
    });
  }

  /** Cosigns whatever newer checkpoint the book takes in, for as long as the node runs. */
  async #keepCosigning(): Promise<void> {
    while (!this.book.changed.isClosed) {
      if (this.fault === null) this.#cosigner.cosign();
      await this.book.changed.next(60_000);
    }
  }

  /** A wrong clock must not fire statutory timers; who does not answer says nothing about it. */
  async #compareClocks(engine: EmbeddedEngine): Promise<void> {
    const asked = [...this.#peers.values()].map((peer) => clockOf(peer));
    for (const theirMs of await Promise.all(asked)) {
      if (theirMs === null) continue;
      const differenceMs = theirMs - this.clock.nowMs();
      if (Math.abs(differenceMs) <= MAX_CLOCK_JUMP_MS) continue;
      engine.standStill("node/clock-disagrees", `It differs by ${differenceMs} ms.`);
    }
  }

  #connectPeers(): ReadonlyMap<string, PeerClient> {
    const [first] = this.#executorKeys();
    const signer: RequestSigner | null =
      first === undefined
        ? null
        : {
            keyId: `${first.member}/executor`,
            algorithm: "ed25519",
            sign: (message) => first.signer.sign(message),
          };
    const others = this.replica.state.genesis.operators.filter(({ id }) => id !== this.operatorId);
    const nowMs = (): number => this.clock.nowMs();
    return new Map(
      others.map(({ id, address }) => {
        const url = this.#options.peers?.get(id) ?? address;
        return [id, new PeerClient(url, nowMs, signer)];
      }),
    );
  }

  #onFork({ code, note, checkpoint }: Fork): void {
    const ownRoot = Buffer.from(this.replica.tree.root(checkpoint.size)).toString("base64");
    const what = `The log's key signed another tree of ${checkpoint.size} entries than this node computed.`;
    const material = { note, size: checkpoint.size, ownRoot };
    if (this.#follower !== null) this.#follower.standStill({ code, what }, material);
    else {
      this.#cosigner.stop();
      this.#nodeStore.addEvidence({
        atMs: this.clock.nowMs(),
        code,
        what,
        material: JSON.stringify(material),
      });
      this.#report(code, what);
    }
  }

  #report(code: string, cause: unknown): void {
    const isRefusal = cause instanceof SigningRefused;
    if (isRefusal || typeof cause === "string") {
      this.#fault = { code, what: typeof cause === "string" ? cause : cause.message };
    }
    this.#options.onFault?.(code, cause);
  }

  #writeCounters(): void {
    const counters = new Map(this.#engine?.refused ?? []);
    // A lower bound that audit compares with: a ledger with fewer blocks has lost some.
    counters.set("blocks", this.replica.blockNumber);
    this.#nodeStore.setCounters(counters);
  }
}

function openReplica(host: Host, dataDir: string, genesisBytes: Uint8Array): Replica {
  const store = LedgerStore.open(join(dataDir, "ledger.sqlite"), genesisBytes);
  let states: StateStore | null = null;
  try {
    states = StateStore.open(join(dataDir, "state.sqlite"));
    return Replica.open(host, genesisBytes, store, states);
  } catch (cause) {
    states?.close();
    store.close();
    throw cause;
  }
}
