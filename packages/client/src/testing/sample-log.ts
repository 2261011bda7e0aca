import { ed25519 } from "@noble/curves/ed25519.js";
import {
  encodeLeaf,
  encodeStateProof,
  type Message,
  StateMap,
  type TransactionLeaf,
  type TransactionPayload,
} from "@tallystick/ledger";
import {
  type Checkpoint,
  COSIGNER_KEY_TYPE,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  encodeCosignature,
  formatCheckpoint,
  formatNote,
  formatPolicy,
  hashLeaf,
  keyHash,
  LOG_KEY_TYPE,
  LogTree,
  type NoteKey,
  type NoteSignature,
  type Policy,
  toHex,
} from "@tallystick/log";
import { buildPayload } from "../build.ts";
import { nobleSha256 } from "../hosts/sha256.ts";
import { formatReceipt, type ReceiptContent } from "../receipt.ts";
import { type SignedTransaction, type Signer, seedSigner, signTransaction } from "../sign.ts";

/** A small log with a policy, for tests: one ordering operator, two that cosign. */
const sha = nobleSha256;
export const NETWORK_ID: Uint8Array = sha.one(Uint8Array.of(1));
export const ORIGIN: string = `demo.tallystick.example/${toHex(NETWORK_ID).slice(0, 16)}`;
export const NOW_MS = 1_795_000_000_000n;
const SECONDS = 1_795_000_001;

const seedOf = (name: string): Uint8Array =>
  sha.one(Uint8Array.from(name, (character) => character.charCodeAt(0)));

interface NotePair {
  readonly key: NoteKey;
  readonly seed: Uint8Array;
}

const notePair = (name: string, type: NoteKey["type"]): NotePair => {
  const seed = seedOf(name);
  return { key: { name, type, publicKey: ed25519.getPublicKey(seed) }, seed };
};

const LOG = notePair(ORIGIN, LOG_KEY_TYPE);
export const EXECUTORS: readonly NotePair[] = [
  notePair("severn-travel/executor", COSIGNER_KEY_TYPE),
  notePair("public-auditor/executor", COSIGNER_KEY_TYPE),
];

export const POLICY: Policy = {
  logs: [LOG.key],
  witnesses: EXECUTORS.map(({ key }) => ({ name: key.name, key, url: null })),
  groups: [
    { name: "travel-authority", threshold: 1, members: ["severn-travel/executor"] },
    { name: "auditor", threshold: 1, members: ["public-auditor/executor"] },
    { name: "executors", threshold: 2, members: ["travel-authority", "auditor"] },
  ],
  quorum: "executors",
};
export const POLICY_TEXT: string = formatPolicy(sha, POLICY);

export const MESSAGE: Message = { type: "agreements/accept", id: "hotlist" };
export const SIGNER: Signer = seedSigner(sha, seedOf("member"));

/** A transaction of the sample network. */
export const signSample = (includeKey = true): Promise<SignedTransaction> => {
  const draft = { messages: [MESSAGE], place: { kind: "area", code: "E06000023" } } as const;
  const options = { nowMs: NOW_MS, randomBytes: (count: number) => new Uint8Array(count).fill(7) };
  const payload: TransactionPayload = buildPayload(draft, options);
  return signTransaction({ sha, networkId: NETWORK_ID, payload, signer: SIGNER, includeKey });
};

/** Signs a checkpoint by the log and by the executors given. */
export const signCheckpoint = (
  checkpoint: Checkpoint,
  executors: readonly NotePair[] = EXECUTORS,
): string => {
  const lines: NoteSignature[] = [
    {
      name: LOG.key.name,
      keyHash: keyHash(sha, LOG.key),
      signature: ed25519.sign(checkpointSigningBytes(checkpoint), LOG.seed),
    },
    ...executors.map(({ key, seed }) => ({
      name: key.name,
      keyHash: keyHash(sha, key),
      signature: encodeCosignature(
        SECONDS,
        ed25519.sign(cosignatureSigningBytes(checkpoint, SECONDS), seed),
      ),
    })),
  ];
  return formatNote({ text: formatCheckpoint(checkpoint), signatures: lines });
};

export const leafOf = (signed: SignedTransaction): TransactionLeaf => ({
  kind: "transaction",
  block: 1n,
  index: 0,
  blockTimeMs: NOW_MS,
  id: signed.id,
  bytesHash: sha.one(signed.bytes),
  outcome: { ok: true },
});

/** A log of four entries of which `leaf` is the one at index 1. */
export const treeAround = (leaf: Uint8Array): LogTree => {
  const tree = new LogTree(sha);
  for (const bytes of [Uint8Array.of(0x80), leaf, Uint8Array.of(0x81), Uint8Array.of(0x82)]) {
    tree.append(hashLeaf(sha, bytes));
  }
  return tree;
};

/** The receipt of `content`, as a node would write it. */
export const receiptOf = (
  content: ReceiptContent,
  executors: readonly NotePair[] = EXECUTORS,
): string => {
  const tree = treeAround(content.leaf);
  const checkpoint = { origin: ORIGIN, size: tree.size, root: tree.root() };
  return formatReceipt({
    content,
    index: 1,
    proof: tree.inclusionProof(1, tree.size),
    checkpoint: signCheckpoint(checkpoint, executors),
  });
};

export const transactionContent = async (): Promise<ReceiptContent & { kind: "transaction" }> => {
  const signed = await signSample();
  return {
    kind: "transaction",
    leaf: encodeLeaf(leafOf(signed)),
    transaction: signed.bytes,
    networkId: NETWORK_ID,
  };
};

/** A receipt for one key of the state: with the value 1, or absent. */
export const stateContent = (isPresent: boolean): ReceiptContent & { kind: "state" } => {
  const key = Uint8Array.of(1, 2, 3);
  const map = new StateMap(sha);
  map.put("agreements", Uint8Array.of(9), Uint8Array.of(9));
  if (isPresent) map.put("agreements", key, Uint8Array.of(1));
  const snapshot = map.snapshot();
  const leaf = encodeLeaf({
    kind: "header",
    number: 1n,
    timeMs: NOW_MS,
    previousHeaderHash: NETWORK_ID,
    firstIndex: 1,
    count: 0,
    effectsDigest: NETWORK_ID,
    stateRoot: snapshot.root,
    proposer: "council-service",
    site: "hall",
    protocolVersion: 1,
  });
  const stateProof = encodeStateProof(snapshot.prove("agreements", key));
  return { kind: "state", leaf, module: "agreements", key, stateProof };
};
