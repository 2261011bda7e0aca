import { toHex } from "@tallystick/log";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeSha256 as sha } from "../../../test/support/hosts.ts";
import { type CborInput, encode } from "./cbor.ts";
import { decodeEffects, type Effects, effectsDigest, encodeEffects } from "./effects.ts";
import { decodeLeaf, encodeLeaf, type Leaf, MAX_LEAF_BYTES, type Outcome } from "./leaves.ts";

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const natural = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n });
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant({ ok: true } as const),
  fc.record({
    ok: fc.constant(false as const),
    messageIndex: fc.nat({ max: 15 }),
    code: fc.constantFrom("services/wrong-state", "members/role-2"),
  }),
);
const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);
const words = fc.string({ minLength: 1, maxLength: 50 });
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({
    kind: kind("transaction"),
    block: natural,
    index: count,
    blockTimeMs: natural,
    id: hash,
    bytesHash: hash,
    outcome,
  }),
  fc.record({
    kind: kind("timer"),
    block: natural,
    index: count,
    timerId: fc.uint8Array({ maxLength: 40 }),
    outcome,
  }),
  fc.record({
    kind: kind("header"),
    number: natural,
    timeMs: natural,
    previousHeaderHash: hash,
    firstIndex: count,
    count,
    effectsDigest: hash,
    stateRoot: hash,
    proposer: fc.constant("council-service"),
    site: fc.constant("hall-1"),
    protocolVersion: count,
  }),
  fc.record({ kind: kind("close"), lastHeaderHash: hash, reason: words }),
);

test("every leaf comes back from its bytes", () => {
  fc.assert(
    fc.property(leaf, (any) => {
      expect(decodeLeaf(encodeLeaf(any))).toEqual({ ok: true, leaf: any });
    }),
  );
});

test("no changed byte gives the same leaf, and none gives a second encoding", () => {
  fc.assert(
    fc.property(leaf, fc.nat(), fc.integer({ min: 1, max: 255 }), (any, place, flip) => {
      const bytes = encodeLeaf(any);
      const at = place % bytes.length;
      bytes[at] = (bytes[at] as number) ^ flip;
      const decoded = decodeLeaf(bytes);
      if (!decoded.ok) return;
      expect(decoded.leaf).not.toEqual(any);
      expect(toHex(encodeLeaf(decoded.leaf))).toBe(toHex(bytes));
    }),
    { numRuns: 2_000 },
  );
});

const h = new Uint8Array(32);
const withOutcome = (value: CborInput): CborInput => [1, 7, 0, 1, h, h, value];
const REFUSED: readonly [string, Uint8Array, string][] = [
  ["65,536 bytes", new Uint8Array(MAX_LEAF_BYTES + 1), "leaf/too-large"],
  ["a map", new Uint8Array([0xa0]), "leaf/not-deterministic"],
  ["no array", encode(1), "leaf/bad-shape"],
  ["no kind", encode([]), "leaf/unknown-kind"],
  ["kind 5", encode([5, 1]), "leaf/unknown-kind"],
  ["an item too many", encode([1, 7, 0, 1, h, h, 0, 0]), "leaf/bad-shape"],
  ["an item too few", encode([1, 7, 0, 1, h, h]), "leaf/bad-shape"],
  ["a short id", encode([1, 7, 0, 1, new Uint8Array(31), h, 0]), "leaf/bad-shape"],
  ["a negative index", encode([1, 7, -1, 1, h, h, 0]), "leaf/bad-shape"],
  ["an unsafe index", encode([1, 7, 1n << 53n, 1, h, h, 0]), "leaf/bad-shape"],
  ["outcome 1", encode(withOutcome(1)), "leaf/bad-shape"],
  ["message 16", encode(withOutcome([16, "a/b"])), "leaf/bad-shape"],
  ["a code without module", encode(withOutcome([0, "b"])), "leaf/bad-shape"],
  ["a code with two slashes", encode(withOutcome([0, "a/b/c"])), "leaf/bad-shape"],
  ["a code in capitals", encode(withOutcome([0, "A/b"])), "leaf/bad-shape"],
  ["an empty reason", encode(withOutcome([0, "a/"])), "leaf/bad-shape"],
  ["a long code", encode(withOutcome([0, `a/${"b".repeat(63)}`])), "leaf/bad-shape"],
  ["an outcome of three", encode(withOutcome([0, "a/b", 0])), "leaf/bad-shape"],
];

test.each(REFUSED)("a leaf with %s is refused", (_what, bytes, code) => {
  expect(decodeLeaf(bytes)).toEqual({ ok: false, code });
});

test("what could not be read back cannot be written", () => {
  const close: Leaf = { kind: "close", lastHeaderHash: new Uint8Array(31), reason: "moved" };
  expect(() => encodeLeaf(close)).toThrow(RangeError);
});

const write = fc.record({
  module: fc.constantFrom("services", "members", "timers"),
  key: fc.uint8Array({ maxLength: 4 }),
  value: fc.option(fc.uint8Array({ maxLength: 8 })),
});
const writes = fc.uniqueArray(write, {
  maxLength: 12,
  selector: ({ module, key }) => `${module}/${toHex(key)}`,
});
const event = fc.record({
  name: fc.constantFrom("services/opened", "members/key-added"),
  fields: fc.array(fc.oneof(natural, fc.uint8Array(), fc.constant(null)), { maxLength: 3 }),
});
const effects: fc.Arbitrary<Effects> = fc.record({ writes, events: fc.array(event) });

test("effects come back, their writes in order, whatever order they were made in", () => {
  fc.assert(
    fc.property(effects, (any) => {
      const bytes = encodeEffects(any);
      const turned = { ...any, writes: [...any.writes].reverse() };
      expect(toHex(encodeEffects(turned))).toBe(toHex(bytes));
      const decoded = decodeEffects(bytes);
      if (!decoded.ok) throw new Error(decoded.code);
      expect(decoded.effects.events).toEqual(any.events);
      expect(new Set(decoded.effects.writes)).toEqual(new Set(any.writes));
      expect(toHex(encodeEffects(decoded.effects))).toBe(toHex(bytes));
    }),
  );
});

test("effects in another form are refused", () => {
  const key = new Uint8Array(1);
  const refused: [CborInput, string][] = [
    [
      [
        [
          ["b", key, null],
          ["a", key, null],
        ],
        [],
      ],
      "effects/writes-out-of-order",
    ],
    [
      [
        [
          ["a", key, null],
          ["a", key, key],
        ],
        [],
      ],
      "effects/writes-out-of-order",
    ],
    [[[["a", key]], []], "effects/bad-shape"],
    [[[], [[]]], "effects/bad-shape"],
    [[[], [[7]]], "effects/bad-shape"],
    [[[]], "effects/bad-shape"],
    [null, "effects/bad-shape"],
  ];
  for (const [value, code] of refused) {
    expect(decodeEffects(encode(value))).toEqual({ ok: false, code });
  }
  expect(decodeEffects(new Uint8Array())).toEqual({ ok: false, code: "effects/not-deterministic" });
  const one = { module: "a", key, value: null };
  expect(() => encodeEffects({ writes: [one, one], events: [] })).toThrow(RangeError);
});

test("the digest binds each leaf's effects and where one ends", () => {
  const of = (...parts: number[][]): string =>
    toHex(
      effectsDigest(
        sha,
        parts.map((part) => new Uint8Array(part)),
      ),
    );
  const all = [of(), of([]), of([1, 2]), of([1], [2]), of([2], [1]), of([1, 2], [])];
  expect(new Set(all).size).toBe(all.length);
});
