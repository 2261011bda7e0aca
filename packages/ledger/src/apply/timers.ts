import { compare, concat, encodeUtf8, type Hash } from "@tallystick/log";
import { encode } from "../cbor.ts";
import { bytes, natural, record, type Shape, wordOf } from "../shape.ts";
import type { StateReader } from "../state/state-map.ts";
import { Table } from "../table.ts";
import type { Step } from "./step.ts";

/** What a timer is about. spec/state.md §timers. */
export type TimerKind = "case" | "acknowledgement" | "opening";

/**
 * Something that happens by itself at a block time. The subject is a case id (`case`), a disclosure
 * (`acknowledgement`: transaction id and message index) or an act (`opening`).
 */
export interface Timer {
  readonly kind: TimerKind;
  readonly subject: Uint8Array;
  /** For a case: which of the definition's timers. */
  readonly index: bigint;
}

export interface DueTimer {
  /** Eight bytes of time, then the id. */
  readonly key: Uint8Array;
  readonly id: Hash;
  readonly timer: Timer;
}

const TIMER_DOMAIN = encodeUtf8("tallystick/timer/v1");
const TIME_BYTES = 8;
const MAX_TIME_MS = (1n << 63n) - 1n;
const kinds: readonly TimerKind[] = ["case", "acknowledgement", "opening"];
const timerShape: Shape<Timer> = record<Timer>({
  kind: wordOf(kinds),
  subject: bytes,
  index: natural,
});

const timers: Table<Timer> = new Table("timers", timerShape);
const START = new Uint8Array();

const timeKey = (ms: bigint): Uint8Array => {
  const key = new Uint8Array(TIME_BYTES);
  let rest = ms;
  for (let at = TIME_BYTES - 1; at >= 0; at -= 1) {
    key[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return key;
};

const timeOf = (key: Uint8Array): bigint => {
  let ms = 0n;
  for (const byte of key.subarray(0, TIME_BYTES)) ms = (ms << 8n) | BigInt(byte);
  return ms;
};

/** The state key of a timer that falls due at a block time: eight bytes of time, then its id. */
export const timerKey = (step: Step, dueMs: bigint, timer: Timer): Uint8Array => {
  if (dueMs < 0n || dueMs > MAX_TIME_MS) throw new RangeError("a timer lies outside time");
  const parts = encode([dueMs, timer.kind, timer.subject, timer.index]);
  return concat(timeKey(dueMs), step.host.sha256.one(concat(TIMER_DOMAIN, parts)));
};

/** Puts a timer in; answers its key, by which it can be cancelled. */
export const schedule = (step: Step, dueMs: bigint, timer: Timer): Uint8Array => {
  const key = timerKey(step, dueMs, timer);
  timers.put(step.state, key, timer);
  return key;
};

/** Takes a timer out, whether it is still there or not. */
export const cancel = (step: Step, key: Uint8Array): void => timers.delete(step.state, key);

/** True while the timer has not been cancelled. */
export const isScheduled = (state: StateReader, key: Uint8Array): boolean => timers.has(state, key);

/** The timers due at a block time, by time and then by id, at most `most` of them. */
export const dueTimers = (state: StateReader, nowMs: bigint, most: bigint): DueTimer[] => {
  const due: DueTimer[] = [];
  const end = timeKey(nowMs + 1n);
  for (const [key, timer] of timers.under(state, START)) {
    if (BigInt(due.length) >= most || compare(key, end) >= 0) break;
    due.push({ key, id: key.slice(TIME_BYTES), timer });
  }
  return due;
};

/** When the next timer falls due, in milliseconds of block time; null when none is set. */
export const nextTimerMs = (state: StateReader): bigint | null => {
  for (const [key] of timers.under(state, START)) return timeOf(key);
  return null;
};
