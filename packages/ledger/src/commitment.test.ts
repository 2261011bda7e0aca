import { createHash } from "node:crypto";
import { hashLeaf, LogTree, toHex } from "@tallystick/log";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeSha256 as sha } from "../../../test/support/hosts.ts";
import { encode } from "./cbor.ts";
import {
  type CommitmentInput,
  type CommittedField,
  commit,
  type FieldOpening,
  fieldLeaf,
  openField,
  verifyField,
} from "./commitment.ts";

const networkId = new Uint8Array(32).fill(1);
const caseId = new Uint8Array(16).fill(2);
const saltOf = (n: number): Uint8Array => new Uint8Array(32).fill(n);

const fieldsOf = (count: number): CommittedField[] =>
  Array.from({ length: count }, (_, n) => {
    return { name: `field-${n}`, salt: saltOf(n), value: n % 3 === 0 ? null : `value ${n}` };
  });

const inputOf = (count: number): CommitmentInput => {
  return { networkId, caseId, fields: fieldsOf(count) };
};

// The root once more, from spec/commitment.md, for sizes that are a power of two times 16 or not.
const digest = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const naiveRoot = ({ fields }: CommitmentInput): string => {
  const padded = [...fields];
  while (padded.length % 16 !== 0) {
    const salts = fields.map(({ salt }) => salt);
    const salt = digest("tallystick/commitment/padding/v1", encode([salts, padded.length]));
    padded.push({ name: "", salt: new Uint8Array(salt), value: null });
  }
  const leaves = padded.map(({ name, salt, value }) =>
    digest("\0", "tallystick/commitment/v1", encode([networkId, caseId, name, salt, value])),
  );
  const root = (part: Buffer[]): Buffer => {
    if (part.length === 1) return part[0] as Buffer;
    let split = 1;
    while (split * 2 < part.length) split *= 2;
    return digest("\x01", root(part.slice(0, split)), root(part.slice(split)));
  };
  return root(leaves).toString("hex");
};

test("the root is RFC 6962's over salted leaves, padded to a multiple of 16", () => {
  for (let count = 1; count <= 50; count += 1) {
    expect(toHex(commit(sha, inputOf(count))), `${count} fields`).toBe(naiveRoot(inputOf(count)));
  }
});

test("every field of every size opens, and its proof tells only the size padded", () => {
  for (const count of [1, 2, 15, 16, 17, 33, 48, 49]) {
    const input = inputOf(count);
    const root = commit(sha, input);
    for (const { name } of input.fields) {
      const opening = openField(sha, input, name) as FieldOpening;
      expect(opening.size).toBe(Math.ceil(count / 16) * 16);
      expect(verifyField(sha, { root, networkId, caseId, opening })).toBe(true);
    }
    expect(openField(sha, input, "unknown")).toBe(null);
    expect(openField(sha, input, "")).toBe(null);
  }
});

describe("an opening is refused", () => {
  const input = inputOf(5);
  const root = commit(sha, input);
  const opening = openField(sha, input, "field-1") as FieldOpening;
  const holds = (change: Partial<FieldOpening>): boolean =>
    verifyField(sha, { root, networkId, caseId, opening: { ...opening, ...change } });
  const { field } = opening;

  const changes: [string, Partial<FieldOpening>][] = [
    ["with another value", { field: { ...field, value: "value 2" } }],
    ["with no value", { field: { ...field, value: null } }],
    ["under another name", { field: { ...field, name: "field-2" } }],
    ["under no name", { field: { ...field, name: "" } }],
    ["with another salt", { field: { ...field, salt: saltOf(9) } }],
    ["with a short salt", { field: { ...field, salt: new Uint8Array(31) } }],
    ["at another index", { index: opening.index + 1 }],
    ["at a negative index", { index: -1 }],
    ["beyond the end", { index: 16 }],
    ["in a tree of another size", { size: 32 }],
    ["in a tree of no padded size", { size: 15 }],
    ["without its proof", { proof: [] }],
    ["with half its proof", { proof: opening.proof.slice(1) }],
    ["with a proof turned round", { proof: [...opening.proof].reverse() }],
  ];
  test.each(changes)("%s", (_what, change) => {
    expect(holds({})).toBe(true);
    expect(holds(change)).toBe(false);
  });

  test("in another case, network or commitment", () => {
    expect(verifyField(sha, { root, networkId, caseId: new Uint8Array(16), opening })).toBe(false);
    expect(verifyField(sha, { root, networkId: new Uint8Array(32), caseId, opening })).toBe(false);
    expect(verifyField(sha, { root: sha.one(root), networkId, caseId, opening })).toBe(false);
  });

  test("a padding leaf opens as no field", () => {
    const salts = input.fields.map(({ salt }) => salt);
    const padding = digest("tallystick/commitment/padding/v1", encode([salts, 5]));
    const named = { name: "", salt: new Uint8Array(padding), value: null };
    const tree = new LogTree(sha);
    for (const one of input.fields) tree.append(hashLeaf(sha, fieldLeaf(input, one)));
    for (let index = 5; index < 16; index += 1) {
      const salt = digest("tallystick/commitment/padding/v1", encode([salts, index]));
      const leaf = { ...named, salt: new Uint8Array(salt) };
      tree.append(hashLeaf(sha, fieldLeaf(input, leaf)));
    }
    expect(toHex(tree.root())).toBe(toHex(root));
    expect(holds({ field: named, index: 5, proof: tree.inclusionProof(5, 16) })).toBe(false);
  });
});

test("whatever is changed, the root changes", () => {
  const value = fc.oneof(fc.string(), fc.bigInt({ min: -9n, max: 9n }), fc.constant(null));
  fc.assert(
    fc.property(fc.nat({ max: 4 }), value, (at, changed) => {
      const input = inputOf(5);
      const fields = input.fields.map((field, n) =>
        n === at ? { ...field, value: changed } : field,
      );
      const same =
        toHex(encode(changed)) === toHex(encode((input.fields[at] as CommittedField).value));
      expect(toHex(commit(sha, { ...input, fields })) === toHex(commit(sha, input))).toBe(same);
    }),
  );
});

test("what could not be opened again cannot be committed to", () => {
  const [first, second] = fieldsOf(2) as [CommittedField, CommittedField];
  const wrong: Partial<CommitmentInput>[] = [
    { fields: [] },
    { fields: fieldsOf(257) },
    { fields: [first, { ...second, name: first.name }] },
    { fields: [{ ...first, name: "" }] },
    { fields: [{ ...first, salt: new Uint8Array(31) }] },
    { caseId: new Uint8Array(15) },
    { networkId: new Uint8Array(31) },
  ];
  for (const change of wrong) {
    expect(() => commit(sha, { ...inputOf(2), ...change })).toThrow(RangeError);
  }
});
