import { createHash } from "node:crypto";
import { compare, toHex } from "@tallystick/log";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeSha256 as sha } from "../../../../test/support/hosts.ts";
import { StateMap } from "./state-map.ts";
import {
  decodeStateProof,
  encodeStateProof,
  type StateProof,
  verifyStateProof,
} from "./state-proof.ts";

// The root once more, written from spec/state-proof.md and sharing nothing with the code: a
// recursion over the whole sorted content, with strings of bits.

interface Entry {
  readonly module: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const digest = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const bitsOf = (hash: Buffer): string =>
  [...hash].map((byte) => byte.toString(2).padStart(8, "0")).join("");

const naiveRoot = (entries: readonly Entry[]): string => {
  const leaves = entries.map(({ module, key, value }) => {
    const keyHash = digest(module, "\0", key);
    return { bits: bitsOf(keyHash), hash: digest("\0", keyHash, digest(value)) };
  });
  const subtree = (prefix: string): Buffer => {
    const inside = leaves.filter(({ bits }) => bits.startsWith(prefix));
    if (inside.length === 0) return Buffer.alloc(32);
    if (inside.length === 1) return (inside[0] as { hash: Buffer }).hash;
    return digest(subtree(`${prefix}0`), subtree(`${prefix}1`));
  };
  return subtree("").toString("hex");
};

const MODULES = ["members", "services"];
const key = fc.uint8Array({ minLength: 0, maxLength: 2 });
const place = fc.record({ module: fc.constantFrom(...MODULES), key });
const entry: fc.Arbitrary<Entry> = fc.record({
  module: fc.constantFrom(...MODULES),
  key,
  value: fc.uint8Array({ maxLength: 5 }),
});
const nameOf = ({ module, key }: Pick<Entry, "module" | "key">): string =>
  `${module}/${toHex(key)}`;
const entries = (maxLength: number): fc.Arbitrary<Entry[]> =>
  fc.uniqueArray(entry, { maxLength, selector: nameOf });

const mapOf = (all: readonly Entry[]): StateMap => {
  const map = new StateMap(sha);
  for (const { module, key, value } of all) map.put(module, key, value);
  return map;
};

/** A put, or a delete where the value is null; often of a key that is there already. */
const step: fc.Arbitrary<Step> = fc.record({
  module: fc.constantFrom(...MODULES),
  key: fc.oneof(fc.constantFrom(...[1, 2, 3, 4].map((n) => new Uint8Array([n]))), key),
  value: fc.option(fc.uint8Array({ maxLength: 3 })),
});
type Step = Pick<Entry, "module" | "key"> & { readonly value: Uint8Array | null };

class Model {
  readonly entries: Map<string, Entry> = new Map();
  apply({ module, key, value }: Step): void {
    if (value === null) this.entries.delete(nameOf({ module, key }));
    else this.entries.set(nameOf({ module, key }), { module, key, value });
  }
  sorted(module: string): [Uint8Array, Uint8Array][] {
    const mine = [...this.entries.values()].filter((entry) => entry.module === module);
    mine.sort((a, b) => compare(a.key, b.key));
    return mine.map(({ key, value }) => [key, value]);
  }
}

const applyStep = (map: StateMap, { module, key, value }: Step): void => {
  if (value === null) map.delete(module, key);
  else map.put(module, key, value);
};

describe("the root", () => {
  test("is 32 zero bytes for nothing, and the one leaf's hash for one key", () => {
    const map = new StateMap(sha);
    expect(toHex(map.root())).toBe("00".repeat(32));
    map.put("m", new Uint8Array([1]), new Uint8Array([2]));
    const keyHash = digest("m", "\0", new Uint8Array([1]));
    const leaf = digest("\0", keyHash, digest(new Uint8Array([2])));
    expect(toHex(map.root())).toBe(leaf.toString("hex"));
  });

  test("is the naive one for every content", () => {
    fc.assert(
      fc.property(entries(60), (all) => {
        expect(toHex(mapOf(all).root())).toBe(naiveRoot(all));
      }),
    );
  });

  test("is the naive one for 3,000 keys, and again when half are gone", () => {
    const all = Array.from({ length: 3_000 }, (_, n): Entry => {
      return { module: "services", key: digest(`key ${n}`), value: digest(`value ${n}`) };
    });
    const map = mapOf(all);
    expect(toHex(map.root())).toBe(naiveRoot(all));
    for (const { module, key } of all.slice(1_500)) map.delete(module, key);
    expect(toHex(map.root())).toBe(naiveRoot(all.slice(0, 1_500)));
    expect(map.count).toBe(1_500);
    for (const { module, key } of all.slice(0, 1_500)) map.delete(module, key);
    expect(toHex(map.root())).toBe("00".repeat(32));
  });

  test("follows from the content, not from the way there", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const model = new Model();
        const map = new StateMap(sha);
        for (const [at, one] of steps.entries()) {
          model.apply(one);
          applyStep(map, one);
          if (at % 7 === 0) map.root();
          if (at % 5 === 0) map.snapshot();
        }
        const content = [...model.entries.values()];
        expect(toHex(map.root())).toBe(naiveRoot(content));
        expect(map.count).toBe(content.length);
        expect(toHex(mapOf(content.reverse()).root())).toBe(toHex(map.root()));
      }),
      { numRuns: 300 },
    );
  });
});

