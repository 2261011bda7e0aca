import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeGenesis, policyText } from "@tallystick/ledger";
import { decodeUtf8, equal, type Sha256 } from "@tallystick/log";
import type { ColumnReader } from "./read-columns.ts";
import type { Findings } from "./report.ts";

export const GENESIS_FILE = "genesis.cbor";
export const POLICY_FILE = "policy.txt";

/** The genesis that the directory's own policy pins, and that policy. */
export interface Founding {
  readonly genesisBytes: Uint8Array;
  readonly policyText: string;
}

/** The two copies of genesis and the policy that it must give. */
interface Kept {
  readonly row: Uint8Array | null;
  readonly file: Uint8Array | null;
  readonly policy: string | null;
}

/**
 * Reads genesis twice, from its table and its file, and the policy that pins it, and names which of
 * the three differs from the other two. Null when no genesis can be read.
 */
export function checkGenesis(
  sha: Sha256,
  directory: string,
  reader: ColumnReader | null,
  findings: Findings,
): Founding | null {
  const policyFile = readKept(directory, POLICY_FILE, findings);
  const kept: Kept = {
    row: reader === null ? null : readRow(reader, findings),
    file: readKept(directory, GENESIS_FILE, findings),
    policy: policyFile === null ? null : (decodeUtf8(policyFile) ?? ""),
  };
  const candidates = [kept.row, kept.file].filter((bytes) => bytes !== null);
  const pinned = candidates.find((bytes) => policyOf(sha, bytes) === kept.policy);
  const genesisBytes = pinned ?? candidates.find((bytes) => policyOf(sha, bytes) !== null);
  nameDifferences(sha, kept, genesisBytes ?? null, findings);
  if (genesisBytes === undefined) return null;
  return { genesisBytes, policyText: policyText(sha, genesisBytes) };
}

function nameDifferences(
  sha: Sha256,
  { row, file, policy }: Kept,
  right: Uint8Array | null,
  findings: Findings,
): void {
  const isRight = (bytes: Uint8Array): boolean => right !== null && equal(bytes, right);
  const what = (bytes: Uint8Array): string =>
    decodeGenesis(bytes) === null
      ? "It is not the genesis of a ledger."
      : "It is not the genesis that the rest of the directory is of.";
  if (row !== null && !isRight(row)) findings.add("genesis", 0, "bytes", what(row));
  if (file !== null && !isRight(file)) findings.add(GENESIS_FILE, "", "", what(file));
  if (policy === null || right === null || policyOf(sha, right) === policy) return;
  findings.add(POLICY_FILE, "", "", "It is not the policy that genesis gives.");
}

/** The policy that a genesis gives; null when it is none. */
function policyOf(sha: Sha256, genesisBytes: Uint8Array): string | null {
  return decodeGenesis(genesisBytes) === null ? null : policyText(sha, genesisBytes);
}

function readRow(reader: ColumnReader, findings: Findings): Uint8Array | null {
  const rows = [...reader.rows("genesis")];
  if (rows.length === 0) findings.add("genesis", "", "", "There is no genesis.");
  for (const { rowKey, id } of rows) {
    if (id !== 0) findings.add("genesis", rowKey, "id", "It is not 0.");
  }
  return rows[0]?.bytes ?? null;
}

function readKept(directory: string, name: string, findings: Findings): Uint8Array | null {
  const path = join(directory, name);
  if (existsSync(path)) return new Uint8Array(readFileSync(path));
  findings.add(name, "", "", "The file is missing.");
  return null;
}
