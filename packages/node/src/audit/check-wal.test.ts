import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LedgerStore } from "../store/ledger-store.ts";
import { temporaryDirectory } from "../testing/network.ts";
import { checkWriteAheadLog } from "./check-wal.ts";

/** The write-ahead log of a ledger of three blocks, copied as a dying process leaves it. */
function logOfBlocks(): string {
  const directory = temporaryDirectory();
  const store = LedgerStore.open(join(directory, "ledger.sqlite"), new Uint8Array([1]));
  for (let number = 1; number <= 3; number++) {
    const leaf = new Uint8Array(2_000).fill(number);
    store.append({ number, leaves: [leaf], transactions: [], effects: [] });
  }
  const copy = join(directory, "copy");
  copyFileSync(join(directory, "ledger.sqlite-wal"), copy);
  store.close();
  return copy;
}

test("a log that adds up has no fault, nor has an empty one or one cut short", () => {
  const path = logOfBlocks();
  const bytes = readFileSync(path);
  expect(bytes.length).toBeGreaterThan(10_000);
  expect(checkWriteAheadLog(path)).toBeNull();
  for (const length of [0, 10, 32, 40, bytes.length - 1, bytes.length - 5_000]) {
    writeFileSync(path, bytes.subarray(0, length));
    expect(checkWriteAheadLog(path), `${length} bytes`).toBeNull();
  }
});

test("one altered byte anywhere is a fault", () => {
  const path = logOfBlocks();
  const bytes = readFileSync(path);
  for (let at = 0; at < bytes.length; at += at < 64 ? 1 : 97) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ 0x10;
    writeFileSync(path, altered);
    expect(checkWriteAheadLog(path), `byte ${at}`).not.toBeNull();
  }
});
