import {
  type Checkpoint,
  COSIGNER_KEY_TYPE,
  checkpointSigningBytes,
  concat,
  cosignatureSigningBytes,
  decodeCosignature,
  equal,
  type Hash,
  keyHash,
  LOG_KEY_TYPE,
  type Note,
  type NoteKey,
  parseCheckpoint,
  parseNote,
} from "@tallystick/log";
import type { Handler, MessageStep } from "../../apply/step.ts";
import { schedule } from "../../apply/timers.ts";
import { addWorkingDays, MAX_WORKING_DAYS } from "../../bank-holidays.ts";
import { londonMidnightMs } from "../../civil.ts";
import { cosignerName } from "../../genesis.ts";
import type { DrawAct } from "../../messages.ts";
import type { RefusalCode } from "../../refusals.ts";
import { getMember } from "../members/queries.ts";
import { getAct, getDraw } from "./queries.ts";
import { draws } from "./state.ts";

const ED25519 = -19;

/**
 * Draws a decision for audit. What decides is a signature that the drawing body could not choose:
 * its cosignature of a checkpoint that already holds the act. spec/messages.md §draw.
 */
export const drawAct: Handler<"services/draw"> = (step, message) => {
  const { signer, state, nowMs, today, parameters } = step;
  const act = getAct(state, message.act);
  if (act === null) return "services/act-unknown";
  if (signer.kind !== "member") return "services/not-a-body";
  if (signer.member === act.decider) return "services/own-act";
  if (getDraw(state, message.act) !== null) return "services/already-drawn";
  const read = readCheckpoint(step, message.checkpoint);
  if (typeof read === "string") return read;
  const { checkpoint } = read;
  if (BigInt(checkpoint.size) <= act.leafIndex) return "services/checkpoint-too-early";
  const signature = cosignatureOf(step, read, message, signer.member);
  if (signature === null) return "services/bad-cosignature";
  if (!isDrawn(step, signature, message.act)) return "services/not-drawn";
  // Commit point.
  const days = Math.min(Number(parameters.openingWorkingDays), MAX_WORKING_DAYS);
  const openByMs = londonMidnightMs(addWorkingDays(today, days) + 1);
  schedule(step, openByMs, { kind: "opening", subject: message.act, index: 0n });
  draws.put(state, message.act, {
    ...{ drawnBy: signer.member, drawnAtMs: nowMs, checkpointSize: BigInt(checkpoint.size) },
    ...{ openByMs, status: "drawn", late: false },
    ...{ auditor: null, envelope: null, findings: null },
  });
  step.emit({ kind: "services/drawn", act: message.act, member: signer.member, openByMs });
  return null;
};

interface SignedCheckpoint {
  readonly note: Note;
  readonly checkpoint: Checkpoint;
}

/** A checkpoint of this log, signed by its key, no larger than the log. */
const readCheckpoint = (step: MessageStep, text: string): SignedCheckpoint | RefusalCode => {
  const note = parseNote(text);
  const checkpoint = note === null ? null : parseCheckpoint(note.text);
  if (note === null || checkpoint === null) return "services/checkpoint-malformed";
  const { origin, logKey, firstIndex } = step;
  if (checkpoint.origin !== origin || checkpoint.size > firstIndex) {
    return "services/checkpoint-foreign";
  }
  const key: NoteKey = { name: origin, type: LOG_KEY_TYPE, publicKey: logKey };
  const signature = signatureBy(step, note, key);
  const isSigned =
    signature !== null &&
    step.host.verify(ED25519, logKey, checkpointSigningBytes(checkpoint), signature);
  return isSigned ? { note, checkpoint } : "services/checkpoint-unsigned";
};

const signatureBy = ({ host }: MessageStep, note: Note, key: NoteKey): Uint8Array | null => {
  const wanted = keyHash(host.sha256, key);
  const line = note.signatures.find(
    (found) => found.name === key.name && equal(found.keyHash, wanted),
  );
  return line?.signature ?? null;
};

/** The 64 bytes of the drawing body's cosignature, once they verify; otherwise null. */
const cosignatureOf = (
  step: MessageStep,
  { note, checkpoint }: SignedCheckpoint,
  { cosigner }: DrawAct,
  member: string,
): Uint8Array | null => {
  const publicKey = getMember(step.state, member)?.cosignerKey ?? null;
  if (publicKey === null || cosigner !== cosignerName(member)) return null;
  const line = signatureBy(step, note, { name: cosigner, type: COSIGNER_KEY_TYPE, publicKey });
  const cosignature = line === null ? null : decodeCosignature(line);
  if (cosignature === null) return null;
  const signed = cosignatureSigningBytes(checkpoint, cosignature.timestampSeconds);
  const isGood = step.host.verify(ED25519, publicKey, signed, cosignature.signature);
  return isGood ? cosignature.signature : null;
};

/** One act in `drawOneIn`, by the first eight bytes of SHA-256(signature ‖ act id). */
const isDrawn = ({ host, parameters }: MessageStep, signature: Uint8Array, act: Hash): boolean => {
  const digest = host.sha256.one(concat(signature, act));
  let lot = 0n;
  for (const byte of digest.subarray(0, 8)) lot = (lot << 8n) | BigInt(byte);
  return lot % parameters.drawOneIn === 0n;
};
