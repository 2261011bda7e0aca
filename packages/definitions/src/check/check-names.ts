import { parseDuration } from "@tallystick/ledger";
import type { Faults } from "../fault.ts";
import type { Position } from "../position.ts";
import type { Fact, Named, Service } from "../service.ts";
import { isFactName } from "../source/words.ts";

/**
 * Every name that is used is declared, none is declared twice where expressions would meet both,
 * and lengths of time can be counted. Faults: definition/undeclared-name, duplicate-name, bad-name,
 * bad-duration. The reader refuses bad names and lengths first; this also guards compiled bytes.
 */
export function checkNames(service: Service, faults: Faults): void {
  const names = new Names(service, faults);
  names.unique();
  checkRoles(service, names);
  checkFacts(service, names);
  checkActions(service, names);
  checkTimers(service, names);
  checkTellings(service, names);
}

/** Paths of a service's facts in the definition's order: `residence.authority`. */
export const factPaths = (facts: readonly Fact[]): readonly string[] =>
  facts.flatMap((fact) =>
    fact.type.kind === "group"
      ? fact.type.fields.map((field) => `${fact.name}.${field.name}`)
      : [fact.name],
  );

class Names {
  readonly #service: Service;
  readonly #faults: Faults;

  constructor(service: Service, faults: Faults) {
    this.#service = service;
    this.#faults = faults;
  }

  role(name: string, at: Position): void {
    this.#known("role", this.#service.roles, name, at);
  }

  state(name: string, at: Position): void {
    this.#known("state", this.#service.states, name, at);
  }

  action(name: string, at: Position): void {
    this.#known("action", this.#service.actions, name, at);
  }

  law(name: string, at: Position): void {
    this.#known("law", this.#service.law, name, at);
  }

  fact(name: string, at: Position): void {
    this.#known("fact", this.#service.facts, name, at);
  }

  /** A jurisdiction; null stands for all. */
  jurisdiction(name: string | null, at: Position): void {
    if (name !== null) this.#known("jurisdiction", this.#service.jurisdictions, name, at);
  }

  among(what: string, known: readonly string[], name: string, at: Position): void {
    if (known.includes(name)) return;
    this.#faults.add(
      at,
      "definition/undeclared-name",
      `${what} "${name}" is not declared`,
      `declare it, or use one of ${known.join(", ")}`,
    );
  }

  #known(what: string, known: readonly Named[], name: string, at: Position): void {
    const names = known.map((one) => one.name);
    this.among(what, names, name, at);
  }

  /** A name that expressions can use. */
  expressible(name: string, at: Position): void {
    if (isFactName(name)) return;
    const what = `"${name}" is not a name that expressions can use`;
    const mend = "use a letter, then letters and digits, and no word of the language";
    this.#faults.add(at, "definition/bad-name", what, mend);
  }

  duration(text: string, at: Position): void {
    if (parseDuration(text) !== null) return;
    const what = `"${text}" is not a length of time`;
    this.#faults.add(at, "definition/bad-duration", what, "write P28D, P3M or 10 working-days");
  }

  /** Facts, workings, what a grant gives and the deciding role are one set of names. */
  unique(): void {
    const { facts, workings, decide, roles, controller } = this.#service;
    const seen = new Set<string>(
      roles.some((role) => role.name === controller) ? [controller] : [],
    );
    for (const { name, at } of [...facts, ...workings, ...decide.grant]) {
      this.expressible(name, at);
      if (seen.has(name)) {
        const what = `"${name}" is declared twice`;
        this.#faults.add(at, "definition/duplicate-name", what, "give one of them another name");
      }
      seen.add(name);
    }
  }
}

function checkRoles(service: Service, names: Names): void {
  names.role(service.controller, service.at);
  for (const role of service.roles) {
    for (const other of [role.of, ...role.neverAlso])
      if (other !== null) names.role(other, role.at);
    if (role.areaFact !== null) {
      names.among("fact", factPaths(service.facts), role.areaFact, role.at);
    }
  }
  for (const role of service.once?.per ?? []) names.role(role, service.once?.at ?? service.at);
  for (const state of service.once?.states ?? [])
    names.state(state, service.once?.at ?? service.at);
}

