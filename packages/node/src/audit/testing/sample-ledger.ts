import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { policyText } from "@tallystick/ledger";
import {
  COSIGNER_KEY_TYPE,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  encodeCosignature,
  formatCheckpoint,
  formatNote,
  formatSignatureLine,
  keyHash,
  LOG_KEY_TYPE,
  type NoteKey,
} from "@tallystick/log";
import type { Signer } from "../../crypto/ed25519.ts";
import { createHost } from "../../crypto/host.ts";
import { nodeSha256 } from "../../crypto/sha256.ts";
import { Replica } from "../../engine/replica.ts";
import { LedgerStore } from "../../store/ledger-store.ts";
import { addSite, type TestNetwork, temporaryDirectory } from "../../testing/network.ts";

export const LEDGER_FILES: readonly string[] = [
  "ledger.sqlite",
  "ledger.sqlite-wal",
  "genesis.cbor",
  "policy.txt",
];

/** A data directory with a ledger of five blocks, as a node that was killed leaves it. */
export interface SampleLedger {
  readonly directory: string;
  readonly replica: Replica;
  /** A copy of the directory; its write-ahead log is folded in when `folded`. */
  readonly copy: (folded?: boolean) => string;
}

/** Writes a ledger: founding acts, a refusal, checkpoints and cosignatures. */
export function sampleLedger(network: TestNetwork, name = "council-service"): SampleLedger {
  const directory = join(temporaryDirectory(), name);
  mkdirSync(directory);
  const { genesisBytes } = network;
  writeFileSync(join(directory, "genesis.cbor"), genesisBytes);
  writeFileSync(join(directory, "policy.txt"), policyText(nodeSha256, genesisBytes));
  const store = LedgerStore.open(join(directory, "ledger.sqlite"), genesisBytes);
  const replica = Replica.open(createHost(), genesisBytes, store);
  const sign = (names: readonly string[]) => signHead(network, replica, names);
  sign([]);
  commit(network, replica, ["depot", "garage"]);
  commit(network, replica, ["library", "depot"]);
  sign(["severn-travel", "public-auditor"]);
  commit(network, replica, ["museum"]);
  commit(network, replica, ["market", "quay", "station"]);
  sign(["public-auditor", "severn-travel"]);
  commit(network, replica, ["tower"]);
  sign(["public-auditor"]);
  return { directory, replica, copy: (folded) => copyLedger(directory, folded ?? true) };
}

/** Adds one block in which avonbridge registers these sites. */
export function commit(network: TestNetwork, replica: Replica, sites: readonly string[]): void {
  const result = replica.execute({
    timeMs: replica.lastTimeMs + 1_000n,
    proposer: network.genesis.orderer,
    site: "main",
    transactions: sites.map((site) => addSite(network, site)),
  });
  if (result === null) throw new Error("the block leaves nothing");
  replica.commit(result);
}

/** Signs the head of the log, and cosigns it as these members. */
export function signHead(network: TestNetwork, replica: Replica, members: readonly string[]): void {
  const { origin, size, tree, lastTimeMs } = replica;
  const checkpoint = { origin, size, root: tree.root() };
  const line = (key: NoteKey, signature: Uint8Array) => ({
    name: key.name,
    keyHash: keyHash(nodeSha256, key),
    signature,
  });
  const noteKey = (keyName: string, type: NoteKey["type"], { publicKey }: Signer): NoteKey => ({
    name: keyName,
    type,
    publicKey,
  });
  const log = network.signer("log");
  const logLine = line(
    noteKey(origin, LOG_KEY_TYPE, log),
    log.sign(checkpointSigningBytes(checkpoint)),
  );
  const seconds = Number(lastTimeMs / 1000n) + 1;
  const cosignatures = members.map((member) => {
    const name = `${member}/executor`;
    const signer = network.signer(name);
    const signature = signer.sign(cosignatureSigningBytes(checkpoint, seconds));
    const key = noteKey(name, COSIGNER_KEY_TYPE, signer);
    return { name, line: formatSignatureLine(line(key, encodeCosignature(seconds, signature))) };
  });
  const note = formatNote({ text: formatCheckpoint(checkpoint), signatures: [logLine] });
  replica.store.putSignatures(size, note, cosignatures);
}

function copyLedger(from: string, folded: boolean): string {
  const to = join(temporaryDirectory(), "council-service");
  mkdirSync(to);
  for (const file of LEDGER_FILES) copyFileSync(join(from, file), join(to, file));
  if (folded) foldLog(to);
  return to;
}

/** Opens and closes the store, which folds the log into the file. */
export function foldLog(directory: string): void {
  const path = join(directory, "ledger.sqlite");
  const database = new DatabaseSync(path);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}
