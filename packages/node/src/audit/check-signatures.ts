import type { DatabaseSync } from "node:sqlite";
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
import { columnOf } from "../store/database.ts";
import type { Replayed } from "./check-blocks.ts";
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

/** Checks every checkpoint against the log that came out, and every cosignature on it. */
export class SignatureChecker {
  readonly #sha: Sha256;
  readonly #database: DatabaseSync;
  readonly #findings: Findings;
  readonly #replayed: Replayed;
  readonly #origin: string;
  readonly #logKey: NoteKey;
  readonly #cosigners: ReadonlyMap<string, NoteKey>;
  readonly #signed: Map<number, Signed> = new Map();
  readonly #lines: Map<number, NoteSignature[]> = new Map();
  #cosignatures = 0;

  constructor(sha: Sha256, database: DatabaseSync, findings: Findings, replayed: Replayed) {
    this.#sha = sha;
    this.#database = database;
    this.#findings = findings;
    this.#replayed = replayed;
    const { genesis, networkId } = replayed.state;
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
    for (const row of this.#rows("SELECT size, note FROM checkpoint ORDER BY size")) {
      this.#checkCheckpoint(Number(columnOf(row, "size")), columnOf(row, "note"));
    }
    for (const row of this.#rows("SELECT size, name, line FROM cosignature ORDER BY size, name")) {
      const size = Number(columnOf(row, "size"));
      this.#checkCosignature(size, String(columnOf(row, "name")), columnOf(row, "line"));
    }
    return this.#summary(policy);
  }

  #rows(sql: string): Record<string, unknown>[] {
    return this.#database.prepare(sql).all();
  }

  #checkCheckpoint(size: number, column: unknown): void {
    const fault = (name: string, what: string): void =>
      this.#findings.add("checkpoint", size, name, what);
    const text = typeof column === "string" ? column : "";
    const note = parseNote(text);
    const checkpoint = note === null ? null : parseCheckpoint(note.text);
    const [line] = note?.signatures ?? [];
    if (note === null || checkpoint === null || line === undefined || formatNote(note) !== text) {
      fault("note", "It is not a signed checkpoint.");
      return;
    }
    if (note.signatures.length !== 1 || !this.#isBy(line, this.#logKey)) {
      fault("note", "It does not bear the log's signature alone.");
      return;
    }
    if (
      !verifyEd25519(this.#logKey.publicKey, checkpointSigningBytes(checkpoint), line.signature)
    ) {
      fault("note", "The log's signature does not hold.");
      return;
    }
    // From here on the note is genuine; the row or the ledger is at fault.
    if (checkpoint.size !== size) fault("size", `The note is of ${checkpoint.size} entries.`);
    this.#checkTree(checkpoint, fault);
    this.#signed.set(checkpoint.size, { checkpoint, note });
  }

  #checkTree(
    { origin, size, root }: Checkpoint,
    fault: (name: string, what: string) => void,
  ): void {
    const { tree, boundaries, isWhole } = this.#replayed;
    if (origin !== this.#origin) fault("note", "It is of another log.");
    if (size > tree.size) {
      // After a block that cannot be executed the rest of the log is not known here.
      if (isWhole)
        fault("size", `The log's key signed ${size} entries; the ledger has ${tree.size}.`);
      return;
    }
    if (!equal(tree.root(size), root)) {
      fault("note", "The log's key signed another root than the blocks give.");
    }
    if (!boundaries.has(size)) fault("size", "It does not stand at the end of a block.");
  }

  #checkCosignature(size: number, name: string, column: unknown): void {
    const row = `${size} ${name}`;
    const fault = (at: string, what: string): void =>
      this.#findings.add("cosignature", row, at, what);
    const text = typeof column === "string" ? column : "";
    const line = parseSignatureLine(text);
    if (line === null || formatSignatureLine(line) !== text) {
      fault("line", "It is not a signature line.");
      return;
    }
    const key = this.#cosigners.get(line.name);
    if (key === undefined || !this.#isBy(line, key)) {
      const isOther = this.#cosigners.has(name) && line.name !== name;
      fault(
        "line",
        isOther ? "Its name is not the row's." : "It is by a key that genesis does not name.",
      );
      return;
    }
    if (line.name !== name) fault("name", `The line is by ${line.name}.`);
    if (this.#holds(size, key, line)) {
      this.#cosignatures++;
      this.#lines.set(size, [...(this.#lines.get(size) ?? []), line]);
      return;
    }
    const other = [...this.#signed.keys()].find((candidate) => this.#holds(candidate, key, line));
    if (other !== undefined) fault("size", `The line is on the checkpoint of ${other} entries.`);
    else if (this.#signed.has(size)) fault("line", "The cosignature does not hold.");
    else fault("size", "There is no checkpoint of this size that holds.");
  }

  #holds(size: number, key: NoteKey, line: NoteSignature): boolean {
    const checkpoint = this.#signed.get(size)?.checkpoint;
    const cosignature = decodeCosignature(line.signature);
    if (checkpoint === undefined || cosignature === null) return false;
    const message = cosignatureSigningBytes(checkpoint, cosignature.timestampSeconds);
    return verifyEd25519(key.publicKey, message, cosignature.signature);
  }

  #isBy(line: NoteSignature, key: NoteKey): boolean {
    return line.name === key.name && equal(line.keyHash, keyHash(this.#sha, key));
  }

  #summary(policy: Policy | null): SignaturesFound {
    const sizes = [...this.#signed.keys()].sort((a, b) => b - a);
    let finalSize = 0;
    let operators = 0;
    for (const size of policy === null ? [] : sizes) {
      const { note } = this.#signed.get(size) as Signed;
      const signatures = [...note.signatures, ...(this.#lines.get(size) ?? [])];
      const whole = { text: note.text, signatures };
      const verdict = judgeCheckpoint(this.#sha, verifyEd25519, whole, policy as Policy);
      if (!verdict.logSigned || !verdict.quorumMet || verdict.faults.length > 0) continue;
      finalSize = size;
      operators = 1 + verdict.operators.length;
      break;
    }
    return {
      checkpoints: this.#signed.size,
      cosignatures: this.#cosignatures,
      signedSize: sizes[0] ?? 0,
      finalSize,
      operators,
    };
  }
}
