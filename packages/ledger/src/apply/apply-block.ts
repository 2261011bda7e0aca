import { type Hash, hashLeaf } from "@tallystick/log";
import { isInLondonTable } from "../civil.ts";
import { effectsDigest, encodeEffects, type LedgerEvent } from "../effects.ts";
import { encodeEvent } from "../events.ts";
import { PROTOCOL_VERSION } from "../genesis.ts";
import type { Host } from "../host.ts";
import { encodeLeaf, type HeaderLeaf, type Outcome } from "../leaves.ts";
import { fireTimer } from "../modules/services/fire-timer.ts";
import type { DropCode } from "../refusals.ts";
import { decodeTransaction, type Transaction } from "../transaction.ts";
import { type Checked, checkTransaction } from "./check-transaction.ts";
import { contextAt, type LedgerState } from "./ledger-state.ts";
import { Overlay, takeIn } from "./overlay.ts";
import { runMessages } from "./run-messages.ts";
import type { BlockContext, Step } from "./step.ts";
import { cancel, type DueTimer, dueTimers, isScheduled } from "./timers.ts";

/** What the engine hands over: the only things that a block depends on besides the state. */
export interface BlockInput {
  /** Later than the last block's. */
  readonly timeMs: bigint;
  /** Operator that orders, and its registered site. */
  readonly proposer: string;
  readonly site: string;
  readonly transactions: readonly Uint8Array[];
  /** For each transaction what its signature was found to be, where that is known. */
  readonly verdicts?: readonly (boolean | undefined)[];
}

/** A transaction that has a leaf. */
export interface TransactionRecord {
  readonly id: Hash;
  readonly bytes: Uint8Array;
  readonly leafIndex: number;
  readonly outcome: Outcome;
}

/** A transaction of the input that left no trace. */
export interface Dropped {
  /** Its place in the input. */
  readonly index: number;
  readonly code: DropCode;
}

export interface BlockResult {
  readonly number: bigint;
  /** Timers, transactions, and the header last. */
  readonly leaves: readonly Uint8Array[];
  readonly header: HeaderLeaf;
  /** For each leaf but the header. */
  readonly effects: readonly Uint8Array[];
  readonly records: readonly TransactionRecord[];
  readonly dropped: readonly Dropped[];
  readonly events: readonly LedgerEvent[];
}

/** A block that is being made. Nothing of it is in the ledger yet. */
interface Draft {
  readonly context: BlockContext;
  readonly number: bigint;
  readonly state: Overlay;
  readonly liveIds: { has(id: Hash): boolean; add(id: Hash): void; readonly size: number };
  readonly leaves: Uint8Array[];
  readonly effects: Uint8Array[];
  readonly records: (TransactionRecord & { readonly validUntilMs: bigint })[];
  readonly dropped: Dropped[];
  readonly events: LedgerEvent[];
  readonly sponsored: Map<string, bigint>;
}

/**
 * The next block: due timers, then each transaction, then the header. Null when there is nothing
 * to append, and then the state is as it was. Depends on nothing but the state and the input; a
 * time that is not later than the last block's throws RangeError. spec/leaves.md, spec/state.md.
 */
export const applyBlock = (
  host: Host,
  state: LedgerState,
  input: BlockInput,
): BlockResult | null => {
  if (input.timeMs <= state.lastHeader.timeMs || !isInLondonTable(input.timeMs)) {
    throw new RangeError("block time does not lie after the last block's");
  }
  const draft = newDraft(host, state, input);
  fireDueTimers(draft);
  for (const [index, bytes] of input.transactions.entries()) {
    takeTransaction(draft, { index, bytes, verdict: input.verdicts?.[index] });
  }
  if (draft.leaves.length === 0) return null;
  // Commit point.
  return commit(host, state, input, draft);
};

const newDraft = (host: Host, state: LedgerState, { timeMs }: BlockInput): Draft => {
  state.liveIds.prune(timeMs);
  return {
    context: contextAt(host, state, timeMs),
    number: state.lastHeader.number + 1n,
    state: new Overlay(state.map),
    liveIds: idsOver(state.liveIds),
    leaves: [],
    effects: [],
    records: [],
    dropped: [],
    events: [],
    sponsored: new Map(),
  };
};

/** The live ids with those of the block under way. */
const idsOver = (base: LedgerState["liveIds"]): Draft["liveIds"] => {
  const added = new Set<string>();
  const nameOf = (id: Hash): string => String.fromCharCode(...id);
  return {
    has: (id) => base.has(id) || added.has(nameOf(id)),
    add: (id) => added.add(nameOf(id)),
    get size() {
      return base.size + added.size;
    },
  };
};

/**
 * One step of the draft: what `first` writes stands in any case, and what `run` writes and reports
 * is kept only when it ends well. Both go into the effects of its leaf.
 */
