import { readFileSync } from "node:fs";
import { fromHex, toHex } from "@tallystick/log";
import { expect, test } from "vitest";
import { LEDGER_VECTORS, toJson } from "../../../scripts/ledger-vectors.ts";
import { nodeHost as host } from "../../../test/support/transactions.ts";
import { decode, encode } from "./cbor.ts";
import { decodeEffects } from "./effects.ts";
import { decodeCoseKey } from "./keys.ts";
import { decodeLeaf, leafHash } from "./leaves.ts";
import { StateMap } from "./state/state-map.ts";
import { decodeStateProof, verifyStateProof } from "./state/state-proof.ts";
import { decodeTransaction, verifyTransaction } from "./transaction.ts";

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../spec/vectors/${name}`, import.meta.url), "utf8"));
const hex = (text: string): Uint8Array => fromHex(text) as Uint8Array;

test.each(Object.keys(LEDGER_VECTORS))("%s is what its script writes", (name) => {
  expect(LEDGER_VECTORS[name]?.()).toEqual(read(name));
});

test("cbor.json: what is valid is read and written, what is not is refused", () => {
  const { valid, invalid } = read("cbor.json");
  for (const { bytes, value } of valid) {
    const decoded = decode(hex(bytes));
    if (!decoded.ok) throw new Error(bytes);
    expect(toJson(decoded.value)).toEqual(value);
    expect(toHex(encode(decoded.value))).toBe(bytes);
  }
  for (const { bytes, code, at } of invalid) {
    expect(decode(hex(bytes)), bytes).toEqual({ ok: false, code, at });
  }
});

test("transaction.json: signatures verify, and the rest is refused", () => {
  const { networkId, valid, invalid } = read("transaction.json");
  for (const { bytes, coseKey, id, keyId } of valid) {
    const decoded = decodeTransaction(host, hex(networkId), hex(bytes));
    const key = decodeCoseKey(hex(coseKey));
    if (!decoded.ok || key === null) throw new Error(bytes);
    expect(toHex(decoded.transaction.id)).toBe(id);
    expect(toHex(decoded.transaction.keyId)).toBe(keyId);
    expect(verifyTransaction(host, decoded.transaction, key)).toBe(true);
  }
  for (const { name, bytes, code } of invalid) {
    expect(decodeTransaction(host, hex(networkId), hex(bytes)), name).toEqual({ ok: false, code });
  }
});

test("leaves.json: leaves and effects are read", () => {
  const { leaves, effects } = read("leaves.json");
  for (const { bytes, leafHash: wanted } of leaves) {
    const decoded = decodeLeaf(hex(bytes));
    if (!decoded.ok) throw new Error(decoded.code);
    expect(toHex(leafHash(host.sha256, decoded.leaf))).toBe(wanted);
  }
  for (const bytes of effects) expect(decodeEffects(hex(bytes)).ok).toBe(true);
});

test("state.json: the entries in any order give the last root, and every proof holds", () => {
  const { entries, roots, proofs } = read("state.json");
  const root = roots.at(-1);
  const map = new StateMap(host.sha256);
  for (const { module, key, value } of [...entries].reverse()) {
    map.put(module, hex(key), hex(value));
  }
  expect(toHex(map.root())).toBe(root);
  for (const { module, key, value, proof } of proofs) {
    const decoded = decodeStateProof(hex(proof));
    if (!decoded.ok) throw new Error(decoded.code);
    expect(verifyStateProof(host.sha256, hex(root), module, hex(key), decoded.proof)).toEqual({
      ok: true,
      value: value === null ? null : hex(value),
    });
  }
});

test("every whole hash that a page shows as a sample is in its vectors", () => {
  const pages = {
    transaction: "transaction",
    leaves: "leaves",
    "state-proof": "state",
    commitment: "commitment",
  };
  for (const [page, name] of Object.entries(pages)) {
    const url = new URL(`../../../spec/${page}.md`, import.meta.url);
    const shown = readFileSync(url, "utf8").match(/\b[0-9a-f]{64}\b/g) ?? [];
    const vectors = JSON.stringify(read(`${name}.json`));
    expect(shown.length, page).toBeGreaterThan(0);
    expect(
      shown.filter((hash) => !vectors.includes(hash)),
      page,
    ).toEqual([]);
  }
});
