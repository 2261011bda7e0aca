import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileService } from "@tallystick/definitions";
import { definitionHash, type Message } from "@tallystick/ledger";
import { Hono } from "hono";
import { createHost } from "../../crypto/host.ts";
import type { Body, DecideFunction, Fetch } from "../body.ts";
import { type Bodies, createBodies } from "../create-bodies.ts";
import { TownLedger } from "./town-ledger.ts";
import {
  addressOf,
  foundingActs,
  genesisOf,
  MEMBERS,
  OPERATORS,
  operatorOf,
  secret,
} from "./town-members.ts";

export interface TownOptions {
  /** How the councils' node evaluates definitions. */
  readonly decide?: DecideFunction;
  readonly demonstration?: boolean;
  readonly withGateway?: boolean;
}

/** A whole network in one process: the real ledger, and three nodes that reach each other by fetch. */
export class Town {
  readonly directory: string = mkdtempSync(join(tmpdir(), "town-"));
  readonly ledger: TownLedger;
  readonly nodes: Map<string, Bodies> = new Map();
  readonly definition: Uint8Array;
  /** Every request and answer that went between nodes and wallets, as text. */
  readonly traffic: string[] = [];
  readonly #apps: Map<string, Hono> = new Map();
  readonly #unreachable: Set<string> = new Set();

  private constructor(options: TownOptions) {
    this.ledger = new TownLedger(genesisOf(options.demonstration ?? true));
    const { bytes, hash } = busPass();
    this.definition = hash;
    for (const [member, messages] of foundingActs(bytes, hash, options.withGateway ?? true)) {
      this.ledger.act(member, messages);
    }
    for (const operator of OPERATORS) this.open(operator, options);
  }

  static found(options: TownOptions = {}): Town {
    return new Town(options);
  }

  /** Opens an operator's node, also again after `close`. */
  open(operator: string, options: TownOptions = {}): Bodies {
    const members = MEMBERS.filter((member) => member.operator === operator);
    const bodies = createBodies({
      ledger: this.ledger,
      directory: join(this.directory, operator),
      members: members.map(({ id }) => ({
        id,
        act: secret(`${id}/act`),
        sealing: secret(`${id}/sealing`),
        issuer: secret(`${id}/issuer`),
      })),
      addressOf: (member) => addressOf(operatorOf(member)),
      fetch: this.fetch,
      ...(options.decide === undefined || operator !== "councils"
        ? {}
        : { decide: options.decide }),
    });
    const app = new Hono();
    bodies.mount(app);
    this.#apps.set(addressOf(operator), app);
    this.nodes.set(operator, bodies);
    return bodies;
  }

  readonly fetch: Fetch = async (url, init) => {
    const { origin } = new URL(url);
    const app = this.#apps.get(origin);
    if (app === undefined || this.#unreachable.has(origin)) throw new TypeError("fetch failed");
    const answer = await app.request(url, init);
    this.traffic.push(`${url} ${String(init?.body ?? "")}`, await answer.clone().text());
    return answer;
  };

  cut(operator: string, isCut = true): void {
    if (isCut) this.#unreachable.add(addressOf(operator));
    else this.#unreachable.delete(addressOf(operator));
  }

  urlOf(member: string): string {
    return addressOf(operatorOf(member));
  }

  body(member: string): Body {
    const bodies = this.nodes.get(operatorOf(member));
    const served = bodies?.served.find(({ body }) => body.member.id === member);
    if (served === undefined) throw new RangeError(`${member} is not in town`);
    return served.body;
  }

  /** Lets every node work until none has anything left to do at this moment. */
  async settle(rounds = 12): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      this.ledger.clockMs += 2_000n;
      for (const bodies of this.nodes.values()) await bodies.workThrough();
    }
  }

  /** The accepted messages of one type. */
  messages(type: Message["type"]): readonly Message[] {
    return this.ledger.accepted.filter((message) => message.type === type);
  }

  /** Whether any file of any node holds these bytes. */
  isOnDisk(bytes: Uint8Array | string): boolean {
    return filesUnder(this.directory).some((path) =>
      readFileSync(path).includes(Buffer.from(bytes as Uint8Array)),
    );
  }

  async close(): Promise<void> {
    for (const bodies of this.nodes.values()) await bodies.stop();
    rmSync(this.directory, { recursive: true });
  }
}

const SERVICE = join(import.meta.dirname, "../../../../../services/bus-pass");

/** The project's own bus pass, compiled. */
function busPass(): { readonly bytes: Uint8Array; readonly hash: Uint8Array } {
  const files = filesUnder(SERVICE).map((path) => ({
    path: path.slice(SERVICE.length + 1),
    text: readFileSync(path, "utf8"),
  }));
  const compiled = compileService(files);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults[0]));
  const { bytes } = compiled.compiled;
  return { bytes, hash: definitionHash(createHost().sha256, bytes) };
}

const filesUnder = (directory: string): string[] =>
  readdirSync(directory, { recursive: true })
    .map((name) => join(directory, String(name)))
    .filter((path) => statSync(path).isFile());
