import {
  admit,
  applyBlock,
  type BlockInput,
  type BlockResult,
  type Definition,
  encodeDefinition,
  encodeGenesis,
  type Genesis,
  type LedgerState,
  type Message,
  openLedger,
  type Place,
  type TransactionPayload,
} from "@tallystick/ledger";
import {
  COSIGNER_KEY_TYPE,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  encodeCosignature,
  formatCheckpoint,
  formatNote,
  type Hash,
  hashLeaf,
  keyHash,
  LOG_KEY_TYPE,
  LogTree,
  type NoteSignature,
} from "@tallystick/log";
import {
  hashOfDefinition,
  idOf,
  messages,
  START_MS,
  testDefinition,
  testGenesis,
} from "./consortium.ts";
import { ed25519Key, nodeSha256 } from "./hosts.ts";
import {
  ed25519Signer,
  nodeHost,
  p256Signer,
  signTransaction,
  type TestSigner,
} from "./transactions.ts";

export {
  DAY_MS,
  hashOf,
  hashOfDefinition,
  idOf,
  messages,
  START_DAY,
  START_MS,
  testDefinition,
  testGenesis,
} from "./consortium.ts";

/** What a transaction may have besides its messages. */
export type Override = Partial<Omit<TransactionPayload, "messages">> & {
  readonly networkId?: Hash;
  readonly withKey?: boolean;
};

/** `ok`, or the code that refused or dropped a transaction. */
export type Fate = string;

/** A ledger on its own, with a clock that stands unless it is told to move. */
export class TestLedger {
  readonly genesisBytes: Uint8Array;
  readonly state: LedgerState;
  readonly tree: LogTree = new LogTree(nodeSha256);
  readonly inputs: BlockInput[] = [];
  readonly results: BlockResult[] = [];
  nowMs: bigint = START_MS;
  #nonce = 0;

  constructor(genesis: Genesis = testGenesis()) {
    this.genesisBytes = encodeGenesis(genesis);
    this.state = openLedger(nodeHost, this.genesisBytes);
    this.tree.append(hashLeaf(nodeSha256, this.genesisBytes));
  }

  /** The signer of a name: `avon/act` and other registered keys, or `person:NAME` for a wallet. */
  signer(name: string): TestSigner {
    return name.startsWith("person:") ? p256Signer(name) : ed25519Signer(name);
  }

  /** Bytes of a transaction as an honest client would build it, save for what is overridden. */
  sign(by: string, messages: readonly Message[], override: Override = {}): Uint8Array {
    const { networkId = this.state.networkId, withKey = true, ...payload } = override;
    this.#nonce += 1;
    const nonce = idOf(`nonce ${this.#nonce}`);
    const isPerson = by.startsWith("person:");
    const place: Place = isPerson
      ? { kind: "area", code: "E06000023" }
      : { kind: "site", siteId: "main" };
    return signTransaction({
      ...{ networkId, withKey, signer: this.signer(by) },
      payload: {
        ...{ nonce, validUntilMs: this.nowMs + 300_000n, actedAtMs: null, place },
        ...{ capacity: { kind: "self" }, sponsor: isPerson ? "avon" : null, messages },
        ...payload,
      },
    });
  }

  /** A block of these transactions, one millisecond after the last. */
  block(transactions: readonly Uint8Array[], more: Partial<BlockInput> = {}): BlockResult | null {
    this.nowMs += 1n;
    const input = {
      ...{ timeMs: this.nowMs, proposer: "alpha", site: "main", transactions, ...more },
    };
    const result = applyBlock(nodeHost, this.state, input);
    if (result === null) return null;
    this.inputs.push(input);
    this.results.push(result);
    for (const leaf of result.leaves) this.tree.append(hashLeaf(nodeSha256, leaf));
    return result;
  }