const attempt = (
  draft: Draft,
  run: (step: Step) => Outcome,
  first: (step: Step) => void = () => {},
): Outcome => {
  const settled = new Overlay(draft.state);
  const tried = new Overlay(settled);
  const events: LedgerEvent[] = [];
  const leafIndex = BigInt(draft.context.firstIndex + draft.leaves.length);
  const emit: Step["emit"] = (event) => events.push(encodeEvent(event));
  first({ ...draft.context, state: settled, leafIndex, emit });
  const outcome = run({ ...draft.context, state: tried, leafIndex, emit });
  if (outcome.ok) takeIn(settled, tried.writes());
  else events.length = 0;
  const writes = settled.writes();
  takeIn(draft.state, writes);
  draft.events.push(...events);
  draft.effects.push(encodeEffects({ writes, events }));
  return outcome;
};

const fireDueTimers = (draft: Draft): void => {
  const { nowMs, parameters } = draft.context;
  for (const due of dueTimers(draft.state, nowMs, parameters.maxTimersPerBlock)) {
    // One that fired just before may have moved the case on and cancelled this one.
    if (isScheduled(draft.state, due.key)) fireOne(draft, due);
  }
};

const fireOne = (draft: Draft, { key, id: timerId, timer }: DueTimer): void => {
  const index = draft.leaves.length;
  const fire = (step: Step): Outcome => {
    const code = fireTimer(step, timer);
    return code === null ? { ok: true } : { ok: false, messageIndex: 0, code };
  };
  // Refused or not, the timer is over.
  const outcome = attempt(draft, fire, (step) => cancel(step, key));
  draft.leaves.push(encodeLeaf({ kind: "timer", block: draft.number, index, timerId, outcome }));
};

interface Offered {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly verdict: boolean | undefined;
}

const takeTransaction = (draft: Draft, offered: Offered): void => {
  const { context, liveIds, state } = draft;
  const decoded = decodeTransaction(context.host, context.networkId, offered.bytes);
  const checked = decoded.ok
    ? checkTransaction(
        {
          ...{ host: context.host, nowMs: context.nowMs, parameters: context.parameters },
          ...{ state, liveIds, verdict: offered.verdict },
          sponsored: (sponsor) => draft.sponsored.get(sponsor) ?? 0n,
        },
        decoded.transaction,
      )
    : decoded.code;
  if (typeof checked === "string") draft.dropped.push({ index: offered.index, code: checked });
  else record(draft, checked);
};

const record = (draft: Draft, { transaction, signer }: Checked): void => {
  const { context } = draft;
  const { id, bytes, payload } = transaction;
  const index = draft.leaves.length;
  const { place, capacity, messages, validUntilMs } = payload;
  const outcome = attempt(draft, (step) =>
    runMessages({ ...step, transactionId: id, signer, place, capacity }, messages),
  );
  const leafIndex = context.firstIndex + index;
  draft.leaves.push(transactionLeaf(draft, transaction, { index, outcome }));
  draft.records.push({ id, bytes, leafIndex, outcome, validUntilMs });
  draft.liveIds.add(id);
  if (signer.kind === "person") {
    draft.sponsored.set(signer.sponsor, (draft.sponsored.get(signer.sponsor) ?? 0n) + 1n);
  }
};

const transactionLeaf = (
  { context, number: block }: Draft,
  { id, bytes }: Transaction,
  { index, outcome }: { readonly index: number; readonly outcome: Outcome },
): Uint8Array => {
  const bytesHash = context.host.sha256.one(bytes);
  const blockTimeMs = context.nowMs;
  return encodeLeaf({ kind: "transaction", block, index, blockTimeMs, id, bytesHash, outcome });
};

const commit = (
  host: Host,
  state: LedgerState,
  { timeMs, proposer, site }: BlockInput,
  draft: Draft,
): BlockResult => {
  const { number, effects, events, dropped } = draft;
  takeIn(state.map, draft.state.writes());
  for (const { id, validUntilMs } of draft.records) state.liveIds.add(id, validUntilMs);
  const header: HeaderLeaf = {
    kind: "header",
    number,
    timeMs,
    previousHeaderHash: state.lastHeader.leafHash,
    firstIndex: state.leafCount,
    count: draft.leaves.length,
    effectsDigest: effectsDigest(host.sha256, effects),
    stateRoot: state.map.root(),
    proposer,
    site,
    protocolVersion: Number(PROTOCOL_VERSION),
  };
  const headerBytes = encodeLeaf(header);
  const leaves = [...draft.leaves, headerBytes];
  state.lastHeader = { number, timeMs, leafHash: hashLeaf(host.sha256, headerBytes) };
  state.leafCount += leaves.length;
  const records = draft.records.map(({ id, bytes, leafIndex, outcome }) => ({
    ...{ id, bytes, leafIndex, outcome },
  }));
  return { number, leaves, header, effects, records, dropped, events };
};
