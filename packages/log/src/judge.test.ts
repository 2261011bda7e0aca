import { expect, test } from "vitest";
import { ed25519Key, nodeSha256 as sha, verifyEd25519 } from "../../../test/support/hosts.ts";
import {
  type Checkpoint,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  formatCheckpoint,
} from "./checkpoint.ts";
import { encodeCosignature } from "./cosignature.ts";
import { type CheckpointVerdict, judgeCheckpoint } from "./judge.ts";
import type { NoteSignature } from "./note.ts";
import type { Policy } from "./policy.ts";
import { keyHash, type NoteKey } from "./verifier-key.ts";

const ORIGIN = "demo.example/5d41402abc4b2a76";
const CHECKPOINT: Checkpoint = { origin: ORIGIN, size: 7, root: new Uint8Array(32).fill(9) };
const OTHER: Checkpoint = { ...CHECKPOINT, size: 8 };

const noteKey = (name: string, type: NoteKey["type"]): NoteKey => ({
  name,
  type,
  publicKey: ed25519Key(name).publicKey,
});
const witness = (name: string) => ({ name, key: noteKey(name, 4), url: null });
const POLICY: Policy = {
  logs: [noteKey(ORIGIN, 1)],
  witnesses: [witness("travel/executor"), witness("buses/executor"), witness("auditor/executor")],
  groups: [
    { name: "travel", threshold: 1, members: ["travel/executor", "buses/executor"] },
    { name: "auditor", threshold: 1, members: ["auditor/executor"] },
    { name: "executors", threshold: 2, members: ["travel", "auditor"] },
  ],
  quorum: "executors",
};

const line = (key: NoteKey, signature: Uint8Array): NoteSignature => ({
  name: key.name,
  keyHash: keyHash(sha, key),
  signature,
});
const logLine = (checkpoint = CHECKPOINT, name = ORIGIN): NoteSignature =>
  line(noteKey(name, 1), ed25519Key(name).sign(checkpointSigningBytes(checkpoint)));
const cosignature = (name: string, seconds = 100, checkpoint = CHECKPOINT): NoteSignature => {
  const signature = ed25519Key(name).sign(cosignatureSigningBytes(checkpoint, seconds));
  return line(noteKey(name, 4), encodeCosignature(seconds, signature));
};
const judge = (
  signatures: NoteSignature[],
  policy = POLICY,
  text = formatCheckpoint(CHECKPOINT),
): CheckpointVerdict => judgeCheckpoint(sha, verifyEd25519, { text, signatures }, policy);

const flipped = (signed: NoteSignature, at: number): NoteSignature => ({
  ...signed,
  signature: signed.signature.with(at, (signed.signature[at] as number) ^ 1),
});
const believed = (verdict: CheckpointVerdict): boolean =>
  verdict.logSigned && verdict.quorumMet && verdict.faults.length === 0;

test("signed and cosigned by every operator", () => {
  const verdict = judge([
    logLine(),
    cosignature("auditor/executor", 5),
    cosignature("travel/executor"),
  ]);
  expect(verdict).toEqual({
    checkpoint: CHECKPOINT,
    logSigned: true,
    cosigners: [
      { name: "travel/executor", timestampSeconds: 100 },
      { name: "auditor/executor", timestampSeconds: 5 },
    ],
    quorumMet: true,
    operators: ["travel", "auditor"],
    faults: [],
  });
});

test("two keys of one operator count once", () => {
  const verdict = judge([logLine(), cosignature("buses/executor"), cosignature("travel/executor")]);
  expect(verdict.operators).toEqual(["travel"]);
  expect(verdict.quorumMet).toBe(false);
});

test("a group with another group in it is no operator of its own", () => {
  const policy: Policy = {
    ...POLICY,
    groups: [
      { name: "travel", threshold: 1, members: ["travel/executor", "buses/executor"] },
      { name: "mixed", threshold: 1, members: ["travel", "auditor/executor"] },
    ],
    quorum: "mixed",
  };
  const verdict = judge([logLine(), cosignature("buses/executor")], policy);
  expect([verdict.quorumMet, verdict.operators]).toEqual([true, ["travel"]]);
});