function checkFacts(service: Service, names: Names): void {
  for (const table of service.tables) {
    for (const { name } of [...table.keys, ...table.columns]) names.expressible(name, table.at);
  }
  for (const fact of service.facts) {
    for (const seen of fact.seenBy) {
      names.role(seen.role, seen.at);
      names.law(seen.law, seen.at);
    }
    for (const proof of fact.accept) {
      if (proof.by === "document") names.role(proof.source, proof.at);
    }
    if (fact.type.kind === "group") {
      for (const field of fact.type.fields) names.expressible(field.name, fact.at);
    }
    if (fact.keep === null) continue;
    names.duration(fact.keep.duration, fact.keep.at);
    names.among("event", ["decided", ...eventsOf(service)], fact.keep.after, fact.keep.at);
  }
  for (const law of service.law) {
    for (const power of law.powers) names.jurisdiction(power.jurisdiction, law.at);
  }
  for (const seen of service.membersSee) names.law(seen.law, seen.at);
}

/** What the ledger's clocks may run from: an action, a state, `served ACTION`, `opened`. */
const eventsOf = (service: Service): readonly string[] => [
  "opened",
  ...service.states.map((state) => state.name),
  ...service.actions.flatMap((action) => [action.name, `served ${action.name}`]),
];

function checkActions(service: Service, names: Names): void {
  names.action(service.decide.asAt, service.decide.at);
  for (const action of service.actions) {
    for (const role of action.by) names.role(role, action.at);
    for (const state of action.from) names.state(state, action.at);
    for (const end of action.to) names.state(end.state, end.at);
    for (const fact of action.gives) names.fact(fact, action.at);
    if (action.reviews !== null) names.action(action.reviews, action.at);
    const { within } = action;
    if (within === null) continue;
    names.duration(within.duration, within.at);
    names.among("event", eventsOf(service), within.after, within.at);
  }
  if (service.humanReview !== null) names.action(service.humanReview, service.at);
  const { challenge } = service;
  if (challenge !== null && challenge.first !== null) names.action(challenge.first, challenge.at);
}

function checkTimers(service: Service, names: Names): void {
  for (const timer of service.timers) {
    names.duration(timer.after, timer.at);
    names.state(timer.state, timer.at);
    if (timer.kind === "alarm") names.role(timer.target, timer.at);
    if (timer.kind === "to") names.state(timer.target, timer.at);
    if (timer.kind === "do") names.action(timer.target, timer.at);
  }
  for (const timer of service.privateTimers) {
    names.state(timer.state, timer.at);
    names.state(timer.to, timer.at);
    if (timer.keptBy !== null) names.role(timer.keptBy, timer.at);
  }
}

/** What is told, given and disclosed is known, and by whom to whom. */
function checkTellings(service: Service, names: Names): void {
  const values = [...factPaths(service.facts), ...service.workings.map((one) => one.name)];
  for (const check of service.decide.checks) {
    for (const told of check.tell) names.among("value", values, told, check.at);
  }
  for (const give of service.gives) {
    names.role(give.to, give.at);
    names.state(give.in, give.at);
    if (give.status !== null) {
      const disclosures = service.disclosures.map((one) => one.name);
      names.among("disclosure", disclosures, give.status, give.at);
    }
  }
  const disclosable = [
    ...values,
    ...service.gives.flatMap((give) => [
      `${give.name}.status`,
      ...give.claims.map((claim) => `${give.name}.${claim.name}`),
    ]),
  ];
  for (const disclosure of service.disclosures) {
    names.role(disclosure.from, disclosure.at);
    names.role(disclosure.to, disclosure.at);
    names.law(disclosure.law, disclosure.at);
    for (const what of disclosure.what) names.among("value", disclosable, what, disclosure.at);
    const { keep } = disclosure;
    if (keep !== null)
      names.among("event", ["decided", "replaced", ...eventsOf(service)], keep.after, keep.at);
  }
}
