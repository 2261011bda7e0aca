import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ed25519Key, nodeSha256 as sha, verifyEd25519 } from "../../../test/support/hosts.ts";
import {
  checkpointSigningBytes,
  cosignatureSigningBytes,
  formatCheckpoint,
  parseCheckpoint,
} from "./checkpoint.ts";
import { decodeCosignature, encodeCosignature } from "./cosignature.ts";
import { type Hash, hashLeaf } from "./hash.ts";
import { fromHex, toHex } from "./hex.ts";
import { judgeCheckpoint } from "./judge.ts";
import { formatNote, type Note, parseNote } from "./note.ts";
import { formatPolicy, parsePolicy } from "./policy.ts";
import { rootFromInclusion, verifyConsistency, verifyInclusion } from "./proof.ts";
import { encodeEntryBundle, hashTile, parseTilePath, type Tile, tilePath } from "./tile.ts";
import { formatTlogProof, parseTlogProof, type TlogProof } from "./tlog-proof.ts";
import { LogTree } from "./tree.ts";
import { decodeUtf8 } from "./utf8.ts";
import { formatVerifierKey } from "./verifier-key.ts";

interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly proof: string[];
}
interface Consistency {
  readonly oldSize: number;
  readonly newSize: number;
  readonly proof: string[];
}
interface Vectors {
  readonly leaves: string[];
  readonly leafHashes: string[];
  readonly roots: string[];
  readonly inclusion: Inclusion[];
  readonly consistency: Consistency[];
  readonly tilePaths: (Tile & { readonly path: string })[];
  readonly tile: {
    readonly level: number;
    readonly index: number;
    readonly width: number;
    readonly bytes: string;
  };
  readonly entryBundle: string;
  readonly keys: { name: string; type: 1 | 4; seed: string; publicKey: string; vkey: string }[];
  readonly checkpoint: string;
  readonly checkpointSigned: string;
  readonly cosignatureTimeSeconds: number;
  readonly cosignatureSigned: string;
  readonly policy: string;
  readonly operators: string[];
  readonly tlogProof: string;
}
interface ArgonVectors {
  readonly size: number;
  readonly root: string;
  readonly inclusion: {
    readonly index: number;
    readonly leafHash: string;
    readonly proof: string[];
  };
  readonly consistency: {
    readonly oldSize: number;
    readonly oldRoot: string;
    readonly proof: string[];
  };
}

const read = (name: string): unknown => {
  const url = new URL(`../../../spec/vectors/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
};
const hash = (hex: string): Hash => fromHex(hex) as Hash;

describe("spec/vectors/log.json", () => {
  const vectors = read("log.json") as Vectors;
  const tree = new LogTree(sha);
  for (const leaf of vectors.leaves) tree.append(hashLeaf(sha, hash(leaf)));
  const size = vectors.leaves.length;

  test("leaf hashes and roots", () => {
    expect(vectors.leaves.map((_, i) => toHex(tree.leafHash(i)))).toEqual(vectors.leafHashes);
    expect(vectors.roots.map((_, n) => toHex(tree.root(n)))).toEqual(vectors.roots);
    expect(vectors.roots).toHaveLength(size + 1);
  });

  test("proofs", () => {
    for (const { index, size, proof } of vectors.inclusion) {
      expect(tree.inclusionProof(index, size).map(toHex)).toEqual(proof);
    }
    for (const { oldSize, newSize, proof } of vectors.consistency) {
      expect(tree.consistencyProof(oldSize, newSize).map(toHex)).toEqual(proof);
    }
  });

  test("tiles and the bundle", () => {
    for (const { path, ...tile } of vectors.tilePaths) {
      expect(tilePath(tile)).toBe(path);
      expect(parseTilePath(path)).toEqual(tile);
    }
    const { level, index, width, bytes } = vectors.tile;
    expect(toHex(hashTile(tree, level, index, width))).toBe(bytes);
    expect(toHex(encodeEntryBundle(vectors.leaves.map(hash)))).toBe(vectors.entryBundle);
  });

  test("keys", () => {
    for (const { name, type, seed, publicKey, vkey } of vectors.keys) {
      expect(toHex(sha.one(Buffer.from(name)))).toBe(seed);
      expect(toHex(ed25519Key(name).publicKey)).toBe(publicKey);
      expect(formatVerifierKey(sha, { name, type, publicKey: hash(publicKey) })).toBe(vkey);
    }
  });

  test("the checkpoint, signed by the log and two cosigners", () => {
    const note = parseNote(vectors.checkpoint) as Note;
    const checkpoint = parseCheckpoint(note.text);
    if (checkpoint === null) expect.fail("not read");
    expect(toHex(checkpoint.root)).toBe(vectors.roots[size]);
    expect(formatCheckpoint(checkpoint)).toBe(vectors.checkpointSigned);
    const seconds = vectors.cosignatureTimeSeconds;
    const cosigned = cosignatureSigningBytes(checkpoint, seconds);
    expect(decodeUtf8(cosigned)).toBe(vectors.cosignatureSigned);
    const signatures = note.signatures.map((line, i) => {
      const key = ed25519Key(line.name);
      if (i === 0) return { ...line, signature: key.sign(checkpointSigningBytes(checkpoint)) };
      expect(decodeCosignature(line.signature)?.timestampSeconds).toBe(seconds);
      return { ...line, signature: encodeCosignature(seconds, key.sign(cosigned)) };
    });
    expect(formatNote({ text: note.text, signatures })).toBe(vectors.checkpoint);
  });

  test("the policy, and what it makes of the checkpoint", () => {
    const parsed = parsePolicy(sha, vectors.policy);
    if (!parsed.ok) expect.fail(parsed.why);
    expect(formatPolicy(sha, parsed.policy)).toBe(vectors.policy);
    const note = parseNote(vectors.checkpoint) as Note;
    const verdict = judgeCheckpoint(sha, verifyEd25519, note, parsed.policy);
    expect(verdict).toMatchObject({ logSigned: true, quorumMet: true, faults: [] });
    expect(verdict.operators).toEqual(vectors.operators);
  });

  test("the proof as a file", () => {
    const proof = parseTlogProof(vectors.tlogProof) as TlogProof;
    const leafHash = hash(vectors.leafHashes[proof.index] as string);
    const root = rootFromInclusion(sha, { index: proof.index, size, leafHash, proof: proof.proof });
    expect(toHex(root as Hash)).toBe(vectors.roots[size]);
    expect(proof.checkpoint).toBe(vectors.checkpoint);
    expect(formatTlogProof(proof)).toBe(vectors.tlogProof);
  });
});

describe("spec/vectors/log-argon2020.json, a Certificate Transparency log's answers", () => {
  const { size, root, inclusion, consistency } = read("log-argon2020.json") as ArgonVectors;
  const newRoot = hash(root);

  test("the inclusion of entry 10,000", () => {
    const { index, leafHash, proof } = inclusion;
    const claim = { index, size, leafHash: hash(leafHash), proof: proof.map(hash) };
    expect(verifyInclusion(sha, { ...claim, root: newRoot })).toBe(true);
    expect(verifyInclusion(sha, { ...claim, index: index + 1, root: newRoot })).toBe(false);
  });

  test("consistency with the tree of 3,654,490", () => {
    const { oldSize, oldRoot, proof } = consistency;
    const claim = { newSize: size, oldRoot: hash(oldRoot), newRoot, proof: proof.map(hash) };
    expect(verifyConsistency(sha, { ...claim, oldSize })).toBe(true);
    expect(verifyConsistency(sha, { ...claim, oldSize: oldSize + 1 })).toBe(false);
  });
});