test("cosigned but not by the log, and the other way about", () => {
  const cosigned = judge([cosignature("auditor/executor"), cosignature("travel/executor")]);
  expect([cosigned.logSigned, cosigned.quorumMet]).toEqual([false, true]);
  const alone = judge([logLine()]);
  expect([alone.logSigned, alone.quorumMet, alone.operators]).toEqual([true, false, []]);
  expect(believed(judge([logLine()], { ...POLICY, quorum: null }))).toBe(true);
});

test("keys that the policy does not hold are ignored, whatever they signed", () => {
  const stranger = line(noteKey("stranger", 4), new Uint8Array(72));
  const sameName = line({ ...noteKey("x", 1), name: ORIGIN }, new Uint8Array(64));
  const otherType = line(noteKey("auditor/executor", 1), new Uint8Array(64));
  const sameHash = { ...line(noteKey(ORIGIN, 1), new Uint8Array(64)), name: "stranger" };
  const signatures = [logLine(), cosignature("auditor/executor"), cosignature("buses/executor")];
  expect(believed(judge([stranger, sameName, sameHash, otherType, ...signatures]))).toBe(true);
});

test("the newest of a cosigner's times is told, and the cosigner counted once", () => {
  const verdict = judge([cosignature("buses/executor", 7), cosignature("buses/executor", 3)]);
  expect(verdict.cosigners).toEqual([{ name: "buses/executor", timestampSeconds: 7 }]);
});

test("a known key's signature that does not verify spoils the whole note, and each is named", () => {
  const good = [logLine(), cosignature("auditor/executor"), cosignature("travel/executor")];
  const nothing = { logSigned: false, quorumMet: false, operators: [], cosigners: [] };
  const rows: [NoteSignature, string][] = [
    [flipped(logLine(), 0), `checkpoint/bad-signature ${ORIGIN}`],
    [flipped(logLine(), 63), `checkpoint/bad-signature ${ORIGIN}`],
    [logLine(OTHER), `checkpoint/bad-signature ${ORIGIN}`],
    [line(noteKey(ORIGIN, 1), new Uint8Array(63)), `checkpoint/bad-signature ${ORIGIN}`],
    [flipped(cosignature("buses/executor"), 7), "checkpoint/bad-cosignature buses/executor"],
    [flipped(cosignature("buses/executor"), 40), "checkpoint/bad-cosignature buses/executor"],
    [cosignature("buses/executor", 1, OTHER), "checkpoint/bad-cosignature buses/executor"],
    [
      line(noteKey("buses/executor", 4), new Uint8Array(71)),
      "checkpoint/bad-cosignature buses/executor",
    ],
  ];
  for (const [bad, fault] of rows) {
    expect(judge([...good, bad])).toMatchObject({ ...nothing, faults: [fault] });
    expect(judge([bad, ...good])).toMatchObject({ ...nothing, faults: [fault] });
  }
  expect(judge(rows.map(([bad]) => bad)).faults).toHaveLength(rows.length);
});

test("a plain signature does not pass for a cosignature, nor the other way about", () => {
  const key = noteKey("auditor/executor", 4);
  const plain = ed25519Key("auditor/executor").sign(checkpointSigningBytes(CHECKPOINT));
  expect(judge([line(key, encodeCosignature(0, plain))]).faults).toHaveLength(1);
});

test("a log key of the policy that signed under another origin is a fault", () => {
  const policy = { ...POLICY, logs: [...POLICY.logs, noteKey("other.example", 1)], quorum: null };
  const verdict = judge([logLine(), logLine(CHECKPOINT, "other.example")], policy);
  expect(verdict.faults).toEqual(["checkpoint/origin-is-not-the-key other.example"]);
  expect(verdict.logSigned).toBe(false);
});

test("a text that is no checkpoint is judged to be nothing", () => {
  const text = `${formatCheckpoint(CHECKPOINT)}extension\n`;
  const verdict = judge([logLine()], { ...POLICY, quorum: null }, text);
  expect(verdict).toMatchObject({ checkpoint: null, logSigned: false, quorumMet: false });
  expect(verdict.faults).toEqual(["checkpoint/malformed"]);
});
