import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  assembleTransaction,
  type Cbor,
  type CborInput,
  type CommitmentInput,
  type CommittedField,
  commit,
  decode,
  decodeTransaction,
  type Effects,
  effectsDigest,
  encode,
  encodeCoseKey,
  encodeEffects,
  encodeLeaf,
  encodeStateProof,
  fieldLeaf,
  type Leaf,
  leafHash,
  openField,
  StateMap,
  signingBytes,
  stateKeyHash,
  type Transaction,
  type TransactionPayload,
} from "@tallystick/ledger";
import { encodeUtf8, fromHex, toHex } from "@tallystick/log";
import { nodeSha256 as sha } from "../test/support/hosts.ts";
import { ed25519Signer, p256Signer, type TestSigner } from "../test/support/transactions.ts";
import { definitionVectors, genesisVectors, messageVectors } from "./network-vectors.ts";

// Writes the ledger's files in spec/vectors/, those named below. A unit test holds the files
// to what this makes: run `node scripts/ledger-vectors.ts` after a change that is meant.

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A CBOR value in JSON: integers as {"int": "1"}, bytes as {"bytes": hex}, the rest as it is. */
export const toJson = (value: Cbor): Json => {
  if (typeof value === "bigint") return { int: value.toString() };
  if (value instanceof Uint8Array) return { bytes: toHex(value) };
  return Array.isArray(value) ? value.map(toJson) : (value as Json);
};

const hex = (text: string): Uint8Array => fromHex(text.replaceAll(" ", "")) as Uint8Array;
const named = (name: string): Uint8Array => sha.one(encodeUtf8(name));
const short = (name: string): Uint8Array => named(name).slice(0, 16);

const DEEPEST = `${"81".repeat(15)}80`;

const VALID_CBOR = [
  "00 17 1818 18ff 190100 19ffff 1a00010000 1affffffff 1b0000000100000000 1b7fffffffffffffff",
  "20 37 3818 3903e7 39ffff 3a00010000 3b7fffffffffffffff 40 4100 5818".concat("00".repeat(24)),
  "60 6161 62c3a9 64f09f9a8c f4 f5 f6 80 8101 83016161f6",
  DEEPEST,
].flatMap((line) => line.split(" "));

const INVALID_CBOR =
  "18 1801 190017 19ff 1a0000ffff 1b00000000ffffffff 1c 1f 3800 5801 580100 5f4100ff 7801 61ff 62c080 " +
  "63eda080 7f6161ff 9f01ff 980101 8201 a0 a10101 bfff c24101 d2840000 e0 f7 f814 f820 f93c00 " +
  `fa3f800000 fb3ff0000000000000 ff 1b8000000000000000 3b8000000000000000 0000 8000 81${DEEPEST}`;

export const cborVectors = (): Json => {
  const valid = VALID_CBOR.map((bytes) => {
    const decoded = decode(hex(bytes));
    if (!decoded.ok) throw new Error(`${bytes}: ${decoded.code}`);
    return { bytes, value: toJson(decoded.value) };
  });
  const invalid = INVALID_CBOR.split(" ").map((bytes) => {
    const decoded = decode(hex(bytes));
    if (decoded.ok) throw new Error(`${bytes} is valid`);
    return { bytes, code: decoded.code, at: decoded.at };
  });
  return { about: "Deterministic CBOR: spec/README.md. Bytes in hexadecimal.", valid, invalid };
};

const NETWORK = named("vectors/network");

const openingOfCase: TransactionPayload = {
  nonce: short("vectors/nonce"),
  validUntilMs: 1_795_000_300_000n,
  actedAtMs: null,
  place: { kind: "area", code: "E06000023" },
  capacity: { kind: "self" },
  sponsor: "avonbridge",
  messages: [
    {
      type: "services/open",
      case: short("vectors/case"),
      definition: named("vectors/definition"),
      authority: "avonbridge",
      action: "apply",
      commitment: named("vectors/commitment"),
      tags: [],
    },
  ],
};

const actOfStaff: TransactionPayload = {
  nonce: short("vectors/second nonce"),
  validUntilMs: 1_795_000_400_000n,
  actedAtMs: 1_795_000_100_000n,
  place: { kind: "site", siteId: "avonbridge/counter-2" },
  capacity: { kind: "assisted", staffKeyId: named("vectors/staff") },
  sponsor: null,
  messages: [
    { type: "services/act", case: short("vectors/case"), action: "withdraw", commitment: null },
    { type: "agreements/accept", id: "pass-status" },
  ],
};

const member = ed25519Signer("vectors/member");
const wallet = p256Signer("vectors/wallet");

