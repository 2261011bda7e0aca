import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  buildPayload,
  ClientError,
  connect,
  createSigner,
  type Signer,
  signTransaction,
} from "@tallystick/client";
import { decodeGenesis, networkId } from "@tallystick/ledger";
import { type Hash, toHex } from "@tallystick/log";
import { demonstrationKey, ed25519Signer, nodeSha256 } from "@tallystick/node";
import { siteOf } from "../../../apps/cli/src/demonstration/consortium.ts";
import { ORDERER } from "../../support/demonstration.ts";

/** One member on each operator's node, so that every node is written through. */
const MEMBER_OF: Readonly<Record<string, string>> = {
  "council-service": "avonbridge",
  "travel-authority": "severn-travel",
  auditor: "public-auditor",
};
const LANES_PER_MEMBER = 2;
const RETRY_MS = 25;
const PATIENCE_MS = 60_000;
const PLACE = { kind: "uprn", uprn: 100_120_796n } as const;

/** The network under a data directory, and its members' published demonstration keys. */
export interface Keys {
  readonly networkId: Hash;
  readonly signer: (member: string) => Signer;
}

export function readKeys(data: string): Keys {
  const bytes = new Uint8Array(readFileSync(join(data, ORDERER, "genesis.cbor")));
  const genesis = decodeGenesis(bytes);
  if (genesis === null) throw new Error("the genesis is not readable");
  return {
    networkId: networkId(nodeSha256, bytes),
    signer: (member) => {
      const { publicKey, sign } = ed25519Signer(demonstrationKey(genesis.random, `${member}/act`));
      return createSigner({ sha: nodeSha256, key: { kind: "ed25519", publicKey }, sign });
    },
  };
}

/** A site that a member registers: signed bytes with a name that no other has. */
export const signSite = (keys: Keys, member: string, siteId: string) =>
  signTransaction({
    sha: nodeSha256,
    networkId: keys.networkId,
    signer: keys.signer(member),
    payload: buildPayload(
      {
        messages: [{ type: "members/add-site", member, siteId, name: "Depot", place: PLACE }],
        place: { kind: "site", siteId: siteOf(member) },
      },
      {
        nowMs: BigInt(Date.now()),
        randomBytes: (count) => new Uint8Array(randomBytes(count)),
      },
    ),
  });

/**
 * Members who register sites without a pause, each through its own operator's node. A writer that
 * gets no answer hands in the very same bytes until it has one, as a careful client does.
 */
export class Writers {
  /** Leaf index of every transaction that a node said is recorded, by id. */
  readonly acknowledged: Map<string, number> = new Map();
  /** Everything that a writer was told instead, and tried again. */
  readonly refusals: Set<string> = new Set();
  /** What no writer should ever be told. */
  readonly wrong: string[] = [];
  readonly #urls: ReadonlyMap<string, string>;
  readonly #keys: Keys;
  readonly #countOf: Map<string, number> = new Map();
  readonly #waiting: Set<() => void> = new Set();
  #number = 0;
  #resting = true;
  #stopped = false;
  #lanes: Promise<void>[] = [];

  constructor(urls: ReadonlyMap<string, string>, keys: Keys) {
    this.#urls = urls;
    this.#keys = keys;
  }

  /** How many were acknowledged by this operator's node. */
  countOf(operator: string): number {
    return this.#countOf.get(operator) ?? 0;
  }

  /** Resolves with the very answer that makes it `count` more through this operator's node. */
  more(operator: string, count: number): Promise<void> {
    const goal = this.countOf(operator) + count;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = (): void => {
        if (this.countOf(operator) < goal) return;
        end();
        resolve();
      };
      const giveUp = (): void => {
        end();
        const told = [...this.refusals].join(", ");
        reject(new Error(`nothing more is recorded through ${operator}; told: ${told}`));
      };
      const timer = setTimeout(giveUp, PATIENCE_MS);
      this.#waiting.add(look);
    });
  }

  /** Resolves when writing has gone on through every node. */
  async flow(): Promise<void> {
    await Promise.all([...this.#urls.keys()].map((operator) => this.more(operator, 1)));
  }

  go(): void {
    this.#resting = false;
    this.#lanes = [...this.#urls.keys()].flatMap((operator) =>
      Array.from({ length: LANES_PER_MEMBER }, () => this.#write(operator)),
    );
  }

  /** Lets each writer finish what it has in hand. */
  async rest(): Promise<void> {
    this.#resting = true;
    await Promise.all(this.#lanes);
  }

  /** Gives up what is in hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.rest();
  }

  async #write(operator: string): Promise<void> {
    const member = MEMBER_OF[operator] ?? "";
    while (!this.#resting) {
      this.#number += 1;
      const { id, bytes } = await signSite(this.#keys, member, `site-${this.#number}`);
      const leafIndex = await this.#handIn(operator, id, bytes);
      if (leafIndex === null) return;
      this.acknowledged.set(toHex(id), leafIndex);
      this.#countOf.set(operator, this.countOf(operator) + 1);
      for (const look of this.#waiting) look();
    }
  }

  async #handIn(operator: string, id: Hash, bytes: Uint8Array): Promise<number | null> {
    const url = this.#urls.get(operator) ?? "";
    const connection = connect({ url, fetch, wait: (ms) => pause(ms) });
    while (!this.#stopped) {
      try {
        const recorded = await connection.submitAndWait(bytes);
        if (!recorded.outcome.ok) this.wrong.push(recorded.outcome.code);
        return recorded.leafIndex;
      } catch (cause) {
        const code = cause instanceof ClientError ? cause.code : "no answer";
        this.refusals.add(code);
        if (code === "transaction/repeated") {
          // The answer to an earlier attempt was lost; the record was not.
          const recorded = await connection.outcome(id).catch(() => null);
          if (recorded !== null) return recorded.leafIndex;
        } else if (!/^(node\/|client\/unreachable|no answer)/.test(code)) this.wrong.push(code);
        await pause(RETRY_MS);
      }
    }
    return null;
  }
}
