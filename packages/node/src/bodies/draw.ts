import { cosignerName, parametersOf } from "@tallystick/ledger";
import { concat, decodeCosignature, type Hash, parseNote } from "@tallystick/log";
import { act, TryLater } from "./act.ts";
import type { Body } from "./body.ts";
import type { CosignedCheckpoint } from "./ledger-access.ts";

/**
 * Draws a decision for audit if this body's cosignature over a checkpoint that holds it says so:
 * one act in `drawOneIn`, by the lot that the ledger computes again. Throws TryLater until it has
 * cosigned.
 */
export async function drawAct(body: Body, decision: Hash): Promise<void> {
  const { ledger, view, member } = body;
  if (view.drawOf(decision) !== null) return;
  const recorded = ledger.recorded(decision);
  const cosigned = ledger.cosigned(member.id);
  if (recorded === null || cosigned === null || cosigned.size <= recorded.leafIndex) {
    throw new TryLater("node/not-cosigned");
  }
  if (!isDrawn(body, cosigned, decision)) return;
  const cosigner = cosignerName(member.id);
  await act(body, [{ type: "services/draw", act: decision, checkpoint: cosigned.note, cosigner }]);
}

const LOT_BYTES = 8;

function isDrawn({ ledger, member }: Body, { note }: CosignedCheckpoint, decision: Hash): boolean {
  const name = cosignerName(member.id);
  const line = parseNote(note)?.signatures.find((one) => one.name === name);
  const cosignature = line === undefined ? null : decodeCosignature(line.signature);
  const drawOneIn = parametersOf(ledger.genesis)?.drawOneIn ?? 1n;
  if (cosignature === null) return false;
  const digest = ledger.host.sha256.one(concat(cosignature.signature, decision));
  let lot = 0n;
  for (const byte of digest.subarray(0, LOT_BYTES)) lot = (lot << 8n) | BigInt(byte);
  return lot % drawOneIn === 0n;
}
