import { readFileSync } from "node:fs";
import process from "node:process";
import {
  commit,
  decodeTransaction,
  encode,
  encodeCoseKey,
  encodeStateProof,
  openField,
  StateMap,
  type TransactionPayload,
  verifyTransaction,
} from "@tallystick/ledger";
import { concat, encodeUtf8, fromHex, toHex } from "@tallystick/log";
import { describe, expect, test } from "vitest";
import { nodeSha256 as sha } from "../support/hosts.ts";
import {
  ed25519Signer,
  nodeHost as host,
  p256Signer,
  signTransaction,
  type TestSigner,
} from "../support/transactions.ts";
import {
  askOracle,
  missingForOracle,
  type StateProofClaim,
  type TransactionClaim,
} from "./ledger-oracle.ts";

const missing = missingForOracle();
const { CI: isCi } = process.env;

if (missing !== null) {
  process.stderr.write(`test/interop/transaction.test.ts is skipped: ${missing}\n`);
  if (isCi === "true")
    test("what the Python oracle needs is here", () => expect(missing).toBeNull());
}

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../spec/vectors/${name}`, import.meta.url), "utf8"));
const hex = (text: string): Uint8Array => fromHex(text) as Uint8Array;
const named = (name: string): Uint8Array => sha.one(encodeUtf8(name));
const times = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const networkId = named("interop/network");

/** Payloads that between them use every kind of place and capacity. */
const payloadNumber = (n: number): TransactionPayload => {
  const places: TransactionPayload["place"][] = [
    { kind: "site", siteId: "avonbridge/counter-2" },
    { kind: "uprn", uprn: 100_023_336_956n },
    { kind: "grid", reference: "ST5873", precisionMetres: 1_000n },
    {
      kind: "coordinates",
      latitudeE7: 514_545_000n,
      longitudeE7: -25_879_000n,
      precisionMetres: 10n,
    },
    { kind: "area", code: "W06000022" },
  ];
  const capacities: TransactionPayload["capacity"][] = [
    { kind: "self" },
    { kind: "mandate", mandateId: named("mandate").slice(0, 16) },
    { kind: "assisted", staffKeyId: named("staff") },
    { kind: "portal" },
  ];
  return {
    nonce: named(`nonce ${n}`).slice(0, 16),
    validUntilMs: 1_795_000_000_000n + BigInt(n),
    actedAtMs: n % 2 === 0 ? null : 1_795_000_000_000n,
    place: places[n % places.length] as TransactionPayload["place"],
    capacity: capacities[n % capacities.length] as TransactionPayload["capacity"],
    sponsor: n % 3 === 0 ? "avonbridge" : null,
    messages: times(1 + (n % 16)).map((m) => ({
      type: "services/act",
      case: named(`case ${m}`).slice(0, 16),
      action: "withdraw",
      commitment: m % 2 === 0 ? null : named(`commitment ${m}`),
    })),
  };
};

const signers: TestSigner[] = [ed25519Signer("interop/member"), p256Signer("interop/wallet")];

/** Claims about bytes: the id that our decoder computes, or `id` where it refuses them. */
const claimFor = (bytes: Uint8Array, signer: TestSigner, id: string): TransactionClaim => {
  const decoded = decodeTransaction(host, networkId, bytes);
  return {
    bytes: toHex(bytes),
    networkId: toHex(networkId),
    coseKey: toHex(encodeCoseKey(signer.key)),
    id: decoded.ok ? toHex(decoded.transaction.id) : id,
    keyId: toHex(signer.keyId),
    bytesHash: toHex(sha.one(bytes)),
  };
};

const isOurs = (bytes: Uint8Array, signer: TestSigner): boolean => {
  const decoded = decodeTransaction(host, networkId, bytes);
  return decoded.ok && verifyTransaction(host, decoded.transaction, signer.key);
};

describe.skipIf(missing !== null)("Python reads the ledger's formats", () => {
  test("genesis, a definition and messages, and not a changed byte of them", () => {
    const { leaf, networkId: network, origin } = vectors("genesis.json");
    const definition = vectors("definition.json");
    const { numbers, messages } = vectors("messages.json");
    const bend = (text: string): string =>
      `${text.slice(0, -2)}${text.endsWith("0") ? "01" : "00"}`;
    const answers = askOracle({
      genesis: [
        { leaf, networkId: network, origin },
        { leaf: bend(leaf), networkId: network, origin },
        { leaf, networkId: network, origin: `${origin}0` },
      ],
      definitions: [
        { bytes: definition.bytes, hash: definition.hash },
        { bytes: definition.bytes, hash: bend(definition.hash) },
      ],
      messages: messages.map(({ type, bytes }: { type: string; bytes: string }) => ({
        ...{ bytes, number: numbers[type] },
      })),
    });
    expect(answers.genesis.map((why) => why === "")).toEqual([true, false, false]);
    expect(answers.definitions).toEqual(["", "another definition hash"]);
    expect(answers.messages).toEqual(messages.map(() => ""));
  });

  test("transactions under both algorithms, with and without the key", () => {
    const claims = signers.flatMap((signer) =>
      times(40).map((n) => {
        const payload = payloadNumber(n);
        const bytes = signTransaction({ networkId, signer, payload, withKey: n % 2 === 0 });
        return claimFor(bytes, signer, "");
      }),
    );
    const { transactions } = askOracle({ transactions: claims });
    expect(transactions).toEqual(claims.map(() => ""));
  });

  test("of a transaction with one byte changed, neither accepts anything", () => {
    for (const signer of signers) {
      const bytes = signTransaction({ networkId, signer, payload: payloadNumber(0) });
      const id = claimFor(bytes, signer, "").id;
      const changed = [...bytes.keys()].map((at) => {
        const copy = bytes.slice();
        copy[at] = (copy[at] as number) ^ (1 << (at % 8));
        return copy;
      });
      expect(changed.filter((copy) => isOurs(copy, signer))).toEqual([]);
      const claims = changed.map((copy) => claimFor(copy, signer, id));
      const { transactions } = askOracle({ transactions: claims });
      expect(transactions.flatMap((why, at) => (why === "" ? [`byte ${at}`] : []))).toEqual([]);
    }
  });

  test("another key, another network, the high s and a byte more are told apart", () => {
    const [member, wallet] = signers as [TestSigner, TestSigner];
    const bytes = signTransaction({
      networkId,
      signer: wallet,
      payload: payloadNumber(1),
      withKey: false,
    });
    const good = claimFor(bytes, wallet, "");
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const s = BigInt(`0x${toHex(bytes.slice(-32))}`);
    const highS = hex((order - s).toString(16).padStart(64, "0"));
    const high = concat(bytes.slice(0, -32), highS);
    expect(decodeTransaction(host, networkId, high)).toEqual({
      ok: false,
      code: "transaction/signature-not-low-s",
    });
    const { transactions } = askOracle({
      transactions: [
        good,
        { ...good, coseKey: toHex(encodeCoseKey(member.key)) },
        { ...good, networkId: toHex(sha.one(networkId)) },
        { ...good, bytes: toHex(high), bytesHash: toHex(sha.one(high)) },
        { ...good, bytes: `${good.bytes}00` },
      ],
    });
    expect(transactions).toEqual([
      "",
      "key id is not the thumbprint",
      "another id",
      "s is not the low one",
      "bytes after the item",
    ]);
  });

  test("leaves and effects of the vectors, and none with a byte changed", () => {
    const { leaves, effects: all, effectsDigest } = vectors("leaves.json");
    const flip = (bytes: string): string =>
      toHex(hex(bytes).map((b, at) => (at === 3 ? b ^ 1 : b)));
    const answers = askOracle({
      leaves: [
        ...leaves,
        ...leaves.map((leaf: { bytes: string }) => ({ ...leaf, bytes: flip(leaf.bytes) })),
      ],
      effects: [
        { all, digest: effectsDigest },
        { all: [...all].reverse(), digest: effectsDigest },
      ],
    });
    expect(answers.leaves.map((why) => why === "")).toEqual([
      ...leaves.map(() => true),
      ...leaves.map(() => false),
    ]);
    expect(answers.effects).toEqual(["", "another digest"]);
  });
});

describe.skipIf(missing !== null)("Python rebuilds roots", () => {
  const entries = times(400).map((n) => {
    return {
      module: n % 3 === 0 ? "members" : "services",
      key: named(`key ${n}`),
      value: encode(n),
    };
  });
  const map = new StateMap(sha);
  for (const { module, key, value } of entries) map.put(module, key, value);
  const gone = entries.filter((_, n) => n % 4 === 1);
  for (const { module, key } of gone) map.delete(module, key);
  const left = entries.filter((_, n) => n % 4 !== 1);
  const root = toHex(map.root());
  const snapshot = map.snapshot();
  const proofClaim = (module: string, key: Uint8Array): StateProofClaim => {
    const proof = snapshot.prove(module, key);
    const value = proof.value === null ? null : toHex(proof.value);
    return { module, key: toHex(key), value, proof: toHex(encodeStateProof(proof)), root };
  };

  test("the state's, from its content alone, and those of the vectors", () => {
    const asClaim = (some: typeof entries) =>
      some.map(({ module, key, value }) => ({ module, key: toHex(key), value: toHex(value) }));
    const fromVectors = vectors("state.json");
    const { states } = askOracle({
      states: [
        { entries: asClaim(left), root },
        { entries: asClaim(left).reverse(), root },
        { entries: [], root: fromVectors.emptyRoot },
        ...fromVectors.roots.map((each: string, n: number) => {
          return { entries: fromVectors.entries.slice(0, n + 1), root: each };
        }),
        { entries: asClaim(entries), root },
        { entries: asClaim(left.slice(1)), root },
      ],
    });
    expect(states.slice(0, -2).every((why) => why === "")).toBe(true);
    expect(states.slice(-2)).toEqual(["another state root", "another state root"]);
  });

  test("a state proof's, for what is there and for what is not", () => {
    const claims = entries.map(({ module, key }) => proofClaim(module, key));
    expect(claims.filter(({ value }) => value === null).length).toBe(gone.length);
    const present = proofClaim("services", named("key 2"));
    const absent = proofClaim("services", named("key 1"));
    const bytes = hex(present.proof);
    const flipped = [...bytes.keys()].map((at): StateProofClaim => {
      return { ...present, proof: toHex(bytes.map((b, i) => (i === at ? b ^ 1 : b))) };
    });
    const lies = [
      { ...present, value: null },
      { ...present, value: toHex(encode(3)) },
      { ...absent, value: toHex(encode(1)) },
      { ...present, module: "members" },
      { ...present, root: toHex(sha.one(hex(root))) },
      ...flipped,
    ];
    const { stateProofs } = askOracle({ stateProofs: [...claims, ...lies] });
    expect(stateProofs.slice(0, claims.length)).toEqual(claims.map(() => ""));
    expect(stateProofs.slice(claims.length)).not.toContain("");
  });

  test("a commitment's, and that of each opening", () => {
    const caseId = named("case").slice(0, 16);
    const of = { networkId: toHex(networkId), caseId: toHex(caseId) };
    const sizes = [1, 15, 16, 17, 40];
    const questions = sizes.map((count) => {
      const fields = times(count).map((n) => {
        return { name: `field ${n}`, salt: named(`salt ${n}`), value: n % 2 === 0 ? null : `${n}` };
      });
      const input = { networkId, caseId, fields };
      const committed = toHex(commit(sha, input));
      const asClaim = fields.map(({ name, salt, value }) => {
        return { name, salt: toHex(salt), valueCbor: toHex(encode(value)) };
      });
      const openings = asClaim.map((field) => {
        const opening = openField(sha, input, field.name);
        if (opening === null) throw new Error(field.name);
        const { index, size, proof } = opening;
        return { ...of, ...field, index, size, proof: proof.map(toHex), root: committed };
      });
      return { commitment: { ...of, fields: asClaim, root: committed }, openings };
    });
    const openings = questions.flatMap((question) => question.openings);
    const lies = openings.map((claim) => ({ ...claim, valueCbor: toHex(encode("another")) }));
    const answers = askOracle({
      commitments: questions.map(({ commitment }) => commitment),
      openings: [...openings, ...lies],
    });
    expect(answers.commitments).toEqual(sizes.map(() => ""));
    expect(answers.openings.slice(0, openings.length)).toEqual(openings.map(() => ""));
    expect(answers.openings.slice(openings.length)).not.toContain("");
  });
});
