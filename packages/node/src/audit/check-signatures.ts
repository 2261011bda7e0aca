import { cosignerName, logNoteKey, originOf } from "@tallystick/ledger";
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
  type Note,
  type NoteKey,
  type NoteSignature,
  type Policy,
  parseCheckpoint,
  parseNote,
  parseSignatureLine,
  type Sha256,
} from "@tallystick/log";
import { verifyEd25519 } from "../crypto/ed25519.ts";
import { MAX_CLOCK_JUMP_MS } from "../engine/clock.ts";
import type { Replayed } from "./check-blocks.ts";
import type { ColumnReader, LedgerRow } from "./read-columns.ts";
import type { Findings } from "./report.ts";

/** What the signatures over the ledger come to. */
export interface SignaturesFound {
  readonly checkpoints: number;
  readonly cosignatures: number;
  readonly signedSize: number;
  readonly finalSize: number;
  readonly operators: number;
}

interface Signed {
  readonly checkpoint: Checkpoint;
  readonly note: Note;
}

interface SignatureContext {
  readonly sha: Sha256;
  readonly reader: ColumnReader;
  readonly findings: Findings;
  readonly replayed: Replayed;
  /** The auditor's clock. */
  readonly nowMs: number;
}

type Fault = (column: string, what: string) => void;

/** Checks every checkpoint against the log that came out, and every cosignature on it. */
export class SignatureChecker {
  readonly #context: SignatureContext;
  readonly #origin: string;
  readonly #logKey: NoteKey;
  readonly #cosigners: ReadonlyMap<string, NoteKey>;
  readonly #signed: Map<number, Signed> = new Map();
  readonly #lines: Map<number, NoteSignature[]> = new Map();
  #cosignatures = 0;

