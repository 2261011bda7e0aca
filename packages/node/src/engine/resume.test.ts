import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toHex } from "@tallystick/log";
import { expect, test } from "vitest";
import { createHost } from "../crypto/host.ts";
import { LedgerStore } from "../store/ledger-store.ts";
import { StateStore } from "../store/state-store.ts";
import { addSite, makeNetwork, temporaryDirectory } from "../testing/network.ts";
import { Replica } from "./replica.ts";

const START_MS = 1_790_000_000_000n;
const BLOCKS = 12;

type Network = ReturnType<typeof makeNetwork>;

function open(network: Network, folder: string): { replica: Replica; states: StateStore } {
  const store = LedgerStore.open(join(folder, "ledger.sqlite"), network.genesisBytes);
  const states = StateStore.open(join(folder, "state.sqlite"));
  return { replica: Replica.open(createHost(), network.genesisBytes, store, states), states };
}

function write(network: Network, replica: Replica, name: string): Uint8Array {
  const bytes = addSite(network, name);
  const number = replica.blockNumber + 1;
  const result = replica.execute({
    timeMs: START_MS + BigInt(number),
    ...{ proposer: "council-service", site: "main", transactions: [bytes] },
  });
  if (result === null) throw new Error("no block");
  replica.commit(result);
  return bytes;
}

const standing = (replica: Replica) => ({
  block: replica.blockNumber,
  size: replica.size,
  log: toHex(replica.tree.root()),
  state: toHex(replica.state.map.root()),
  time: replica.lastTimeMs,
  live: replica.state.liveIds.size,
});

/** A ledger with a copy taken in the middle, and what it came to at the end. */
function ledgerWithCopy() {
  const network = makeNetwork();
  const folder = temporaryDirectory();
  const { replica } = open(network, folder);
  const written: Uint8Array[] = [];
  for (let number = 1; number <= BLOCKS; number++) {
    written.push(write(network, replica, `depot-${number}`));
    if (number === BLOCKS / 2) replica.flushState(1);
  }
  const end = standing(replica);
  replica.close();
  return { network, folder, written, end };
}

test("a start from the kept state and the blocks after it comes to the same ledger", () => {
  const { network, folder, written, end } = ledgerWithCopy();
  const { replica, states } = open(network, folder);
  expect(states.block).toBe(BLOCKS / 2);
  expect(standing(replica)).toEqual(end);
  expect(replica.snapshotAt(end.size)?.root).toEqual(replica.state.map.root());
  // What was recorded before the copy is known too, and goes in no second time.
  const again = replica.execute({
    timeMs: START_MS + 100n,
    ...{ proposer: "council-service", site: "main", transactions: [written[0] as Uint8Array] },
  });
  expect(again).toBeNull();
  write(network, replica, "one-more");
  expect(replica.blockNumber).toBe(BLOCKS + 1);
  replica.close();
});

const DAMAGES: readonly (readonly [what: string, sql: string])[] = [
  ["a changed entry", "UPDATE run SET entries = CAST(x'80' || substr(entries, 2) AS BLOB)"],
  ["a lost run", "DELETE FROM run"],
  ["another block's number", `UPDATE flush SET block = ${BLOCKS}`],
  ["a block that is not there", "UPDATE flush SET block = 900"],
];

test.each(DAMAGES)("a kept state with %s is passed over and the ledger replayed", (_, sql) => {
  const { network, folder, end } = ledgerWithCopy();
  const database = new DatabaseSync(join(folder, "state.sqlite"));
  database.exec(sql);
  database.close();
  const { replica } = open(network, folder);
  expect(standing(replica)).toEqual(end);
  replica.close();
});