  /** One transaction in a block of its own: its fate and its id. */
  submit(by: string, messages: Message | readonly Message[], override: Override = {}): Fate {
    const list = Array.isArray(messages) ? (messages as readonly Message[]) : [messages as Message];
    return this.send(this.sign(by, list, override));
  }

  /** These bytes in a block of their own. */
  send(bytes: Uint8Array): Fate {
    const result = this.block([bytes]);
    const dropped = result?.dropped[0]?.code;
    const outcome = result?.records[0]?.outcome;
    if (outcome !== undefined) return outcome.ok ? "ok" : outcome.code;
    return dropped ?? this.#dropCodeOf(bytes);
  }

  /** Id of the transaction recorded last. */
  get lastId(): Hash {
    const record = this.results.at(-1)?.records.at(-1);
    if (record === undefined) throw new Error("nothing is recorded");
    return record.id;
  }

  /** Lets time pass, and what is due happen. */
  wait(ms: bigint): BlockResult | null {
    this.nowMs += ms;
    return this.block([]);
  }

  /** Does what must succeed for a test to begin. */
  must(by: string, messages: Message | readonly Message[], override: Override = {}): this {
    const fate = this.submit(by, messages, override);
    if (fate !== "ok") throw new Error(`${by}: ${fate}`);
    return this;
  }

  /** A signed checkpoint of the whole log, cosigned by these members' executors. */
  checkpoint(cosigners: readonly string[], change: CheckpointChange = {}): string {
    const { origin } = this.state;
    const checkpoint = {
      ...{ origin, size: this.tree.size, root: this.tree.root() },
      ...change.checkpoint,
    };
    const logKey = ed25519Key("log");
    const line = (name: string, type: 1 | 4, key: typeof logKey, bytes: Uint8Array) => ({
      name,
      keyHash: keyHash(nodeSha256, { name, type, publicKey: key.publicKey }),
      signature: bytes,
    });
    const lines: NoteSignature[] = cosigners.map((member) => {
      const key = ed25519Key(`${member}/executor`);
      const signed = key.sign(cosignatureSigningBytes(checkpoint, change.signedSeconds ?? 1));
      const name = `${member}/executor`;
      return line(name, COSIGNER_KEY_TYPE, key, encodeCosignature(1, signed));
    });
    if (change.withoutLog !== true) {
      const signed = logKey.sign(checkpointSigningBytes(checkpoint));
      lines.unshift(line(checkpoint.origin, LOG_KEY_TYPE, logKey, signed));
    }
    return formatNote({ text: formatCheckpoint(checkpoint), signatures: lines });
  }

  /** A block that came to nothing says no code; admission at the same time does. */
  #dropCodeOf(bytes: Uint8Array): string {
    const admission = admit(nodeHost, this.state, this.nowMs, bytes);
    return admission.ok ? "nothing" : admission.code;
  }
}

export interface CheckpointChange {
  readonly checkpoint?: { readonly origin?: string; readonly size?: number };
  readonly withoutLog?: boolean;
  /** The time that is signed where it is not the time that is told. */
  readonly signedSeconds?: number;
}

/** A ledger on which the service runs: voted, adopted by avon, with staff and a live gateway. */
export const runningLedger = (
  definition: Definition = testDefinition(),
  genesis: Genesis = testGenesis(),
): TestLedger => {
  const ledger = new TestLedger(genesis);
  const hash = hashOfDefinition(definition);
  const staff = (name: string, role: string): Message => ({
    type: "members/add-staff-key",
    ...{ member: "avon", key: ed25519Signer(name).key, role, pseudonym: name },
  });
  ledger
    .must("avon/act", { type: "services/publish", definition: encodeDefinition(definition) })
    .must("severn/act", { type: "services/vote", definition: hash })
    .must("avon/act", [
      messages.adopt(definition),
      staff("olwen", "officer"),
      staff("owen", "officer"),
      staff("rhian", "reviewer"),
      messages.hotlist(),
    ])
    .must("buses/act", { type: "agreements/accept", id: "hotlist" });
  return ledger;
};