describe("reading", () => {
  test("get and range answer as a sorted list does, module by module", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), key, fc.option(key), (steps, from, to) => {
        const model = new Model();
        const map = new StateMap(sha);
        for (const one of steps) {
          model.apply(one);
          applyStep(map, one);
        }
        for (const module of MODULES) {
          const wanted = model
            .sorted(module)
            .filter(([k]) => compare(k, from) >= 0 && (to === null || compare(k, to) < 0));
          expect([...map.range(module, from, to)]).toEqual(wanted);
          for (const [k, value] of model.sorted(module)) expect(map.get(module, k)).toEqual(value);
        }
        expect(map.get("elsewhere", from)).toBe(undefined);
        expect([...map.range("elsewhere", from, to)]).toEqual([]);
      }),
    );
  });

  test("ten thousand keys stay in order while they come and go", () => {
    const map = new StateMap(sha);
    const keys = Array.from({ length: 10_000 }, (_, n) => new Uint8Array(digest(`${n}`)));
    for (const k of keys) map.put("m", k, k);
    for (const k of keys.slice(0, 4_000)) map.delete("m", k);
    const wanted = keys.slice(4_000).sort(compare);
    const found = [...map.range("m", new Uint8Array(0), null)].map(([k]) => k);
    expect(found.map(toHex)).toEqual(wanted.map(toHex));
    for (const k of keys.slice(0, 10)) expect(map.get("m", k)).toBe(undefined);
  });

  test("what is read may be deleted, and what is written ahead is read, meanwhile", () => {
    const map = new StateMap(sha);
    const keyOf = (n: number): Uint8Array => new Uint8Array([n >> 8, n & 255]);
    for (let n = 0; n < 2_000; n += 2) map.put("timers", keyOf(n), keyOf(n));
    const seen: number[] = [];
    for (const [k] of map.range("timers", keyOf(0), null)) {
      const n = (k[0] as number) * 256 + (k[1] as number);
      seen.push(n);
      map.delete("timers", k);
      if (n % 2 === 0) map.put("timers", keyOf(n + 1), k);
    }
    expect(seen).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
    expect(map.count).toBe(0);
  });

  test("keys and values have limits, and a module has a name", () => {
    const map = new StateMap(sha);
    const empty = new Uint8Array(0);
    expect(() => map.put("m", new Uint8Array(513), empty)).toThrow(RangeError);
    expect(() => map.put("m", empty, new Uint8Array(1_048_577))).toThrow(RangeError);
    expect(() => map.put("", empty, empty)).toThrow(RangeError);
    expect(() => map.put("a\0b", empty, empty)).toThrow(RangeError);
    map.put("m", new Uint8Array(512), empty);
    expect(map.get("m", new Uint8Array(512))).toEqual(empty);
  });
});

