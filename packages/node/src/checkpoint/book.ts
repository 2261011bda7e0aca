import { cosignerName, logNoteKey, policyText, type StateSnapshot } from "@tallystick/ledger";
import {
  type Checkpoint,
  COSIGNER_KEY_TYPE,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  decodeCosignature,
  equal,
  formatNote,
  formatSignatureLine,
  judgeCheckpoint,
  keyHash,
  type NoteKey,
  type NoteSignature,
  type Policy,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  parseSignatureLine,
} from "@tallystick/log";
import { verifyEd25519 } from "../crypto/ed25519.ts";
import type { Replica } from "../engine/replica.ts";
import { Signal } from "../engine/signal.ts";

/** Signed checkpoints that wait in memory for cosignatures; the oldest goes first. */
export const MAX_OPEN_CHECKPOINTS = 64;

/** A checkpoint that the log's key signed and that this node's own tree confirms. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The note's text. */
  readonly text: string;
  readonly logSignature: NoteSignature;
  /** By cosigner's name. */
  readonly cosignatures: Map<string, NoteSignature>;
  /** The state it commits to, when it was still at hand. */
  readonly snapshot: StateSnapshot | null;
}

/** A note that contradicts what this node computed: proof that the log shows two faces. */
export interface Fork {
  readonly code: "node/forked-log" | "node/checkpoint-inside-block";
  readonly note: string;
  readonly checkpoint: Checkpoint;
}

interface KnownKey {
  readonly key: NoteKey;
  readonly hash: Uint8Array;
}

/** Sorted signatures of one note, each verified by a key of genesis. */
interface Verified {
  readonly log: NoteSignature | null;
  readonly cosignatures: readonly NoteSignature[];
}

/** All signed checkpoints of this log that matter now, and who stands behind each. */
export class CheckpointBook {
  /** Fires when a checkpoint or a cosignature is added. */
  readonly changed: Signal = new Signal();
  readonly #replica: Replica;
  readonly #policy: Policy;
  readonly #logKey: KnownKey;
  readonly #cosigners: readonly KnownKey[];
  readonly #onFork: (fork: Fork) => void;
  readonly #entries: Map<number, SignedCheckpoint> = new Map();
  #newest: SignedCheckpoint | null = null;
  #final: SignedCheckpoint | null = null;
  /** Genuine notes on more than this node has yet, by size: of two that differ both are kept. */
  readonly #ahead: Map<number, Set<string>> = new Map();