  constructor(context: SignatureContext) {
    this.#context = context;
    const { genesis, networkId } = context.replayed.state;
    this.#origin = originOf(genesis, networkId);
    this.#logKey = logNoteKey(genesis, networkId);
    this.#cosigners = new Map(
      genesis.members.flatMap(({ id, cosignerKey: publicKey }) => {
        const name = cosignerName(id);
        return publicKey === null ? [] : [[name, { name, type: COSIGNER_KEY_TYPE, publicKey }]];
      }),
    );
  }

  check(policy: Policy | null): SignaturesFound {
    const { reader } = this.#context;
    for (const row of reader.rows("checkpoint")) this.#checkCheckpoint(row);
    for (const row of reader.rows("cosignature")) this.#checkCosignature(row);
    return this.#summary(policy);
  }

  #checkCheckpoint(row: LedgerRow<"checkpoint">): void {
    const fault = this.#faultAt("checkpoint", row.rowKey);
    if (row.note === null) return;
    const signed = this.#readNote(row.note, fault);
    if (signed === null) return;
    // From here on the note is genuine; the row or the ledger is at fault.
    const { size } = signed.checkpoint;
    if (size !== row.size) fault("size", `The note is of ${size} entries.`);
    this.#checkTree(signed.checkpoint, fault);
    this.#signed.set(size, signed);
  }

  #readNote(text: string, fault: Fault): Signed | null {
    const note = parseNote(text);
    const checkpoint = note === null ? null : parseCheckpoint(note.text);
    const [line, more] = note?.signatures ?? [];
    if (note === null || checkpoint === null || line === undefined || formatNote(note) !== text) {
      fault("note", "It is not a signed checkpoint.");
      return null;
    }
    if (more !== undefined || !this.#isBy(line, this.#logKey)) {
      fault("note", "It does not bear the log's signature alone.");
      return null;
    }
    const { publicKey } = this.#logKey;
    if (!verifyEd25519(publicKey, checkpointSigningBytes(checkpoint), line.signature)) {
      fault("note", "The log's signature does not hold.");
      return null;
    }
    return { checkpoint, note };
  }

  #checkTree({ origin, size, root }: Checkpoint, fault: Fault): void {
    const { tree, boundaries, isWhole } = this.#context.replayed;
    if (origin !== this.#origin) fault("note", "It is of another log.");
    if (size > tree.size) {
      // After a block that cannot be executed the rest of the log is not known here.
      if (!isWhole) return;
      fault("note", `The log's key signed ${size} entries; the ledger has ${tree.size}.`);
      return;
    }
    if (!equal(tree.root(size), root)) {
      fault("note", "The log's key signed another root than the blocks give.");
    }
    if (!boundaries.has(size)) fault("note", "It does not stand at the end of a block.");
  }

  #checkCosignature({ rowKey, size, name, line: text }: LedgerRow<"cosignature">): void {
    const fault = this.#faultAt("cosignature", rowKey);
    if (text === null) return;
    const line = parseSignatureLine(text);
    if (line === null || formatSignatureLine(line) !== text) {
      fault("line", "It is not a signature line.");
      return;
    }
    const key = this.#cosigners.get(line.name);
    if (key === undefined || !this.#isBy(line, key)) {
      fault("line", "It is by a key that genesis does not name.");
      return;
    }
    if (size !== null && this.#holds(size, key, line)) {
      if (line.name !== name) fault("name", `The line is by ${line.name}.`);
      this.#checkTime(size, line, fault);
      this.#cosignatures++;
      this.#lines.set(size, [...(this.#lines.get(size) ?? []), line]);
      return;
    }
    this.#nameWhatDoesNotHold({ size, name, line, key }, fault);
  }

  #nameWhatDoesNotHold(
    {
      size,
      name,
      line,
      key,
    }: { size: number | null; name: string | null; line: NoteSignature; key: NoteKey },
    fault: Fault,
  ): void {
    const other = [...this.#signed.keys()].find((candidate) => this.#holds(candidate, key, line));
    if (other !== undefined) fault("size", `The line is on the checkpoint of ${other} entries.`);
    else if (size !== null && this.#signed.has(size)) {
      fault("line", "The cosignature does not hold.");
    } else fault("size", "There is no checkpoint of this size that holds.");
    if (line.name !== name) fault("name", `The line is by ${line.name}.`);
  }

  #checkTime(size: number, line: NoteSignature, fault: Fault): void {
    const { replayed, nowMs } = this.#context;
    const timeMs = 1000 * (decodeCosignature(line.signature)?.timestampSeconds ?? 0);
    const blockMs = Number(replayed.boundaries.get(size) ?? 0n);
    const lastMs = Number(replayed.state.lastHeader.timeMs);
    if (timeMs < blockMs - MAX_CLOCK_JUMP_MS) fault("line", "It is older than the block.");
    // A demonstration's clock may run ahead of the auditor's.
    if (replayed.state.genesis.demonstration) return;
    if (timeMs > Math.max(nowMs, lastMs) + MAX_CLOCK_JUMP_MS) fault("line", "It is of the future.");
  }

  #holds(size: number, key: NoteKey, line: NoteSignature): boolean {
    const checkpoint = this.#signed.get(size)?.checkpoint;
    const cosignature = decodeCosignature(line.signature);
    if (checkpoint === undefined || cosignature === null) return false;
    const message = cosignatureSigningBytes(checkpoint, cosignature.timestampSeconds);
    return verifyEd25519(key.publicKey, message, cosignature.signature);
  }

  #isBy(line: NoteSignature, key: NoteKey): boolean {
    return line.name === key.name && equal(line.keyHash, keyHash(this.#context.sha, key));
  }

  #faultAt(table: string, rowKey: string): Fault {
    return (column, what) => this.#context.findings.add(table, rowKey, column, what);
  }

  #summary(policy: Policy | null): SignaturesFound {
    const sizes = [...this.#signed.keys()].sort((a, b) => b - a);
    const signedSize = sizes[0] ?? 0;
    const counted = {
      checkpoints: this.#signed.size,
      cosignatures: this.#cosignatures,
      signedSize,
    };
    for (const size of policy === null ? [] : sizes) {
      const operators = this.#operatorsBehind(size, policy as Policy);
      if (operators !== null) return { ...counted, finalSize: size, operators };
    }
    return { ...counted, finalSize: 0, operators: 0 };
  }

  /** Operators behind a checkpoint that meets the policy; null when it does not. */
  #operatorsBehind(size: number, policy: Policy): number | null {
    const { note } = this.#signed.get(size) as Signed;
    const signatures = [...note.signatures, ...(this.#lines.get(size) ?? [])];
    const whole = { text: note.text, signatures };
    const verdict = judgeCheckpoint(this.#context.sha, verifyEd25519, whole, policy);
    const isMet = verdict.logSigned && verdict.quorumMet && verdict.faults.length === 0;
    return isMet ? 1 + verdict.operators.length : null;
  }
}
