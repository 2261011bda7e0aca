import { join } from "node:path";
import { encode } from "@tallystick/ledger";
import { afterAll, expect, test } from "vitest";
import { createHost } from "../crypto/host.ts";
import { LedgerStore } from "../store/ledger-store.ts";
import {
  addSite,
  makeNetwork,
  ORDERER,
  removeTemporaryDirectories,
  temporaryDirectory,
  testClock,
} from "../testing/network.ts";
import { EmbeddedEngine } from "./embedded.ts";
import { LedgerBroken, Replica } from "./replica.ts";

afterAll(removeTemporaryDirectories);

function fixture() {
  const network = makeNetwork();
  const path = join(temporaryDirectory(), "ledger.sqlite");
  const store = LedgerStore.open(path, network.genesisBytes);
  const replica = Replica.open(createHost(), network.genesisBytes, store);
  const clock = testClock();
  const faults: string[] = [];
  const engine = new EmbeddedEngine({
    replica,
    clock,
    proposer: ORDERER,
    site: "main",
    timerTickMs: 10,
    commitRetryMs: 10,
    onFault: (code) => faults.push(code),
  });
  const submit = async (siteId: string) => {
    const submission = engine.submit(addSite(network, siteId));
    if (!submission.ok) return submission.code;
    const fate = await submission.fate;
    return fate.recorded ? fate.block : fate.code;
  };
  const reopen = () =>
    Replica.open(createHost(), network.genesisBytes, LedgerStore.open(path, network.genesisBytes));
  return { network, store, replica, clock, faults, engine, submit, reopen };
}

test("a block is what arrived while the last commit was under way", async () => {
  const { engine, submit, replica, reopen, store } = fixture();
  engine.start();
  const blocks = await Promise.all(["a", "b", "c", "d"].map(submit));
  expect(new Set(blocks).size).toBeLessThanOrEqual(2);
  expect(await submit("e")).toBe(replica.blockNumber);
  expect(replica.store.headers(1, 9)).toHaveLength(replica.blockNumber);
  const root = replica.tree.root();
  const stateRoot = replica.state.map.root();
  await engine.stop();
  store.close();
  const again = reopen();
  expect(again.tree.root()).toEqual(root);
  expect(again.state.map.root()).toEqual(stateRoot);
  expect(again.blockNumber).toBe(replica.blockNumber);
  again.store.close();
});

test("nothing is acknowledged while the disk refuses, and nothing is lost when it is back", async () => {
  const { engine, submit, replica, faults } = fixture();
  const append = replica.store.append.bind(replica.store);
  let isFull = true;
  const { promise: refused, resolve } = Promise.withResolvers<void>();
  replica.store.append = (block) => {
    if (!isFull) return append(block);
    resolve();
    throw new Error("disk full");
  };
  engine.start();
  let isAnswered = false;
  const waiting = submit("a").finally(() => {
    isAnswered = true;
  });
  await refused;
  await Promise.resolve();
  expect(isAnswered).toBe(false);
  expect(engine.fault).toBe("node/storage-failed");
  expect(faults).toEqual(["node/storage-failed"]);
  expect(await submit("b")).toBe("node/storage-failed");
  isFull = false;
  expect(await waiting).toBe(1);
  expect(engine.fault).toBeNull();
  expect(await submit("b")).toBe(2);
  await engine.stop();
});

test("a clock that jumps stops the engine until it is set right", async () => {
  const { engine, submit, clock, faults } = fixture();
  engine.start();
  expect(await submit("a")).toBe(1);
  clock.jump(3_600_000);
  expect(await submit("b")).toBe("node/clock-jumped");
  expect(engine.fault).toBe("node/clock-jumped");
  expect(faults).toEqual(["node/clock-jumped"]);
  clock.jump(-3_600_000);
  expect(await submit("b")).toBe(2);
  expect(engine.fault).toBeNull();
  await engine.stop();
});

test("block times never go back, whatever the clock does", async () => {
  const { engine, submit, clock, replica } = fixture();
  engine.start();
  await submit("a");
  const first = replica.lastTimeMs;
  clock.jump(-5_000);
  await submit("b");
  expect(replica.lastTimeMs).toBe(first + 1n);
  await engine.stop();
});

test("what waits when the engine stops is answered, and not recorded", async () => {
  const { engine, submit, replica } = fixture();
  const waiting = submit("a");
  await engine.stop();
  expect(await waiting).toBe("node/stopping");
  expect(await submit("b")).toBe("node/stopping");
  expect(replica.blockNumber).toBe(0);
});

/** Sets, as the ledger keeps it, the timer of a disclosure that is to be acknowledged. */
function setTimer(replica: Replica, dueMs: bigint): Uint8Array {
  const disclosureKey = new Uint8Array(33).fill(5, 0, 32);
  const key = new Uint8Array(40);
  new DataView(key.buffer).setBigUint64(0, dueMs);
  replica.state.map.put("timers", key, encode(["acknowledgement", disclosureKey, 0]));
  return disclosureKey;
}

test("a timer that falls due makes a block by itself", async () => {
  const { engine, clock, replica } = fixture();
  const dueMs = BigInt(clock.nowMs() + 60_000);
  const key = setTimer(replica, dueMs);
  const hash = new Uint8Array(32);
  const record = [new Uint8Array(16), "pass", "a", "b", null, hash, hash, dueMs, null, false];
  replica.state.map.put("services/disclosures", key, encode(record));
  engine.start();
  expect(replica.blockNumber).toBe(0);
  clock.advance(60_000);
  const isThere = () => replica.blockNumber === 1;
  expect(await replica.committed.until(isThere, 10_000)).toBe(true);
  const [block] = [...replica.store.blocks(1)];
  expect(block?.transactions).toEqual([]);
  expect(block?.leaves).toHaveLength(2);
  await engine.stop();
});

test("a broken invariant stops the engine for good", async () => {
  const { engine, submit, clock, replica, faults } = fixture();
  setTimer(replica, BigInt(clock.nowMs()));
  engine.start();
  await engine.stop();
  expect(faults).toEqual(["node/ledger-broken"]);
  expect(await submit("a")).toBe("node/stopping");
  expect(replica.blockNumber).toBe(0);
});

test("a stored block that does not follow stops the node from opening", async () => {
  const { engine, submit, store, reopen, replica } = fixture();
  engine.start();
  await submit("a");
  await engine.stop();
  const block = replica.store.block(1);
  if (block === null) throw new Error("no block");
  store.append({ ...block, number: 2 });
  store.close();
  expect(reopen).toThrow(LedgerBroken);
});
