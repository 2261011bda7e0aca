import {
  applyBlock,
  assembleTransaction,
  cosignerName,
  encodeGenesis,
  type Genesis,
  type Host,
  keyId,
  type LedgerState,
  logNoteKey,
  type Message,
  openLedger,
  type StateReader,
  signingBytes,
} from "@tallystick/ledger";
import {
  COSIGNER_KEY_TYPE,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  encodeCosignature,
  formatCheckpoint,
  formatNote,
  hashLeaf,
  keyHash,
  LogTree,
  type NoteKey,
  toHex,
} from "@tallystick/log";
import { ed25519Signer } from "../../crypto/ed25519.ts";
import { createHost } from "../../crypto/host.ts";
import { decodeOwn } from "../act.ts";
import type {
  CosignedCheckpoint,
  LedgerAccess,
  RecordedBlock,
  RecordedTransaction,
  Submitted,
} from "../ledger-access.ts";
import { START_MS, secret } from "./town-members.ts";

/** One ledger for all nodes: each transaction is a block, and everyone cosigns at once. */
export class TownLedger implements LedgerAccess {
  readonly host: Host = createHost();
  readonly genesis: Genesis;
  readonly networkId: Uint8Array;
  readonly accepted: Message[] = [];
  clockMs: bigint = START_MS;
  /** Codes with which the next submissions are not admitted. */
  readonly refuseNext: string[] = [];
  readonly #state: LedgerState;
  readonly #tree: LogTree;
  readonly #blocks: RecordedBlock[] = [];
  readonly #recorded: Map<string, RecordedTransaction> = new Map();
  readonly #listeners: Set<() => void> = new Set();

  constructor(genesis: Genesis) {
    this.genesis = genesis;
    const bytes = encodeGenesis(genesis);
    this.#state = openLedger(this.host, bytes);
    this.networkId = this.#state.networkId;
    this.#tree = new LogTree(this.host.sha256);
    this.#tree.append(hashLeaf(this.host.sha256, bytes));
  }

  state(): StateReader {
    return this.#state.map;
  }

  now(): bigint {
    const { timeMs } = this.#state.lastHeader;
    return this.clockMs > timeMs ? this.clockMs : timeMs;
  }

  async submit(bytes: Uint8Array): Promise<Submitted> {
    const code = this.refuseNext.shift();
    return code === undefined ? this.record(bytes) : ({ ok: false, code } as const);
  }

  /** A member's own act outside its node. */
  act(member: string, messages: readonly Message[]): void {
    const signer = ed25519Signer(secret(`${member}/act`));
    const key = { kind: "ed25519", publicKey: signer.publicKey } as const;
    const unsigned = {
      networkId: this.networkId,
      algorithm: -19,
      keyId: keyId(this.host.sha256, key),
      payload: {
        nonce: crypto.getRandomValues(new Uint8Array(16)),
        validUntilMs: this.now() + 300_000n,
        actedAtMs: null,
        place: { kind: "site", siteId: "main" },
        capacity: { kind: "self" },
        sponsor: null,
        messages,
      },
    } as const;
    const signature = signer.sign(signingBytes(unsigned));
    const answer = this.record(assembleTransaction({ ...unsigned, signature }));
    if (!answer.ok) throw new Error(`${member}: ${answer.code}`);
  }

  record(bytes: Uint8Array): Submitted {
    const timeMs = this.now() + 1n;
    const input = { timeMs, proposer: "councils", site: "main", transactions: [bytes] };
    const result = applyBlock(this.host, this.#state, input);
    const [dropped] = result?.dropped ?? [];
    const [record] = result?.records ?? [];
    for (const leaf of result?.leaves ?? []) {
      this.#tree.append(hashLeaf(this.host.sha256, leaf));
    }
    if (result === null || record === undefined) {
      return { ok: false, code: dropped?.code ?? "transaction/repeated" } as const;
    }
    const { id, leafIndex, outcome } = record;
    const refusal = outcome.ok ? null : outcome.code;
    const recorded = { id, bytes, leafIndex, blockTimeMs: timeMs, refusal };
    this.#recorded.set(toHex(id), recorded);
    this.#blocks.push({ number: Number(result.number), transactions: [recorded] });
    if (outcome.ok) this.accepted.push(...messagesOf(this, bytes));
    for (const listener of this.#listeners) listener();
    return refusal === null
      ? ({ ok: true, id, leafIndex, blockTimeMs: timeMs } as const)
      : ({ ok: false, code: refusal } as const);
  }

  recorded(id: Uint8Array): RecordedTransaction | null {
    return this.#recorded.get(toHex(id)) ?? null;
  }

  blocks(from: number): RecordedBlock[] {
    return this.#blocks.filter(({ number }) => number >= from);
  }

  onBlock(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  cosigned(member: string): CosignedCheckpoint {
    const { sha256 } = this.host;
    const { size } = this.#tree;
    const log = logNoteKey(this.genesis, this.networkId);
    const checkpoint = { origin: log.name, size, root: this.#tree.root() };
    const cosigner = ed25519Signer(secret(`${member}/executor`));
    const key = { name: cosignerName(member), type: COSIGNER_KEY_TYPE } as const;
    const nowSeconds = Number(this.now() / 1000n);
    const cosigned = cosigner.sign(cosignatureSigningBytes(checkpoint, nowSeconds));
    const line = (noteKey: NoteKey, signature: Uint8Array) => ({
      name: noteKey.name,
      keyHash: keyHash(sha256, noteKey),
      signature,
    });
    const signatures = [
      line(log, ed25519Signer(secret("log")).sign(checkpointSigningBytes(checkpoint))),
      line({ ...key, publicKey: cosigner.publicKey }, encodeCosignature(nowSeconds, cosigned)),
    ];
    return { note: formatNote({ text: formatCheckpoint(checkpoint), signatures }), size };
  }
}

const messagesOf = (ledger: TownLedger, bytes: Uint8Array): readonly Message[] =>
  decodeOwn(ledger, bytes).payload.messages;
