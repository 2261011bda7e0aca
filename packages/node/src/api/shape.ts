import { decodeLeaf, type HeaderLeaf, type Leaf, type Outcome } from "@tallystick/ledger";
import { toBase64, toHex } from "@tallystick/log";
import { refusalWords } from "./problem.ts";

/** An outcome as JSON; a refusal with its sentences. */
export function outcomeJson(outcome: Outcome): unknown {
  if (outcome.ok) return { ok: true };
  const { messageIndex, code } = outcome;
  return { ok: false, messageIndex, code, ...refusalWords(code) };
}

/** A header as JSON, with its leaf. */
export const headerJson = (header: HeaderLeaf, leaf: Uint8Array): unknown => ({
  number: Number(header.number),
  timeMs: Number(header.timeMs),
  firstIndex: header.firstIndex,
  count: header.count,
  previousHeaderHash: toHex(header.previousHeaderHash),
  effectsDigest: toHex(header.effectsDigest),
  stateRoot: toHex(header.stateRoot),
  proposer: header.proposer,
  site: header.site,
  protocolVersion: header.protocolVersion,
  leaf: toBase64(leaf),
});

/** A leaf in a list: where it stands, what it is and its bytes. */
export function leafJson(index: number, bytes: Uint8Array): unknown {
  const decoded = decodeLeaf(bytes);
  const leaf = decoded.ok ? decoded.leaf : null;
  return { index, kind: leaf?.kind ?? "unknown", leaf: toBase64(bytes), ...factsOf(leaf) };
}

function factsOf(leaf: Leaf | null): object {
  if (leaf?.kind === "transaction") {
    return { id: toHex(leaf.id), outcome: outcomeJson(leaf.outcome) };
  }
  if (leaf?.kind === "timer") {
    return { id: toHex(leaf.timerId), outcome: outcomeJson(leaf.outcome) };
  }
  return {};
}
