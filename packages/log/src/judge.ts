import { equal } from "./bytes.ts";
import {
  type Checkpoint,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  parseCheckpoint,
} from "./checkpoint.ts";
import { decodeCosignature } from "./cosignature.ts";
import type { Sha256 } from "./hash.ts";
import type { Note, NoteSignature } from "./note.ts";
import type { Policy } from "./policy.ts";
import { keyHash, type NoteKey } from "./verifier-key.ts";

/** Strict Ed25519 (RFC 8032, canonical, small-order points refused): key, message, signature. */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;

/**
 * What a policy makes of a signed checkpoint. A note is believed when `logSigned` and `quorumMet`
 * hold and there is no fault; where there is one, nothing in the note counts.
 */
export interface CheckpointVerdict {
  /** Null when the note's text is not a checkpoint. */
  readonly checkpoint: Checkpoint | null;
  /** By a log key of the policy whose name is the origin. */
  readonly logSigned: boolean;
  /** Witnesses of the policy (by their name there) who cosigned, each with its newest time. */
  readonly cosigners: readonly { readonly name: string; readonly timestampSeconds: number }[];
  readonly quorumMet: boolean;
  /** Satisfied groups made of witnesses alone: one for each independent operator. */
  readonly operators: readonly string[];
  /** Empty, or `<code> <key name>`: see spec/policy.md for the codes. */
  readonly faults: readonly string[];
}

/**
 * Judges every signature by a key of the policy; lines by other keys are ignored. Faults:
 * `checkpoint/malformed`, `checkpoint/origin-is-not-the-key` (a log key signed another log's
 * checkpoint), `checkpoint/bad-signature`, `checkpoint/bad-cosignature`.
 */
export const judgeCheckpoint = (
  sha: Sha256,
  verify: VerifyEd25519,
  note: Note,
  policy: Policy,
): CheckpointVerdict => {
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint === null) return nothingCounts(null, ["checkpoint/malformed"]);
  const log = judgeLogKeys(sha, verify, note, checkpoint, policy);
  const witnesses = judgeWitnesses(sha, verify, note, checkpoint, policy);
  const faults = [...log.faults, ...witnesses.faults];
  if (faults.length > 0) return nothingCounts(checkpoint, faults);
  const witnessed = satisfiedNames(policy, witnesses.times);
  return {
    checkpoint,
    logSigned: log.signed,
    cosigners: [...witnesses.times].map(([name, timestampSeconds]) => ({ name, timestampSeconds })),
    quorumMet: policy.quorum === null || witnessed.has(policy.quorum),
    operators: operatorGroups(policy).filter((name) => witnessed.has(name)),
    faults,
  };
};

const nothingCounts = (checkpoint: Checkpoint | null, faults: string[]): CheckpointVerdict => ({
  checkpoint,
  logSigned: false,
  cosigners: [],
  quorumMet: false,
  operators: [],
  faults,
});

const signaturesBy = (sha: Sha256, note: Note, key: NoteKey): NoteSignature[] => {
  const hash = keyHash(sha, key);
  return note.signatures.filter((line) => line.name === key.name && equal(line.keyHash, hash));
};

const judgeLogKeys = (
  sha: Sha256,
  verify: VerifyEd25519,
  note: Note,
  checkpoint: Checkpoint,
  policy: Policy,
): { signed: boolean; faults: string[] } => {
  const message = checkpointSigningBytes(checkpoint);
  const faults: string[] = [];
  let signed = false;
  for (const key of policy.logs) {
    for (const { signature } of signaturesBy(sha, note, key)) {
      if (key.name !== checkpoint.origin) {
        faults.push(`checkpoint/origin-is-not-the-key ${key.name}`);
      } else if (signature.length === 64 && verify(key.publicKey, message, signature)) {
        signed = true;
      } else {
        faults.push(`checkpoint/bad-signature ${key.name}`);
      }
    }
  }
  return { signed, faults };
};

const judgeWitnesses = (
  sha: Sha256,
  verify: VerifyEd25519,
  note: Note,
  checkpoint: Checkpoint,
  policy: Policy,
): { times: Map<string, number>; faults: string[] } => {
  const times = new Map<string, number>();
  const faults: string[] = [];
  for (const { name, key } of policy.witnesses) {
    for (const line of signaturesBy(sha, note, key)) {
      const seconds = cosignedAtSeconds(verify, checkpoint, key, line);
      if (seconds === null) faults.push(`checkpoint/bad-cosignature ${key.name}`);
      else times.set(name, Math.max(seconds, times.get(name) ?? 0));
    }
  }
  return { times, faults };
};

const cosignedAtSeconds = (
  verify: VerifyEd25519,
  checkpoint: Checkpoint,
  key: NoteKey,
  line: NoteSignature,
): number | null => {
  const cosignature = decodeCosignature(line.signature);
  if (cosignature === null) return null;
  const { timestampSeconds, signature } = cosignature;
  const message = cosignatureSigningBytes(checkpoint, timestampSeconds);
  return verify(key.publicKey, message, signature) ? timestampSeconds : null;
};

/** Witnesses who cosigned and groups satisfied by them. A group follows what it is made of. */
const satisfiedNames = (policy: Policy, cosigned: ReadonlyMap<string, number>): Set<string> => {
  const satisfied = new Set(cosigned.keys());
  for (const { name, threshold, members } of policy.groups) {
    const count = members.filter((member) => satisfied.has(member)).length;
    if (count >= threshold) satisfied.add(name);
  }
  return satisfied;
};

/** No witness is in two groups, so groups of witnesses alone are counted apart. */
const operatorGroups = (policy: Policy): string[] => {
  const witnesses = new Set(policy.witnesses.map(({ name }) => name));
  return policy.groups
    .filter(({ members }) => members.every((member) => witnesses.has(member)))
    .map(({ name }) => name);
};
