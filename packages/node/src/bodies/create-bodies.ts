import { randomBytes } from "node:crypto";
import { decide } from "@tallystick/definitions";
import type { Hono } from "hono";
import { Outbox } from "../delivery/outbox.ts";
import { sendDue } from "../delivery/send.ts";
import { Signal } from "../engine/signal.ts";
import type { MemberKey } from "../vault/member-key.ts";
import { Nonces } from "./ask.ts";
import type { Body, DecideFunction, Fetch } from "./body.ts";
import { Definitions } from "./definitions.ts";
import { resumeErasures } from "./erase-case.ts";
import type { LedgerAccess } from "./ledger-access.ts";
import { createLedgerView } from "./ledger-view.ts";
import { StatusLookUp } from "./look-up-status.ts";
import { type MemberSecrets, openMember } from "./member.ts";
import { mountBodies } from "./routes.ts";
import { StatusLists } from "./status-lists.ts";
import { TaskList } from "./tasks.ts";
import { happeningsIn, watchBlock } from "./watch.ts";
import { type Worker, workOff } from "./work.ts";

export interface BodiesOptions {
  readonly ledger: LedgerAccess;
  /** The operator's data directory. */
  readonly directory: string;
  /** The members that this node hosts. */
  readonly members: readonly MemberSecrets[];
  /** Where the node of a member's operator answers now, without a slash at the end. */
  readonly addressOf: (member: string) => string;
  readonly fetch?: Fetch;
  /** Keys kept elsewhere than in files, by member. */
  readonly memberKeyOf?: (member: string) => MemberKey | undefined;
  /** Evaluates definitions; a test of dishonest members hands in another. */
  readonly decide?: DecideFunction;
}

/** What a person who runs the node must see. Codes and ids only. */
export interface BodyHealth {
  readonly member: string;
  /** Tasks and deliveries that wait. */
  readonly waiting: number;
  /** Deliveries not acknowledged in time, on either side. */
  readonly overdue: number;
  readonly faults: readonly { readonly kind: string; readonly code: string }[];
}

/** How often retention and overdue deliveries are looked after. */
export const SWEEP_INTERVAL_MS = 60_000;
const IDLE_MS = 1_000;

/** One member with everything that serves it. */
export interface Served extends Worker {
  readonly nonces: Nonces;
  readonly applications: Set<string>;
}

/** The members of one node at work. */
export class Bodies {
  readonly served: readonly Served[];
  readonly statuses: StatusLookUp = new StatusLookUp();
  /** Fires whenever something was done. */
  readonly changed: Signal = new Signal();
  readonly #ledger: LedgerAccess;
  readonly #work: Signal = new Signal();
  #unsubscribe: (() => void) | null = null;
  #nextBlock = 1;
  #lastSweepMs = 0;
  #isStopping = false;
  #running: Promise<void> | null = null;
  readonly #rounds: Map<string, Promise<void>> = new Map();

