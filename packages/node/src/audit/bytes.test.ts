import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { nodeSha256 } from "../crypto/sha256.ts";
import { makeNetwork, temporaryDirectory } from "../testing/network.ts";
import { auditOperator } from "./audit-operator.ts";
import { dumpTables } from "./testing/dump-tables.ts";
import { commit, sampleLedger, signHead } from "./testing/sample-ledger.ts";

const network = makeNetwork();
const sample = sampleLedger(network);

const TRIES = 400;
const SEED = "audit bytes 1";

/** The same numbers at every run, each below `below`. */
function* numbers(seed: string, below: number): Generator<number> {
  for (let block = nodeSha256.one(Buffer.from(seed)); ; block = nodeSha256.one(block)) {
    yield Buffer.from(block).readUInt32BE(0) % below;
  }
}

/** Flips bytes of one file, one after the other, and audits each time. */
function tryBytes(directory: string, file: string, places: readonly number[]): number {
  const path = join(directory, file);
  const sound = readFileSync(path);
  const values = dumpTables(directory);
  let found = 0;
  for (const at of places) {
    const altered = Buffer.from(sound);
    altered[at] = (altered[at] ?? 0) ^ (1 << (at % 8));
    writeFileSync(path, altered);
    const report = auditOperator(directory);
    if (!report.ok) found++;
    // Where there is no fault, the byte is in space that holds no value.
    else expect(dumpTables(directory), `${SEED}: ${file}, byte ${at}`).toBe(values);
  }
  writeFileSync(path, sound);
  return found;
}

const placesIn = (file: string, size: number): number[] =>
  numbers(`${SEED} ${file}`, size).take(TRIES).toArray();

test("a flipped byte of the file is a fault, or changes no value", () => {
  const directory = sample.copy(true);
  const { size } = statSync(join(directory, "ledger.sqlite"));
  const places = [...Array.from({ length: 120 }, (_, at) => at), ...placesIn("file", size)];
  expect(tryBytes(directory, "ledger.sqlite", places)).toBeGreaterThan(TRIES / 4);
});

test("a flipped byte of the write-ahead log is always a fault", () => {
  const directory = sample.copy(false);
  const { size } = statSync(join(directory, "ledger.sqlite-wal"));
  const places = [...Array.from({ length: 60 }, (_, at) => at), ...placesIn("log", size)];
  expect(tryBytes(directory, "ledger.sqlite-wal", places)).toBe(places.length);
});

const stateOf = (directory: string): unknown =>
  readdirSync(directory)
    .sort()
    .map((name) => {
      const { mtimeNs, size, mode } = statSync(join(directory, name), { bigint: true });
      const bytes = readFileSync(join(directory, name)).toString("base64");
      return [name, mtimeNs, size, mode, bytes];
    });

test("the directory is the same before and after, and no copy is left", () => {
  const scratch = temporaryDirectory();
  vi.stubEnv("TMPDIR", scratch);
  const before = stateOf(sample.directory);
  expect(auditOperator(sample.directory).ok).toBe(true);
  vi.unstubAllEnvs();
  expect(stateOf(sample.directory)).toEqual(before);
  expect(readdirSync(scratch)).toEqual([]);
});

test("a ledger that goes on being written is whole at each audit", () => {
  const own = sampleLedger(network);
  for (let block = 6; block < 12; block++) {
    commit(network, own.replica, [`site-${block}`]);
    expect(auditOperator(own.directory)).toMatchObject({ ok: true, blocks: block });
    signHead(network, own.replica, ["public-auditor"]);
    expect(auditOperator(own.directory)).toMatchObject({ ok: true, signedSize: own.replica.size });
  }
});