const decodedOf = (bytes: Uint8Array): Transaction => {
  const decoded = decodeTransaction({ sha256: sha }, NETWORK, bytes);
  if (!decoded.ok) throw new Error(decoded.code);
  return decoded.transaction;
};

const signedBy = (signer: TestSigner, payload: TransactionPayload, withKey: boolean) => {
  const key = withKey ? signer.key : null;
  const { algorithm, keyId } = signer;
  const unsigned = { networkId: NETWORK, algorithm, keyId, key, payload };
  return assembleTransaction({ ...unsigned, signature: signer.sign(signingBytes(unsigned)) });
};

/** The third item of the envelope, decoded: for people to read. */
const payloadJson = ({ signed }: Transaction): Json => {
  const structure = decode(signed);
  const payload = structure.ok ? (structure.value as readonly Cbor[])[3] : undefined;
  const items = decode(payload as Uint8Array);
  if (!items.ok) throw new Error(items.code);
  return toJson(items.value);
};

const validTransaction = (name: string, signer: TestSigner, bytes: Uint8Array): Json => {
  const transaction = decodedOf(bytes);
  return {
    name,
    bytes: toHex(bytes),
    algorithm: transaction.algorithm,
    coseKey: toHex(encodeCoseKey(signer.key)),
    keyId: toHex(transaction.keyId),
    keyIsInHeader: transaction.key !== null,
    payload: payloadJson(transaction),
    sigStructure: toHex(transaction.signed),
    id: toHex(transaction.id),
    bytesHash: toHex(sha.one(bytes)),
    signature: toHex(transaction.signature),
  };
};

/** What a change to a good transaction's hexadecimal is answered with. */
const invalidTransaction = (name: string, good: Uint8Array, from: string, to: string): Json => {
  const text = toHex(good);
  const bytes = text.replace(from, to);
  if (bytes === text) throw new Error(`${name}: nothing to change`);
  const decoded = decodeTransaction({ sha256: sha }, NETWORK, hex(bytes));
  if (decoded.ok) throw new Error(`${name} is valid`);
  return { name, bytes, code: decoded.code };
};

export const transactionVectors = (): Json => {
  const byWallet = signedBy(wallet, openingOfCase, true);
  const byMember = signedBy(member, actOfStaff, false);
  const id = toHex(member.keyId);
  const change = (name: string, from: string, to: string): Json =>
    invalidTransaction(name, byMember, from, to);
  return {
    about:
      "Signed transactions: spec/transaction.md. Bytes in hexadecimal. Ed25519 seeds and P-256 secrets are the SHA-256 of the key's name; ECDSA by RFC 6979, low s.",
    networkId: toHex(NETWORK),
    valid: [
      validTransaction("P-256, key in the header", wallet, byWallet),
      validTransaction("Ed25519, key not in the header", member, byMember),
    ],
    invalid: [
      change("no tag", "d284", "84"),
      change("tag in two bytes", "d284", "d81284"),
      change("unprotected header not empty", `${id}a0`, `${id}a10400`),
      change("algorithm in two bytes", "5826a20132", "5827a2013812"),
      change("labels in the other order", `5826a20132045820${id}`, `5826a2045820${id}0132`),
      change("EdDSA by its older number", "5826a20132", "5826a20127"),
      change("version 2", "8901", "8902"),
      change("valid-until not in its shortest form", "1b000001a1", "1b800001a1"),
      change("reserved item used", "f65840", "f55840"),
      change("a byte after the end", toHex(byMember), `${toHex(byMember)}00`),
    ],
  };
};

const header: Leaf = {
  kind: "header",
  number: 7n,
  timeMs: 1_795_000_001_000n,
  previousHeaderHash: named("vectors/previous header"),
  firstIndex: 19,
  count: 2,
  effectsDigest: named("vectors/effects"),
  stateRoot: named("vectors/state"),
  proposer: "council-service",
  site: "council-service/hall",
  protocolVersion: 1,
};

const LEAVES: readonly (readonly [string, Leaf])[] = [
  [
    "a transaction that took effect",
    {
      kind: "transaction",
      block: 7n,
      index: 0,
      blockTimeMs: 1_795_000_001_000n,
      id: named("vectors/id"),
      bytesHash: named("vectors/bytes"),
      outcome: { ok: true },
    },
  ],
  [
    "a transaction refused by a rule",
    {
      kind: "transaction",
      block: 7n,
      index: 1,
      blockTimeMs: 1_795_000_001_000n,
      id: named("vectors/other id"),
      bytesHash: named("vectors/other bytes"),
      outcome: { ok: false, messageIndex: 1, code: "services/wrong-state" },
    },
  ],
  [
    "a timer",
    { kind: "timer", block: 8n, index: 0, timerId: short("vectors/timer"), outcome: { ok: true } },
  ],
  ["a header", header],
  [
    "the close of an era",
    { kind: "close", lastHeaderHash: named("vectors/header"), reason: "moved to four validators" },
  ],
];