  constructor(replica: Replica, onFork: (fork: Fork) => void) {
    this.#replica = replica;
    this.#onFork = onFork;
    const { genesis, networkId } = replica.state;
    this.#policy = policyOf(replica);
    this.#logKey = known(replica, logNoteKey(genesis, networkId));
    this.#cosigners = genesis.members.flatMap(({ id, cosignerKey }) => {
      if (cosignerKey === null) return [];
      const key = {
        name: cosignerName(id),
        type: COSIGNER_KEY_TYPE,
        publicKey: cosignerKey,
      } as const;
      return [known(replica, key)];
    });
    this.#load();
    replica.onBlock(() => this.#retryAhead());
  }

  /** The newest checkpoint that the log's key signed. */
  get newest(): SignedCheckpoint | null {
    return this.#newest;
  }

  /** The newest checkpoint that meets the policy. */
  get final(): SignedCheckpoint | null {
    return this.#final;
  }

  /** Newest first: what may still become final, and what is. */
  get entries(): readonly SignedCheckpoint[] {
    return [...this.#entries.values()].sort((a, b) => b.checkpoint.size - a.checkpoint.size);
  }

  /**
   * Takes in a signed note from anywhere. Lines by unknown keys and bad signatures are left out; a
   * checkpoint beyond this node's log is kept until the log reaches it.
   */
  accept(signedNote: string): "kept" | "ahead" | "nothing" | "forked" {
    const note = parseNote(signedNote);
    const checkpoint = note === null ? null : parseCheckpoint(note.text);
    if (note === null || checkpoint === null) return "nothing";
    if (checkpoint.origin !== this.#replica.origin) return "nothing";
    const verified = this.#verify(checkpoint, note.signatures);
    if (verified.log === null) return "nothing";
    if (checkpoint.size > this.#replica.size) return this.#wait(checkpoint.size, signedNote);
    const fault = this.#contradiction(checkpoint);
    if (fault !== null) {
      this.#onFork({ code: fault, note: signedNote, checkpoint });
      return "forked";
    }
    return this.#keep(checkpoint, note.text, verified.log, verified.cosignatures);
  }

  /** The checkpoint with every signature that this node holds. */
  noteOf({ text, logSignature, cosignatures }: SignedCheckpoint): string {
    return formatNote({ text, signatures: [logSignature, ...cosignatures.values()] });
  }

  /** Adds this node's own cosignatures. */
  addOwn(entry: SignedCheckpoint, lines: readonly NoteSignature[]): void {
    this.#keep(entry.checkpoint, entry.text, entry.logSignature, lines);
  }

  #verify(checkpoint: Checkpoint, signatures: readonly NoteSignature[]): Verified {
    const verified: { log: NoteSignature | null; cosignatures: NoteSignature[] } = {
      log: null,
      cosignatures: [],
    };
    for (const line of signatures) {
      if (isBy(line, this.#logKey)) {
        const message = checkpointSigningBytes(checkpoint);
        const { publicKey } = this.#logKey.key;
        if (verifyEd25519(publicKey, message, line.signature)) verified.log = line;
        continue;
      }
      const cosigner = this.#cosigners.find((candidate) => isBy(line, candidate));
      if (cosigner !== undefined && cosigned(checkpoint, cosigner.key, line)) {
        verified.cosignatures.push(line);
      }
    }
    return verified;
  }

  #contradiction({ size, root }: Checkpoint): Fork["code"] | null {
    if (!equal(this.#replica.tree.root(size), root)) return "node/forked-log";
    const next = this.#replica.blockOfLeaf(size - 1) + 1;
    return this.#replica.firstIndex(next) === size ? null : "node/checkpoint-inside-block";
  }

  #keep(
    checkpoint: Checkpoint,
    text: string,
    logSignature: NoteSignature,
    cosignatures: readonly NoteSignature[],
  ): "kept" | "nothing" {
    const { size } = checkpoint;
    const present = this.#entries.get(size);
    if (present === undefined && size < (this.#final?.checkpoint.size ?? 0)) return "nothing";
    const snapshot = this.#replica.snapshotAt(size);
    const made = { checkpoint, text, logSignature, cosignatures: new Map(), snapshot };
    const entry: SignedCheckpoint = present ?? made;
    const added = cosignatures.filter(({ name }) => !entry.cosignatures.has(name));
    if (present !== undefined && added.length === 0) return "nothing";
    for (const line of added) entry.cosignatures.set(line.name, line);
    this.#entries.set(size, entry);
    this.#store(entry, added);
    this.#settle(entry);
    this.changed.notify();
    return "kept";
  }

  #store({ checkpoint, text, logSignature }: SignedCheckpoint, added: NoteSignature[]): void {
    const note = formatNote({ text, signatures: [logSignature] });
    const rows = added.map((line) => ({ name: line.name, line: formatSignatureLine(line) }));
    this.#replica.store.putSignatures(checkpoint.size, note, rows);
  }

  #settle(entry: SignedCheckpoint): void {
    const { size } = entry.checkpoint;
    if (size > (this.#newest?.checkpoint.size ?? 0)) this.#newest = entry;
    if (size > (this.#final?.checkpoint.size ?? 0) && this.#isFinal(entry)) {
      this.#final = entry;
      this.#replica.store.prune(size);
    }
    for (const old of [...this.#entries.keys()].sort((a, b) => a - b)) {
      const superseded = old < (this.#final?.checkpoint.size ?? 0);
      if (!superseded && this.#entries.size <= MAX_OPEN_CHECKPOINTS) break;
      if (this.#entries.get(old) !== this.#newest) this.#entries.delete(old);
    }
  }

  #isFinal(entry: SignedCheckpoint): boolean {
    const note = parseNote(this.noteOf(entry));
    if (note === null) return false;
    const { sha256 } = this.#replica.host;
    const verdict = judgeCheckpoint(sha256, verifyEd25519, note, this.#policy);
    return verdict.logSigned && verdict.quorumMet && verdict.faults.length === 0;
  }

  // A node that lags keeps the nearest ones, which it reaches first, and always the newest.
  #wait(size: number, note: string): "ahead" {
    const sameSize = this.#ahead.get(size);
    if (sameSize !== undefined) {
      if (sameSize.size < MAX_OPEN_CHECKPOINTS) sameSize.add(note);
      return "ahead";
    }
    const newest = Math.max(0, ...this.#ahead.keys());
    if (this.#ahead.size >= MAX_OPEN_CHECKPOINTS && size > newest) this.#ahead.delete(newest);
    if (this.#ahead.size < MAX_OPEN_CHECKPOINTS) this.#ahead.set(size, new Set([note]));
    return "ahead";
  }

  #retryAhead(): void {
    for (const [size, notes] of this.#ahead) {
      if (size > this.#replica.size) continue;
      this.#ahead.delete(size);
      for (const note of notes) this.accept(note);
    }
  }

  #load(): void {
    const { store } = this.#replica;
    for (const { size, note } of store.checkpoints(MAX_OPEN_CHECKPOINTS).reverse()) {
      const parsed = parseNote(note);
      if (parsed === null) continue;
      const lines = store.cosignatures(size).map(({ line }) => parseSignatureLine(line));
      const signatures = [...parsed.signatures, ...lines.filter((line) => line !== null)];
      this.accept(formatNote({ text: parsed.text, signatures }));
    }
  }
}

function policyOf(replica: Replica): Policy {
  const { sha256 } = replica.host;
  const parsed = parsePolicy(sha256, policyText(sha256, replica.genesisBytes));
  if (!parsed.ok)
    throw new Error(`The genesis makes no policy: line ${parsed.line}, ${parsed.why}`);
  return parsed.policy;
}

const known = (replica: Replica, key: NoteKey): KnownKey => ({
  key,
  hash: keyHash(replica.host.sha256, key),
});

const isBy = (line: NoteSignature, { key, hash }: KnownKey): boolean =>
  line.name === key.name && equal(line.keyHash, hash);

function cosigned(checkpoint: Checkpoint, key: NoteKey, line: NoteSignature): boolean {
  const cosignature = decodeCosignature(line.signature);
  if (cosignature === null) return false;
  const message = cosignatureSigningBytes(checkpoint, cosignature.timestampSeconds);
  return verifyEd25519(key.publicKey, message, cosignature.signature);
}
