import type { Transaction } from "@tallystick/ledger";
import { expect, test } from "vitest";
import { testClock } from "../testing/network.ts";
import { ClockWatch, MAX_CLOCK_JUMP_MS } from "./clock.ts";
import {
  type Fate,
  MAX_BLOCK_TRANSACTIONS,
  MAX_PENDING_BYTES,
  MAX_PENDING_PER_KEY,
  MAX_PENDING_TRANSACTIONS,
  PendingQueue,
} from "./queue.ts";
import { Signal } from "./signal.ts";

const ignore = (): void => {};
const numbered = (number: number, first: number): Uint8Array => {
  const bytes = new Uint8Array(32).fill(first);
  new DataView(bytes.buffer).setUint32(4, number);
  return bytes;
};
const transaction = (number: number, key = number, size = 100): Transaction =>
  ({
    id: numbered(number, 1),
    keyId: numbered(key, 2),
    bytes: new Uint8Array(size),
  }) as unknown as Transaction;

test("a transaction waits once, until it is settled", () => {
  const queue = new PendingQueue();
  const fates: Fate[] = [];
  const one = transaction(1);
  expect(queue.add(one, (fate) => fates.push(fate))).toBeNull();
  expect(queue.add(one, ignore)).toBe("transaction/repeated");
  expect(queue.take().map(({ id }) => id)).toEqual([one.id]);
  expect(queue.size).toBe(0);
  expect(queue.add(one, ignore)).toBe("transaction/repeated");
  queue.settle(one.id, { recorded: false, code: "transaction/expired" });
  expect(fates).toEqual([{ recorded: false, code: "transaction/expired" }]);
  expect(queue.add(one, ignore)).toBeNull();
});

test("one key cannot fill the queue", () => {
  const queue = new PendingQueue();
  for (let i = 0; i < MAX_PENDING_PER_KEY; i++) {
    expect(queue.add(transaction(i, 7), ignore)).toBeNull();
  }
  expect(queue.add(transaction(9999, 7), ignore)).toBe("node/too-many-from-key");
  expect(queue.add(transaction(9999, 8), ignore)).toBeNull();
  const [first] = queue.take();
  expect(queue.add(transaction(10_000, 7), ignore)).toBe("node/too-many-from-key");
  queue.settle(first?.id ?? new Uint8Array(), { recorded: false, code: "x" });
  expect(queue.add(transaction(10_000, 7), ignore)).toBeNull();
});

test("the queue is bounded in number and in bytes, and a block too", () => {
  const queue = new PendingQueue();
  for (let i = 0; i < MAX_PENDING_TRANSACTIONS; i++) queue.add(transaction(i), ignore);
  expect(queue.add(transaction(99_999), ignore)).toBe("node/busy");
  expect(queue.take()).toHaveLength(MAX_BLOCK_TRANSACTIONS);
  expect(queue.add(transaction(99_999), ignore)).toBe("node/busy");
  const other = new PendingQueue();
  expect(other.add(transaction(1, 1, MAX_PENDING_BYTES), ignore)).toBeNull();
  expect(other.add(transaction(2), ignore)).toBe("node/busy");
});

test("stopping answers everything that waits", () => {
  const queue = new PendingQueue();
  const fates: Fate[] = [];
  queue.add(transaction(1), (fate) => fates.push(fate));
  queue.take();
  queue.add(transaction(2), (fate) => fates.push(fate));
  queue.settleAll("node/stopping");
  expect(fates).toEqual(Array(2).fill({ recorded: false, code: "node/stopping" }));
});

test("a signal wakes those who wait, and closing wakes them for good", async () => {
  const signal = new Signal();
  let count = 0;
  const waiting = signal.until(() => count >= 2, 60_000);
  for (let i = 0; i < 2; i++) {
    count++;
    signal.notify();
    await Promise.resolve();
  }
  expect(await waiting).toBe(true);
  const never = signal.until(() => false, 60_000);
  expect(signal.waiting).toBe(1);
  signal.close();
  expect(await never).toBe(false);
  expect(await signal.until(() => false, 60_000)).toBe(false);
  expect(signal.waiting).toBe(0);
});

test("who goes away no longer waits", async () => {
  const signal = new Signal();
  const abort = new AbortController();
  const waiting = signal.until(() => false, 60_000, abort.signal);
  abort.abort();
  expect(await waiting).toBe(false);
  expect(signal.waiting).toBe(0);
});

test("a clock that jumps is noticed, a quiet week is not", () => {
  const clock = testClock();
  const watch = new ClockWatch(clock);
  clock.advance(7 * 24 * 3_600_000);
  expect(watch.jumpMs()).toBeNull();
  clock.jump(MAX_CLOCK_JUMP_MS);
  expect(watch.jumpMs()).toBeNull();
  clock.jump(1);
  expect(watch.jumpMs()).toBe(MAX_CLOCK_JUMP_MS + 1);
  clock.jump(-3 * MAX_CLOCK_JUMP_MS);
  expect(watch.jumpMs()).toBeLessThan(-MAX_CLOCK_JUMP_MS);
});
