import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Host, networkId, originOf } from "@tallystick/ledger";
import { parsePolicy, toHex } from "@tallystick/log";
import { createHost } from "../crypto/host.ts";
import { columnOf } from "../store/database.ts";
import { BlockChecker, type Replayed } from "./check-blocks.ts";
import { checkDatabase } from "./check-database.ts";
import { checkGenesis, type Founding, GENESIS_FILE, POLICY_FILE } from "./check-genesis.ts";
import { SignatureChecker } from "./check-signatures.ts";
import { checkWriteAheadLog } from "./check-wal.ts";
import { copyDatabase, type PrivateCopy } from "./private-copy.ts";
import { ColumnReader } from "./read-columns.ts";
import { type AuditReport, Findings, reasonOf } from "./report.ts";

export const LEDGER_FILE = "ledger.sqlite";
const NODE_FILE = "node.sqlite";
/** SQLite's index over the log, which it makes anew. */
const INDEX_FILE = `${LEDGER_FILE}-shm`;

export interface AuditOptions {
  /** Hashes and signatures; the runtime's own unless said otherwise. */
  readonly host?: Host;
  /** The auditor's clock. */
  readonly nowMs?: number;
}

/** A report, and the log as it came out, to compare it with another operator's. */
export interface OperatorAudit {
  readonly report: AuditReport;
  /** Null when nothing could be executed. */
  readonly replayed: Replayed | null;
}

type Found = Omit<
  AuditReport,
  "ok" | "directory" | "operator" | "faults" | "faultsNotListed" | "notAudited"
>;

const NOTHING: Found = {
  network: "",
  origin: "",
  blocks: 0,
  leaves: 0,
  transactions: 0,
  checkpoints: 0,
  cosignatures: 0,
  signedSize: 0,
  finalSize: 0,
  operators: 0,
  logRoot: "",
  stateRoot: "",
};

/**
 * Executes one operator's ledger again from genesis and checks every hash, signature, root,
 * checkpoint and cosignature, and every column of every row, by the directory's own policy. Works
 * on a private copy, also while the node runs: the directory's bytes stay as they are. Throws
 * CopyRefused when a node writes too fast to be copied.
 */
export const auditOperator = (directory: string, options: AuditOptions = {}): AuditReport =>
  examineOperator(directory, options).report;

/** As `auditOperator`, with the log that came out. */
export function examineOperator(directory: string, options: AuditOptions = {}): OperatorAudit {
  const audit = new Audit(resolve(directory), options);
  return audit.run();
}

class Audit {
  readonly #directory: string;
  readonly #host: Host;
  readonly #nowMs: number;
  readonly #findings: Findings = new Findings();
  #found: Found = NOTHING;
  #replayed: Replayed | null = null;

  constructor(directory: string, { host, nowMs }: AuditOptions) {
    this.#directory = directory;
    this.#host = host ?? createHost();
    this.#nowMs = nowMs ?? Date.now();
  }

  run(): OperatorAudit {
    this.#checkStrayFiles();
    // Read first: a running node goes on, and its ledger may only be ahead of this.
    const noted = this.#notedBlocks();
    const copy = this.#copyLedger();
    try {
      this.#openCopy(copy);
    } finally {
      copy?.remove();
    }
    this.#checkNoted(noted);
    return { report: this.#report(), replayed: this.#replayed };
  }

  #copyLedger(): PrivateCopy | null {
    const path = join(this.#directory, LEDGER_FILE);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return copyDatabase(path);
    this.#findings.add(LEDGER_FILE, "", "", "The file is missing.");
    return null;
  }

  #openCopy(copy: PrivateCopy | null): void {
    const walFault =
      copy === null || copy.walPath === null ? null : checkWriteAheadLog(copy.walPath);
    if (walFault !== null) this.#findings.add(`${LEDGER_FILE}-wal`, "", "", walFault);
    if (copy !== null && statSync(copy.path).size === 0 && copy.walPath === null) {
      this.#findings.add(LEDGER_FILE, "", "", "The file is empty.");
    }
    let database: DatabaseSync | null = null;
    try {
      database = copy === null ? null : new DatabaseSync(copy.path);
      this.#checkTables(database);
    } catch (cause) {
      this.#findings.add(LEDGER_FILE, "", "", `SQLite cannot read it: ${reasonOf(cause)}.`);
    } finally {
      database?.close();
    }
  }

  /** The steps of an audit, in order. */
  #checkTables(database: DatabaseSync | null): void {
    const isOurs = database !== null && checkDatabase(database, this.#findings);
    const reader = isOurs ? new ColumnReader(database, this.#findings) : null;
    const founding = checkGenesis(this.#host.sha256, this.#directory, reader, this.#findings);
    if (reader === null || founding === null) return;
    const { genesisBytes } = founding;
    const replayed = new BlockChecker(this.#host, reader, this.#findings, genesisBytes).check();
    this.#checkSignatures(reader, founding, replayed);
  }

  #checkSignatures(reader: ColumnReader, founding: Founding, replayed: Replayed): void {
    const { sha256: sha } = this.#host;
    const parsed = parsePolicy(sha, founding.policyText);
    const context = { sha, reader, findings: this.#findings, replayed, nowMs: this.#nowMs };
    const signatures = new SignatureChecker(context).check(parsed.ok ? parsed.policy : null);
    const network = networkId(sha, founding.genesisBytes);
    this.#replayed = replayed;
    this.#found = {
      network: toHex(network),
      origin: originOf(replayed.state.genesis, network),
      blocks: replayed.blocks,
      leaves: replayed.tree.size,
      transactions: replayed.transactions,
      ...signatures,
      logRoot: toHex(replayed.tree.root()),
      stateRoot: toHex(replayed.state.map.root()),
    };
  }

  /** A rollback journal beside a WAL database would be played back into it at the next opening. */
  #checkStrayFiles(): void {
    const name = `${LEDGER_FILE}-journal`;
    if (!existsSync(join(this.#directory, name))) return;
    this.#findings.add(name, "", "", "No such file belongs here.");
  }

  /** How many blocks the node noted that it had; 0 when it noted nothing that can be read. */
  #notedBlocks(): number {
    const path = join(this.#directory, NODE_FILE);
    if (!existsSync(path)) return 0;
    const copy = copyDatabase(path);
    try {
      const database = new DatabaseSync(copy.path);
      const row = database.prepare("SELECT value FROM counter WHERE name = 'blocks'").get();
      database.close();
      return Number(columnOf(row ?? {}, "value") ?? 0);
    } catch {
      // node.sqlite is the node's own memory and no part of what is audited.
      return 0;
    } finally {
      copy.remove();
    }
  }

  #checkNoted(noted: number): void {
    const { blocks } = this.#found;
    if (this.#replayed?.isWhole !== true || noted <= blocks) return;
    const what = `The node noted ${noted} blocks; from this one on they are missing.`;
    this.#findings.add("block", blocks + 1, "number", what);
  }

  #report(): AuditReport {
    const { faults, notListed, count } = this.#findings;
    return {
      ok: count === 0,
      directory: this.#directory,
      operator: basename(this.#directory),
      ...this.#found,
      faults,
      faultsNotListed: notListed,
      notAudited: this.#notAudited(),
    };
  }

  #notAudited(): string[] {
    const audited = [LEDGER_FILE, `${LEDGER_FILE}-wal`, INDEX_FILE, GENESIS_FILE, POLICY_FILE];
    return readdirSync(this.#directory, { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .filter((name) => !audited.includes(name))
      .sort();
  }
}