describe("a snapshot", () => {
  test("stays as it was, whatever is written afterwards", () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 20 }), { maxLength: 6 }), (rounds) => {
        const model = new Model();
        const map = new StateMap(sha);
        const kept = rounds.map((steps) => {
          for (const one of steps) {
            model.apply(one);
            applyStep(map, one);
          }
          return { snapshot: map.snapshot(), content: [...model.entries.values()] };
        });
        for (const { snapshot, content } of kept) {
          expect(toHex(snapshot.root)).toBe(naiveRoot(content));
          for (const { module, key, value } of content) {
            expect(snapshot.get(module, key)).toEqual(value);
            const proof = snapshot.prove(module, key);
            expect(verifyStateProof(sha, snapshot.root, module, key, proof)).toEqual({
              ok: true,
              value,
            });
          }
        }
      }),
    );
  });
});

describe("proofs", () => {
  const check = (map: StateMap, module: string, key: Uint8Array, proof: StateProof) =>
    verifyStateProof(sha, map.root(), module, key, proof);

  test("every key's value is proved, and every other key's absence", () => {
    fc.assert(
      fc.property(entries(40), fc.array(place, { maxLength: 20 }), (all, others) => {
        const map = mapOf(all);
        const snapshot = map.snapshot();
        for (const { module, key } of [...all, ...others]) {
          const value = map.get(module, key) ?? null;
          const proof = snapshot.prove(module, key);
          expect(check(map, module, key, proof)).toEqual({ ok: true, value });
          expect(decodeStateProof(encodeStateProof(proof))).toEqual({ ok: true, proof });
        }
      }),
    );
  });

  test("both kinds of absence occur: an empty slot and another key's leaf", () => {
    const map = mapOf(
      [0, 1, 2, 3, 4, 5].map((n) => {
        return { module: "m", key: new Uint8Array([n]), value: new Uint8Array([n]) };
      }),
    );
    const snapshot = map.snapshot();
    const kinds = new Set<string>();
    for (let n = 6; n < 200; n += 1) {
      const proof = snapshot.prove("m", new Uint8Array([n]));
      kinds.add(proof.otherLeaf === null ? "empty" : "other");
      expect(check(map, "m", new Uint8Array([n]), proof)).toEqual({ ok: true, value: null });
    }
    expect(kinds.size).toBe(2);
  });

  test("no proof of a content proves anything of another", () => {
    fc.assert(
      fc.property(
        entries(20),
        entry,
        fc.option(fc.uint8Array({ maxLength: 5 })),
        (all, one, value) => {
          const before = mapOf(all);
          const after = mapOf(all);
          applyStep(after, { ...one, value });
          const proof = before.snapshot().prove(one.module, one.key);
          const same = toHex(before.root()) === toHex(after.root());
          expect(check(after, one.module, one.key, proof).ok).toBe(same);
        },
      ),
    );
  });

  /** Each takes a good proof and tells a lie with it. */
  const forgeries: [string, (proof: StateProof) => StateProof][] = [
    [
      "another value",
      (proof) => ({ ...proof, value: new Uint8Array([0xff, 0xff]), otherLeaf: null }),
    ],
    ["absent, the slot empty", (proof) => ({ ...proof, value: null, otherLeaf: null })],
    [
      "absent, itself as the other leaf",
      (proof) => ({
        ...proof,
        value: null,
        otherLeaf: { keyHash: proof.keyHash, valueHash: sha.one(proof.value ?? new Uint8Array(0)) },
      }),
    ],
    ["no siblings", (proof) => ({ ...proof, siblings: [], bitmap: new Uint8Array(32) })],
    ["a sibling left out", (proof) => ({ ...proof, siblings: proof.siblings.slice(1) })],
    [
      "a sibling too many",
      (proof) => ({ ...proof, siblings: [...proof.siblings, sha.one(new Uint8Array(1))] }),
    ],
    [
      "siblings from the root down",
      (proof) => ({ ...proof, siblings: [...proof.siblings].reverse() }),
    ],
    [
      "a bit more in the bitmap",
      (proof) => ({ ...proof, bitmap: proof.bitmap.map((b, i) => (i === 31 ? b ^ 1 : b)) }),
    ],
    [
      "an empty sibling announced",
      (proof) => ({
        ...proof,
        bitmap: proof.bitmap.map((b, i) => (i === 31 ? b | 1 : b)),
        siblings: [new Uint8Array(32), ...proof.siblings],
      }),
    ],
    ["the key hash of another key", (proof) => ({ ...proof, keyHash: sha.one(proof.keyHash) })],
    ["a short bitmap", (proof) => ({ ...proof, bitmap: proof.bitmap.subarray(1) })],
    [
      "a short sibling",
      (proof) => ({ ...proof, siblings: proof.siblings.map((s) => s.subarray(1)) }),
    ],
  ];

  const all = Array.from({ length: 9 }, (_, n): Entry => {
    return { module: "m", key: new Uint8Array([n]), value: new Uint8Array([n]) };
  });

  test.each(forgeries)("%s is refused", (_what, forge) => {
    const map = mapOf(all);
    const snapshot = map.snapshot();
    for (const { module, key } of all) {
      const proof = snapshot.prove(module, key);
      expect(proof.siblings.length).toBeGreaterThan(1);
      expect(check(map, module, key, forge(proof)).ok).toBe(false);
    }
  });

  test("an empty sibling is never announced, although the root would be the same", () => {
    const map = mapOf(all);
    const snapshot = map.snapshot();
    let gaps = 0;
    for (const { module, key } of all) {
      const proof = snapshot.prove(module, key);
      const bits = bitsOf(Buffer.from(proof.bitmap));
      const gap = bits.lastIndexOf("0", bits.lastIndexOf("1"));
      if (gap < 0) continue;
      gaps += 1;
      const below = [...bits.slice(gap)].filter((bit) => bit === "1").length;
      const siblings = [...proof.siblings];
      siblings.splice(below, 0, new Uint8Array(32));
      const bitmap = proof.bitmap.map((byte, i) =>
        i === gap >> 3 ? byte | (0x80 >> (gap & 7)) : byte,
      );
      const verdict = check(map, module, key, { ...proof, bitmap, siblings });
      expect(verdict).toEqual({ ok: false, code: "state-proof/bad-shape" });
    }
    expect(gaps).toBeGreaterThan(0);
  });

  test("a neighbour's leaf cannot stand for an absence that is not there", () => {
    const map = mapOf(all);
    const snapshot = map.snapshot();
    for (const one of all) {
      for (const two of all) {
        if (one === two) continue;
        const proof = snapshot.prove("m", one.key);
        const neighbour = snapshot.prove("m", two.key);
        const otherLeaf = { keyHash: neighbour.keyHash, valueHash: sha.one(two.value) };
        const claims = [
          { ...proof, value: null, otherLeaf },
          { ...neighbour, keyHash: proof.keyHash, value: null, otherLeaf },
          { ...neighbour, keyHash: proof.keyHash },
        ];
        for (const claim of claims) expect(check(map, "m", one.key, claim).ok).toBe(false);
      }
    }
  });

  test("a proof has one encoding", () => {
    const map = mapOf(all);
    const bytes = encodeStateProof(map.snapshot().prove("m", new Uint8Array([3])));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const decoded = decodeStateProof(changed);
      if (!decoded.ok) continue;
      expect(toHex(encodeStateProof(decoded.proof))).toBe(toHex(changed));
      expect(check(map, "m", new Uint8Array([3]), decoded.proof).ok, `bit ${bit}`).toBe(false);
    }
    expect(decodeStateProof(new Uint8Array())).toEqual({
      ok: false,
      code: "state-proof/not-deterministic",
    });
    expect(decodeStateProof(new Uint8Array([0x80]))).toEqual({
      ok: false,
      code: "state-proof/bad-shape",
    });
  });

  test("each refusal has its code", () => {
    const map = mapOf(all);
    const key = new Uint8Array([3]);
    const proof = map.snapshot().prove("m", key);
    const codeOf = (module: string, claim: StateProof, root = map.root()): string => {
      const verdict = verifyStateProof(sha, root, module, key, claim);
      return verdict.ok ? "ok" : verdict.code;
    };
    expect(codeOf("m", proof)).toBe("ok");
    expect(codeOf("m", { ...proof, siblings: [] })).toBe("state-proof/bad-shape");
    expect(codeOf("n", proof)).toBe("state-proof/other-key");
    expect(codeOf("m", proof, sha.one(key))).toBe("state-proof/wrong-root");
  });
});
