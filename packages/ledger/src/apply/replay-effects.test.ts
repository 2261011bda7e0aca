import { expect, test } from "vitest";
import { hashOf, messages, runningLedger, TestLedger } from "../../../../test/support/ledger.ts";
import { nodeHost } from "../../../../test/support/transactions.ts";
import { decodeEffects, encodeEffects } from "../effects.ts";
import { decodeLeaf, encodeLeaf, type HeaderLeaf, type TransactionLeaf } from "../leaves.ts";
import type { BlockResult } from "./apply-block.ts";
import { openLedger } from "./ledger-state.ts";
import { type EffectsBlock, replayEffects } from "./replay-effects.ts";

const ledger = runningLedger();
ledger.must("person:ann", messages.open());
const refused = ledger.block([
  ledger.sign("avon/act", [{ type: "agreements/accept", id: "none" }]),
]) as BlockResult;

const stored = ({ leaves, effects, records }: BlockResult): EffectsBlock => ({
  leaves,
  effects,
  transactions: records.map(({ bytes }) => bytes),
});
const blocks = ledger.results.map(stored);
const before = (count: number) => {
  const state = openLedger(nodeHost, ledger.genesisBytes);
  for (const block of blocks.slice(0, count)) replayEffects(nodeHost, state, block);
  return state;
};
const codeOf = (count: number, change: (block: EffectsBlock) => EffectsBlock): string => {
  const replayed = replayEffects(nodeHost, before(count), change(blocks[count] as EffectsBlock));
  return replayed.ok ? "ok" : replayed.code;
};

const leafAt = <L>(block: EffectsBlock, at: number): L => {
  const decoded = decodeLeaf(block.leaves.at(at) as Uint8Array);
  if (!decoded.ok) throw new Error(decoded.code);
  return decoded.leaf as L;
};
const withHeader = (block: EffectsBlock, change: Partial<HeaderLeaf>): EffectsBlock => ({
  ...block,
  leaves: [
    ...block.leaves.slice(0, -1),
    encodeLeaf({ ...leafAt<HeaderLeaf>(block, -1), ...change }),
  ],
});
const withLeaf = (block: EffectsBlock, change: Partial<TransactionLeaf>): EffectsBlock => ({
  ...block,
  leaves: [
    encodeLeaf({ ...leafAt<TransactionLeaf>(block, 0), ...change }),
    ...block.leaves.slice(1),
  ],
});

test("blocks as they were stored are replayed", () => {
  expect(codeOf(0, (block) => block)).toBe("ok");
  expect(codeOf(4, (block) => block)).toBe("ok");
});

test("a body that has been dropped leaves the replay as it is", () => {
  expect(codeOf(0, (block) => ({ ...block, transactions: [new Uint8Array()] }))).toBe("ok");
});

const other = hashOf("other");
const someBytes = new TestLedger().sign("avon/act", [{ type: "agreements/accept", id: "x" }]);

test.each<[string, string, (block: EffectsBlock) => EffectsBlock]>([
  ["replay/no-header", "the header is missing", (b) => ({ ...b, leaves: b.leaves.slice(0, -1) })],
  ["replay/no-header", "there are no leaves", (b) => ({ ...b, leaves: [] })],
  ["replay/wrong-header", "the number skips one", (b) => withHeader(b, { number: 9n })],
  ["replay/wrong-header", "time goes back", (b) => withHeader(b, { timeMs: 1n })],
  ["replay/wrong-header", "the chain breaks", (b) => withHeader(b, { previousHeaderHash: other })],
  [
    "replay/wrong-header",
    "the place in the log is another",
    (b) => withHeader(b, { firstIndex: 7 }),
  ],
  ["replay/wrong-header", "a leaf is missing", (b) => ({ ...b, leaves: b.leaves.slice(1) })],
  ["replay/wrong-header", "effects are missing", (b) => ({ ...b, effects: [] })],
  ["replay/wrong-leaf", "a leaf is of another block", (b) => withLeaf(b, { block: 9n })],
  ["replay/wrong-leaf", "a leaf is out of order", (b) => withLeaf(b, { index: 3 })],
  ["replay/wrong-leaf", "a leaf has another time", (b) => withLeaf(b, { blockTimeMs: 1n })],
  ["replay/wrong-transaction", "the id is another", (b) => withLeaf(b, { id: other })],
  ["replay/wrong-transaction", "a body is missing", (b) => ({ ...b, transactions: [] })],
  ["replay/wrong-transaction", "a body is another", (b) => ({ ...b, transactions: [someBytes] })],
  [
    "replay/wrong-effects",
    "effects cannot be read",
    (b) => ({ ...b, effects: [new Uint8Array([0xff])] }),
  ],
  ["replay/wrong-digest", "effects are empty", (b) => ({ ...b, effects: [encodeEffects(empty)] })],
  ["replay/wrong-digest", "the digest is another", (b) => withHeader(b, { effectsDigest: other })],
  ["replay/wrong-root", "the state root is another", (b) => withHeader(b, { stateRoot: other })],
])("%s when %s", (code, _when, change) => {
  expect(codeOf(4, change)).toBe(code);
});

const empty = { writes: [], events: [] };

test("a transaction that was refused has no effects", () => {
  const at = ledger.results.indexOf(refused);
  const stolen = decodeEffects(blocks[4]?.effects[0] as Uint8Array);
  if (!stolen.ok) throw new Error(stolen.code);
  const effects = [encodeEffects(stolen.effects)];
  expect(codeOf(at, (block) => block)).toBe("ok");
  expect(codeOf(at, (block) => ({ ...block, effects }))).toBe("replay/wrong-effects");
});