const EFFECTS: readonly Effects[] = [
  {
    writes: [
      { module: "services", key: short("vectors/case"), value: encode(["received", 1]) },
      { module: "members", key: encodeUtf8("avonbridge"), value: null },
    ],
    events: [{ name: "services/opened", fields: [short("vectors/case"), "bus-pass"] }],
  },
  { writes: [], events: [] },
];

export const leafVectors = (): Json => {
  const leaves = LEAVES.map(([name, leaf]) => {
    const bytes = encodeLeaf(leaf);
    return { name, bytes: toHex(bytes), leafHash: toHex(leafHash(sha, leaf)) };
  });
  const effects = EFFECTS.map(encodeEffects);
  return {
    about:
      "Log leaves, and effects with their digest: spec/leaves.md, spec/effects.md. Hexadecimal.",
    leaves,
    effects: effects.map(toHex),
    effectsDigest: toHex(effectsDigest(sha, effects)),
  };
};

const ENTRIES = Array.from({ length: 12 }, (_, n) => {
  const module = n % 3 === 0 ? "members" : "services";
  return { module, key: encodeUtf8(`key ${n}`), value: encode([n, `value ${n}`]) };
});

export const stateVectors = (): Json => {
  const map = new StateMap(sha);
  const roots = ENTRIES.map(({ module, key, value }) => {
    map.put(module, key, value);
    return toHex(map.root());
  });
  const snapshot = map.snapshot();
  const absent = [12, 13, 14, 15, 16, 17].map((n) => {
    return { module: "services", key: encodeUtf8(`key ${n}`), value: null };
  });
  const proofs = [...ENTRIES.slice(0, 4), ...absent].map(({ module, key, value }) => ({
    module,
    key: toHex(key),
    value: value === null ? null : toHex(value),
    proof: toHex(encodeStateProof(snapshot.prove(module, key))),
  }));
  return {
    about:
      "A state map: after entry n the root is roots[n], whatever came before in whatever order. spec/state-proof.md. Keys, values and hashes in hexadecimal.",
    emptyRoot: toHex(new StateMap(sha).root()),
    entries: ENTRIES.map(({ module, key, value }) => {
      const keyHash = toHex(stateKeyHash(sha, module, key));
      return { module, key: toHex(key), value: toHex(value), keyHash };
    }),
    roots,
    proofs,
  };
};

const FIELDS: readonly (readonly [string, CborInput])[] = [
  ["dateOfBirth", "1956-02-29"],
  ["residence.authority", "E06000023"],
  ["residence.soleOrPrincipal", true],
  ["amountPence", 1_250],
  ["representative", null],
];

const commitmentOf = (fields: readonly CommittedField[]): CommitmentInput => {
  return { networkId: NETWORK, caseId: short("vectors/case"), fields };
};

export const commitmentVectors = (): Json => {
  const fields = FIELDS.map(([name, value]) => {
    return { name, salt: named(`vectors/salt of ${name}`), value };
  });
  const input = commitmentOf(fields);
  const openings = fields.map(({ name }) => {
    const opening = openField(sha, input, name);
    if (opening === null) throw new Error(name);
    const { index, size, proof } = opening;
    return { name, index, size, proof: proof.map(toHex) };
  });
  return {
    about: "A commitment and the opening of each field: spec/commitment.md. Hexadecimal.",
    networkId: toHex(NETWORK),
    caseId: toHex(input.caseId),
    fields: fields.map((field) => ({
      name: field.name,
      salt: toHex(field.salt),
      valueCbor: toHex(encode(field.value)),
      leafData: toHex(fieldLeaf(input, field)),
    })),
    root: toHex(commit(sha, input)),
    openings,
  };
};

/** Every file that this script writes, by its name. */
export const LEDGER_VECTORS: Readonly<Record<string, () => Json>> = {
  "cbor.json": cborVectors,
  "transaction.json": transactionVectors,
  "leaves.json": leafVectors,
  "state.json": stateVectors,
  "commitment.json": commitmentVectors,
  "genesis.json": genesisVectors,
  "definition.json": definitionVectors,
  "messages.json": messageVectors,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, make] of Object.entries(LEDGER_VECTORS)) {
    const path = fileURLToPath(new URL(`../spec/vectors/${name}`, import.meta.url));
    writeFileSync(path, `${JSON.stringify(make(), null, 1)}\n`);
  }
}