  constructor(ledger: LedgerAccess, served: readonly Served[]) {
    this.#ledger = ledger;
    this.served = served;
    this.#nextBlock = 1 + Math.min(...served.map(({ body }) => body.tasks.cursor));
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Mounts the routes of these members. */
  mount(app: Hono): void {
    mountBodies(app, this);
  }

  /** Reads the blocks since the last stop and begins to work. */
  start(): void {
    if (this.#running !== null || this.served.length === 0) return;
    this.#unsubscribe = this.#ledger.onBlock(() => this.wake());
    this.#running = this.#run();
  }

  /** There is something to do. */
  wake(): void {
    this.#work.notify();
  }

  /** Lets what is under way come to its end, and closes the vaults. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#unsubscribe?.();
    this.#work.close();
    this.changed.close();
    await this.#running;
    for (const { body } of this.served) body.member.vault.close();
  }

  /** What a member's staff, and the operator, must see. */
  health(): BodyHealth[] {
    const nowMs = Number(this.#ledger.now());
    return this.served.map(({ body }) => ({
      member: body.member.id,
      waiting: body.tasks.size + body.outbox.size,
      overdue: body.outbox.overdue(nowMs).length,
      faults: [...body.tasks.faults(), ...body.outbox.faults()],
    }));
  }

  /** Does everything that can be done now: what the last blocks brought, tasks, deliveries. */
  async workThrough(): Promise<void> {
    this.#readBlocks();
    const done = await Promise.all(this.served.map((served) => this.#workRound(served)));
    if (done.some((count) => count > 0)) this.changed.notify();
    this.#sweep();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#readBlocks();
      for (const served of this.served) {
        const { id } = served.body.member;
        this.#aside(`${id}/tasks`, () => workOff(served));
        this.#aside(`${id}/deliveries`, () => sendDue(served.body));
      }
      this.#sweep();
      await this.#work.next(this.#pauseMs());
    }
    await Promise.all(this.#rounds.values());
  }

  /**
   * Work of one kind for one member never waits for any other, nor the reading of blocks for it.
   */
  #aside(name: string, work: () => Promise<number>): void {
    if (this.#rounds.has(name)) return;
    const round = work().then((count) => {
      this.#rounds.delete(name);
      if (count === 0) return;
      this.changed.notify();
      this.wake();
    });
    this.#rounds.set(name, round);
  }

  async #workRound(served: Served): Promise<number> {
    const counts = await Promise.all([workOff(served), sendDue(served.body)]);
    return counts[0] + counts[1];
  }

  #readBlocks(): void {
    for (const block of this.#ledger.blocks(this.#nextBlock)) {
      const happenings = happeningsIn(this.#ledger, block);
      for (const { body } of this.served) watchBlock(body, block.number, happenings);
      this.#nextBlock = block.number + 1;
    }
  }

  #sweep(): void {
    const nowMs = Number(this.#ledger.now());
    if (nowMs - this.#lastSweepMs < SWEEP_INTERVAL_MS) return;
    this.#lastSweepMs = nowMs;
    for (const { body } of this.served) resumeErasures(body);
    this.sweep(nowMs);
  }

  /** Destroys what is due at that time in every vault. */
  sweep(nowMs: number): number {
    let destroyed = 0;
    for (const { body } of this.served) destroyed += body.member.vault.sweep(nowMs).length;
    return destroyed;
  }

  /** Until something is due. Work that is under way wakes by itself when it is done. */
  #pauseMs(): number {
    const nowMs = Number(this.#ledger.now());
    const next = this.served.flatMap(({ body }) => {
      const { id } = body.member;
      return [
        this.#rounds.has(`${id}/tasks`) ? null : body.tasks.nextMs(),
        this.#rounds.has(`${id}/deliveries`) ? null : body.outbox.nextMs(),
      ];
    });
    const waits = next.map((at) => (at === null ? IDLE_MS : at - nowMs));
    return Math.max(1, Math.min(IDLE_MS, ...waits));
  }
}

/** Opens the vaults of the members that this node hosts. Throws for a member that genesis lacks. */
export function createBodies(options: BodiesOptions): Bodies {
  const { ledger, directory, members, addressOf } = options;
  const view = createLedgerView(ledger);
  const definitions = new Definitions(view);
  const served = members.map((secrets): Served => {
    const { genesis, host } = ledger;
    const memberKey = options.memberKeyOf?.(secrets.id);
    const member = openMember({
      ...{ directory, genesis, secrets },
      sha: host.sha256,
      ...(memberKey === undefined ? {} : { memberKey }),
    });
    const body: Body = {
      ...{ member, ledger, view, definitions, addressOf },
      tasks: new TaskList(member.vault.database),
      outbox: new Outbox(member.vault.database),
      decide: options.decide ?? decide,
      randomBytes: (count) => new Uint8Array(randomBytes(count)),
      fetch: options.fetch ?? fetch,
    };
    const statusLists = new StatusLists(body);
    const sets = { underWay: new Set<string>(), applications: new Set<string>() };
    return { body, statusLists, nonces: new Nonces(), ...sets };
  });
  return new Bodies(ledger, served);
}
