import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { decodeGenesis, networkId, originOf, policyText } from "@tallystick/ledger";
import { equal, type Policy, parsePolicy, toHex } from "@tallystick/log";
import { createHost } from "../crypto/host.ts";
import { columnOf } from "../store/database.ts";
import { BlockChecker } from "./check-blocks.ts";
import { checkDatabase } from "./check-database.ts";
import { SignatureChecker } from "./check-signatures.ts";
import { checkWriteAheadLog } from "./check-wal.ts";
import { copyDatabase, type PrivateCopy } from "./private-copy.ts";
import { type AuditReport, Findings } from "./report.ts";

const LEDGER_FILE = "ledger.sqlite";
const POLICY_FILE = "policy.txt";

export interface AuditOptions {
  /** The policy that the reader pinned elsewhere; policy.txt in the directory otherwise. */
  readonly policyText?: string;
}

const NOTHING = {
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
 * checkpoint and cosignature, and every column of every row. Works on a private copy: the
 * directory's bytes stay as they are. Throws only when there is nothing to read.
 */
export function auditOperator(directory: string, options: AuditOptions = {}): AuditReport {
  const findings = new Findings();
  const copy = copyDatabase(join(directory, LEDGER_FILE));
  let found: Partial<AuditReport> = {};
  try {
    found = auditCopy(directory, copy, findings, options.policyText ?? null);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    findings.add(LEDGER_FILE, "", "", `The file cannot be read: ${why}.`);
  } finally {
    copy.remove();
  }
  const { faults } = findings;
  return { ...NOTHING, ...found, directory, faults, ok: faults.length === 0 };
}

function auditCopy(
  directory: string,
  copy: PrivateCopy,
  findings: Findings,
  pinned: string | null,
): Partial<AuditReport> {
  checkStrayFiles(directory, findings);
  const walFault = copy.walPath === null ? null : checkWriteAheadLog(copy.walPath);
  if (walFault !== null) findings.add(`${LEDGER_FILE}-wal`, "", "", walFault);
  const database = new DatabaseSync(copy.path);
  try {
    checkDatabase(database, findings);
    return auditTables(directory, database, findings, pinned);
  } finally {
    database.close();
  }
}

function auditTables(
  directory: string,
  database: DatabaseSync,
  findings: Findings,
  pinned: string | null,
): Partial<AuditReport> {
  const host = createHost();
  const genesisBytes = readGenesis(directory, database, findings);
  if (genesisBytes === null) return {};
  const genesis = decodeGenesis(genesisBytes);
  if (genesis === null) {
    findings.add("genesis", 0, "bytes", "It is not the genesis of a ledger.");
    return {};
  }
  const policy = checkPolicy(directory, policyText(host.sha256, genesisBytes), findings, pinned);
  const replayed = new BlockChecker(host, database, findings, genesisBytes).check();
  const signatures = new SignatureChecker(host.sha256, database, findings, replayed).check(policy);
  checkWatermark(directory, replayed.blocks, findings);
  return {
    origin: originOf(genesis, networkId(host.sha256, genesisBytes)),
    blocks: replayed.blocks,
    leaves: replayed.tree.size,
    transactions: replayed.transactions,
    ...signatures,
    logRoot: toHex(replayed.tree.root()),
    stateRoot: toHex(replayed.state.map.root()),
  };
}

function readGenesis(
  directory: string,
  database: DatabaseSync,
  findings: Findings,
): Uint8Array | null {
  const rows = database.prepare("SELECT id, bytes FROM genesis").all();
  const [row] = rows;
  if (rows.length !== 1 || row === undefined) {
    findings.add("genesis", "", "", `There are ${rows.length} genesis rows.`);
    return null;
  }
  const bytes = columnOf(row, "bytes");
  if (columnOf(row, "id") !== 0)
    findings.add("genesis", String(columnOf(row, "id")), "id", "It is not 0.");
  if (!(bytes instanceof Uint8Array)) {
    findings.add("genesis", 0, "bytes", "The column does not hold bytes.");
    return null;
  }
  const file = join(directory, "genesis.cbor");
  if (existsSync(file) && !equal(new Uint8Array(readFileSync(file)), bytes)) {
    findings.add("genesis", 0, "bytes", "It differs from genesis.cbor in the same directory.");
  }
  return bytes;
}

function checkPolicy(
  directory: string,
  derived: string,
  findings: Findings,
  pinned: string | null,
): Policy | null {
  const path = join(directory, POLICY_FILE);
  const kept = existsSync(path) ? readFileSync(path, "utf8") : null;
  if (kept === null && pinned === null) {
    findings.add(POLICY_FILE, "", "", "There is no policy to judge signatures by.");
  }
  if (kept !== null && kept !== derived) {
    findings.add(POLICY_FILE, "", "", "It is not the policy that genesis gives.");
    findings.add("genesis", 0, "bytes", "It does not give the policy that is kept beside it.");
  }
  if (pinned !== null && pinned !== derived) {
    findings.add("genesis", 0, "bytes", "It does not give the policy that you pinned.");
  }
  const parsed = parsePolicy(createHost().sha256, pinned ?? kept ?? derived);
  return parsed.ok ? parsed.policy : null;
}

/** A rollback journal beside a WAL database would be played back into it at the next opening. */
function checkStrayFiles(directory: string, findings: Findings): void {
  if (existsSync(join(directory, `${LEDGER_FILE}-journal`))) {
    findings.add(`${LEDGER_FILE}-journal`, "", "", "No such file belongs here.");
  }
}

/** The node noted how many blocks it had; a ledger with fewer has lost some. */
function checkWatermark(directory: string, blocks: number, findings: Findings): void {
  const path = join(directory, "node.sqlite");
  if (!existsSync(path)) return;
  const copy = copyDatabase(path);
  try {
    const database = new DatabaseSync(copy.path);
    const row = database.prepare("SELECT value FROM counter WHERE name = 'blocks'").get();
    database.close();
    const noted = Number(columnOf(row ?? {}, "value") ?? 0);
    if (noted > blocks) {
      findings.add(
        "block",
        blocks + 1,
        "number",
        `The node had ${noted} blocks; this one is missing.`,
      );
    }
  } catch {
    // node.sqlite is the node's own memory and no part of what is audited.
  } finally {
    copy.remove();
  }
}
