import type { Faults } from "../fault.ts";
import type { Position } from "../position.ts";
import type { Action, ActionEnd, Service, State } from "../service.ts";

/**
 * The course of a case: every state can be reached and left, whoever waits is not forgotten, and
 * whoever is refused can challenge. Faults: definition/no-opening, unreachable-state, trap-state,
 * no-timer, no-challenge, no-human-review; wrong-shape for what the ledger could not follow.
 */
export function checkProcess(service: Service, faults: Faults): void {
  checkShape(service, faults);
  checkReachable(service, faults);
  checkTraps(service, faults);
  checkTimers(service, faults);
  checkChallenge(service, faults);
  checkHumanReview(service, faults);
}

const opens = (action: Action): boolean => action.from.length === 0;

/** [from, to] of every way from one state to another. */
const stepsOf = (service: Service): readonly (readonly [string, string])[] => [
  ...service.actions.flatMap((action) =>
    action.from.flatMap((from) => action.to.map((end) => [from, end.state] as const)),
  ),
  ...service.timers.flatMap((timer) =>
    timer.kind === "to" ? [[timer.state, timer.target] as const] : [],
  ),
  ...service.privateTimers.map((timer) => [timer.state, timer.to] as const),
];

/** Every state that the steps lead to from these. */
const spread = (
  from: readonly string[],
  steps: readonly (readonly [string, string])[],
): ReadonlySet<string> => {
  const found = new Set(from);
  for (const state of found) {
    for (const [start, end] of steps) if (start === state) found.add(end);
  }
  return found;
};

/** What the ledger would refuse to publish: staff of nobody, an opening or a timer that decides. */
function checkShape(service: Service, faults: Faults): void {
  const wrong = (at: Position, what: string, mend: string): void =>
    faults.add(at, "definition/wrong-shape", what, mend);
  for (const role of service.roles) {
    const body = service.roles.find((one) => one.name === role.of);
    const isRight = role.kind === "staff" ? body?.kind === "member" : role.of === null;
    if (isRight) continue;
    const what = `role "${role.name}" must ${role.kind === "staff" ? "" : "not "}be of a member`;
    wrong(role.at, what, "staff name their member role with of:, all others leave it out");
  }
  for (const action of service.actions.filter(opens)) {
    if (action.to.every((end) => end.outcome === null)) continue;
    wrong(
      action.at,
      `"${action.name}" opens a case and decides it`,
      "open and decide in two actions",
    );
  }
  for (const timer of service.timers.filter((one) => one.kind === "do")) {
    const action = service.actions.find((one) => one.name === timer.target);
    const isPlain = action?.to.every((end) => end.outcome === null) === true;
    if (isPlain && action.from.includes(timer.state)) continue;
    const what = `a timer in "${timer.state}" cannot do "${timer.target}"`;
    wrong(timer.at, what, "let it do an action from that state that decides nothing");
  }
}

function checkReachable(service: Service, faults: Faults): void {
  const openings = service.actions.filter(opens);
  if (openings.length === 0) {
    const what = "no action opens a case";
    faults.add(service.at, "definition/no-opening", what, "leave from: out of one action");
  }
  const starts = openings.flatMap((action) => action.to.map((end) => end.state));
  const reached = spread(starts, stepsOf(service));
  for (const state of service.states) {
    if (reached.has(state.name)) continue;
    const what = `no case can ever be in state "${state.name}"`;
    const mend = "add an action or timer that leads to it, or take it out";
    faults.add(state.at, "definition/unreachable-state", what, mend);
  }
}

function checkTraps(service: Service, faults: Faults): void {
  const back = stepsOf(service).map(([from, to]) => [to, from] as const);
  const ends = service.states.filter((state) => state.kind === "end").map((state) => state.name);
  const leaves = spread(ends, back);
  for (const state of service.states) {
    if (!leaves.has(state.name)) trap(state, "no end can be reached from", faults);
    if (state.kind === "end" && stepsOf(service).some(([from]) => from === state.name)) {
      trap(state, "something still leads out of the end", faults);
    }
  }
}

const trap = (state: State, what: string, faults: Faults): void =>
  faults.add(
    state.at,
    "definition/trap-state",
    `${what} "${state.name}"`,
    state.kind === "end" ? "let it be live or waiting" : "add an action or timer that leads out",
  );

function checkTimers(service: Service, faults: Faults): void {
  const timed = new Set([...service.timers, ...service.privateTimers].map((timer) => timer.state));
  for (const state of service.states) {
    if (state.kind !== "waiting" || timed.has(state.name)) continue;
    const what = `somebody waits in state "${state.name}" and nothing reminds anybody`;
    const mend = "add a timer in that state, with alarm:, to: or do:";
    faults.add(state.at, "definition/no-timer", what, mend);
  }
}

/** The state of a refusal must leave a way to challenge, in the service or outside it. */
function checkChallenge(service: Service, faults: Faults): void {
  const { challenge } = service;
  const first = service.actions.find((action) => action.name === challenge?.first);
  for (const { action, end } of refusals(service)) {
    const isInside = first?.from.includes(end.state) === true;
    if (isInside || (challenge !== null && challenge.outside !== null)) continue;
    const what = `"${action.name}" can refuse, and state "${end.state}" leaves no challenge`;
    const mend = "add challenge: {first: ACTION from that state, then: a remedy outside}";
    faults.add(end.at, "definition/no-challenge", what, mend);
  }
}

const refusals = (service: Service): readonly { action: Action; end: ActionEnd }[] =>
  service.actions.flatMap((action) =>
    action.to.filter((end) => end.outcome === "refuse").map((end) => ({ action, end })),
  );

/** An automated refusal is reviewed by a person who did not make it. */
function checkHumanReview(service: Service, faults: Faults): void {
  if (!service.automated || refusals(service).length === 0) return;
  const review = service.actions.find((action) => action.name === service.humanReview);
  const reviewers = service.roles.filter((role) => role.kind === "staff").map((role) => role.name);
  const settled = service.actions.some(
    (action) =>
      action.reviews !== null &&
      action.by.every((role) => reviewers.includes(role)) &&
      review?.to.some((end) => action.from.includes(end.state)) === true,
  );
  if (settled) return;
  const what = "the decision is automated and no person reviews it";
  const mend = "name human-review: ACTION, and add an action by staff with reviews: the decision";
  faults.add(service.at, "definition/no-human-review", what, mend);
}
