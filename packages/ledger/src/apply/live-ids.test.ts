import { expect, test } from "vitest";
import { hashOf } from "../../../../test/support/ledger.ts";
import { LiveIds } from "./live-ids.ts";

test("an id is forgotten only once every block would refuse it as expired", () => {
  const ids = new LiveIds();
  ids.add(hashOf("one"), 5_500n);
  ids.add(hashOf("two"), 5_999n);
  ids.add(hashOf("three"), 9_000n);
  for (const nowMs of [5_400n, 5_500n, 5_999n]) {
    ids.prune(nowMs);
    expect(ids.has(hashOf("one"))).toBe(true);
  }
  expect(ids.size).toBe(3);
  ids.prune(6_000n);
  expect(ids.size).toBe(1);
  expect(ids.has(hashOf("two"))).toBe(false);
  expect(ids.has(hashOf("three"))).toBe(true);
});

test("an id added twice is one id", () => {
  const ids = new LiveIds();
  ids.add(hashOf("one"), 1_000n);
  ids.add(hashOf("one"), 1_000n);
  expect(ids.size).toBe(1);
  ids.prune(2_000n);
  expect(ids.size).toBe(0);
});
