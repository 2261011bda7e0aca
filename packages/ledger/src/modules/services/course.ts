import { concat, equal } from "@tallystick/log";
import type { Step } from "../../apply/step.ts";
import { cancel, schedule } from "../../apply/timers.ts";
import { londonDay, londonMidnightMs } from "../../civil.ts";
import type { ActionDeadline, Definition } from "../../definition.ts";
import { addDuration, parseDuration } from "../../duration.ts";
import { namesKey } from "../../table.ts";
import { type Case, cases, tags } from "./state.ts";

/** The course of a case: what state follows, until when something may be done, what runs. */

const SERVED = "served ";

/** The name in a deadline's trigger: an action or a state. `served ACTION` runs from the action. */
export const triggerName = (trigger: string): string =>
  trigger.startsWith(SERVED) ? trigger.slice(SERVED.length) : trigger;

/** Runs from the opening. */
export const OPENED: string = "opened";

/** When what a deadline runs from last happened, or null. */
const triggeredAtMs = (found: Case, trigger: string): bigint | null => {
  const name = triggerName(trigger);
  if (name === OPENED) return found.openedAtMs;
  const done = found.done.find(({ action }) => action === name);
  return done?.atMs ?? found.entered.find(({ state }) => state === name)?.atMs ?? null;
};

/** The first moment after a duration that begins on the London day of `fromMs`. */
export const endOfDuration = (fromMs: bigint, text: string): bigint => {
  const duration = parseDuration(text);
  if (duration === null) throw new Error("a duration was not checked at publication");
  return londonMidnightMs(addDuration(londonDay(fromMs), duration) + 1);
};

/** True while a deadline has begun and its last day is not over. */
export const isWithin = (step: Step, found: Case, deadline: ActionDeadline | null): boolean => {
  if (deadline === null) return true;
  const fromMs = triggeredAtMs(found, deadline.trigger);
  return fromMs !== null && step.nowMs < endOfDuration(fromMs, deadline.duration);
};

const tagKey = (definition: Definition, authority: string, name: string, tag: Uint8Array) =>
  concat(namesKey(authority, definition.service, name), tag);

const isOnce = (definition: Definition, state: string): boolean =>
  definition.process.decision.once?.states.includes(state) === true;

/** The case as it would move on: its id and what it holds. */
export interface Moving {
  readonly id: Uint8Array;
  readonly definition: Definition;
  readonly found: Case;
}

/** Whether the state may be entered: no other case of the same subject stands in such a state. */
export const mayEnter = (step: Step, { id, definition, found }: Moving, to: string): boolean => {
  if (!isOnce(definition, to)) return true;
  return found.tags.every(({ name, tag }) => {
    const holder = tags.get(step.state, tagKey(definition, found.authority, name, tag));
    return holder === null || equal(holder, id);
  });
};

/** Moves the case into a state: its timers, its tags and the time are set anew. Writes. */
export const enter = (step: Step, moving: Moving, to: string): void => {
  const { id, definition, found } = moving;
  for (const key of found.timers) cancel(step, key);
  for (const { name, tag } of found.tags) {
    const key = tagKey(definition, found.authority, name, tag);
    if (isOnce(definition, to)) tags.put(step.state, key, id);
    else if (isOnce(definition, found.state)) tags.delete(step.state, key);
  }
  const entered = [
    ...found.entered.filter(({ state }) => state !== to),
    { state: to, atMs: step.nowMs },
  ];
  const timers = scheduleFor(step, moving, to);
  cases.put(step.state, id, { ...found, state: to, entered, timers });
};

const scheduleFor = (step: Step, { id, definition }: Moving, state: string): Uint8Array[] => {
  const keys: Uint8Array[] = [];
  for (const [index, timer] of definition.process.timers.entries()) {
    if (timer.state !== state) continue;
    const dueMs = endOfDuration(step.nowMs, timer.after);
    keys.push(schedule(step, dueMs, { kind: "case", subject: id, index: BigInt(index) }));
  }
  return keys;
};

/** The case with an action noted as done now. */
export const withDone = (
  step: Step,
  found: Case,
  action: string,
  keyId: Uint8Array | null,
): Case => ({
  ...found,
  done: [
    ...found.done.filter((done) => done.action !== action),
    { action, atMs: step.nowMs, keyId },
  ],
});
