import type { ExpressionEngine } from "../expression/ast.ts";
import { checkExpression } from "../expression/check.ts";
import type { Prepared, Programs } from "../expression/programs.ts";
import { type Checked, type Declared, given, type Scope } from "../expression/scope.ts";
import { describe, fits, highest } from "../expression/types.ts";
import type { Faults } from "../fault.ts";
import type { Expression, Fact, Service, Table, ValueType, Way, Working } from "../service.ts";

/** The longest expression that a reader can take in at a glance; a longer one is to be named. */
export const MAX_EXPRESSION_CHARACTERS: number = 120;

/** What the expressions of a service turned out to be; class and type of each working by name. */
export interface PreparedService {
  readonly programs: Programs;
  readonly workings: ReadonlyMap<string, Checked>;
}

/**
 * Parses and checks every expression in the order in which names come to be known: facts, tables,
 * workings from the first to the last, checks, what a grant gives, and all that uses these.
 */
export function prepare(
  service: Service,
  engine: ExpressionEngine,
  faults: Faults,
): PreparedService {
  const preparing = new Preparing(engine, faults, service.controller);
  const scope = new Map(baseScope(service));
  for (const table of service.tables) preparing.table(table);
  const workings = new Map<string, Checked>();
  for (const working of service.workings) {
    const checked = preparing.working(working, scope, service.tables);
    if (checked === null) continue;
    workings.set(working.name, checked);
    scope.set(working.name, { kind: "value", ...checked });
  }
  for (const [at, check] of service.decide.checks.entries()) {
    preparing.expression(placeOf.check(at), check.need, scope, { kind: "yes-no" });
  }
  for (const { name, expression } of service.decide.grant) {
    const checked = preparing.expression(placeOf.grant(name), expression, scope);
    if (checked !== null) scope.set(name, { kind: "value", ...checked });
  }
  prepareUses(preparing, service, scope);
  return { programs: preparing.programs, workings };
}

/** Where each expression is kept among the programs. */
export const placeOf: {
  readonly way: (working: string, jurisdiction: string | null, key?: string) => string;
  readonly table: (table: string) => string;
  readonly check: (index: number) => string;
  readonly grant: (name: string) => string;
  readonly proof: (fact: string, index: number) => string;
  readonly reason: (action: string) => string;
  readonly tag: (action: string, tag: string) => string;
  readonly privateTimer: (index: number) => string;
  readonly claim: (give: string, claim: string) => string;
  readonly show: (kind: string, name: string) => string;
} = {
  way: (working, jurisdiction, key = "") => `work-out/${working}/${jurisdiction ?? ""}/${key}`,
  table: (table) => `tables/${table}`,
  check: (index) => `decide/${index}`,
  grant: (name) => `grant/${name}`,
  proof: (fact, index) => `facts/${fact}/${index}`,
  reason: (action) => `actions/${action}/reason`,
  tag: (action, tag) => `actions/${action}/tags/${tag}`,
  privateTimer: (index) => `timers/${index}`,
  claim: (give, claim) => `give/${give}/${claim}`,
  show: (kind, name) => `${kind}/${name}`,
};

const DATE: ValueType & { kind: "date" } = { kind: "date" };

/** Facts, the day, the deciding body and its jurisdiction. */
function baseScope(service: Service): Scope {
  const scope = new Map<string, Declared>();
  for (const fact of service.facts) scope.set(fact.name, declaredFact(fact));
  scope.set("asAt", { kind: "value", ...given(DATE, "official") });
  const body: Omit<Checked, "type"> = {
    dataClass: "official",
    uses: new Set([service.controller]),
  };
  const areas: Checked = { type: { kind: "list", of: { kind: "gss-code" } }, ...body };
  scope.set(service.controller, {
    kind: "group",
    parts: new Map([["areas", areas]]),
    mayBeBlank: false,
  });
  const names = service.jurisdictions.map((one) => one.name);
  scope.set("jurisdiction", { kind: "value", type: { kind: "one-of", words: names }, ...body });
  return scope;
}

const declaredFact = (fact: Fact): Declared => {
  const { type, dataClass } = fact;
  if (type.kind !== "group") {
    return { kind: "value", type, dataClass, uses: new Set([fact.name]) };
  }
  const parts = type.fields.map((field): [string, Checked] => [
    field.name,
    { type: field.type, dataClass, uses: new Set([`${fact.name}.${field.name}`]) },
  ]);
  return { kind: "group", parts: new Map(parts), mayBeBlank: false };
};

class Preparing {
  readonly programs: Map<string, Prepared> = new Map();
  readonly #engine: ExpressionEngine;
  readonly #faults: Faults;
  readonly #controller: string;

  constructor(engine: ExpressionEngine, faults: Faults, controller: string) {
    this.#engine = engine;
    this.#faults = faults;
    this.#controller = controller;
  }

  expression(
    place: string,
    expression: Expression,
    scope: Scope,
    wanted: ValueType | null = null,
  ): Checked | null {
    const { at, text } = expression;
    if (text.length > MAX_EXPRESSION_CHARACTERS) {
      const what = `${text.length} characters; ${MAX_EXPRESSION_CHARACTERS} is the most`;
      const mend = "give a part of it a name under work-out and use the name";
      this.#faults.add(at, "definition/expression-too-long", what, mend);
      return null;
    }
    const parsed = this.#engine.parse(text);
    if (!parsed.ok) {
      const what = `"${text}" breaks off at character ${parsed.column}: ${parsed.why}`;
      const mend = "mend the expression; spec/service-definition.md shows the language";
      this.#faults.add(at, "definition/expression-syntax", what, mend);
      return null;
    }
    const checking = checkExpression(parsed.program.tree, scope);
    if (!checking.ok) {
      const { code, what, mend } = checking.fault;
      this.#faults.add(at, code, what, mend);
      return null;
    }
    const { checked } = checking;
    if (wanted !== null && !fits(wanted, checked.type)) {
      const what = `${describe(wanted)} is needed, this is ${describe(checked.type)}`;
      this.#faults.add(at, "definition/type-mismatch", what, "write an expression of that type");
      return null;
    }
    this.programs.set(place, { program: parsed.program, checked });
    return checked;
  }

  table(table: Table): void {
    const scope = new Map<string, Declared>();
    for (const key of table.keys) {
      const type = key.kind === "range" ? DATE : ({ kind: "one-of", words: key.words } as const);
      scope.set(key.name, { kind: "value", ...given(type, "public") });
    }
    const parts = table.columns.map((column): [string, Checked] => [
      column.name,
      given(column.type, "public"),
    ]);
    scope.set("row", { kind: "group", parts: new Map(parts), mayBeBlank: true });
    this.expression(placeOf.table(table.name), table.value, scope);
  }

  working(working: Working, scope: Scope, tables: readonly Table[]): Checked | null {
    const found: Checked[] = [];
    for (const { jurisdiction, way } of working.ways) {
      const checked = this.#way(working, jurisdiction, way, scope, tables);
      if (checked === null) return null;
      found.push(checked);
    }
    const [first, ...others] = found;
    if (first === undefined) return null;
    for (const other of others) {
      if (fits(first.type, other.type)) continue;
      const what = `${working.name} is ${describe(first.type)} here, ${describe(other.type)} there`;
      const mend = "let every jurisdiction's way give the same type";
      this.#faults.add(working.at, "definition/type-mismatch", what, mend);
      return null;
    }
    return found.length === 1 ? first : divided(first, found, this.#controller);
  }

  #way(
    working: Working,
    jurisdiction: string | null,
    way: Way,
    scope: Scope,
    tables: readonly Table[],
  ): Checked | null {
    const place = placeOf.way(working.name, jurisdiction);
    if (way.kind === "expression") return this.expression(place, way.expression, scope);
    const table = tables.find((one) => one.name === way.table);
    if (table === undefined) {
      const what = `table "${way.table}" is not declared`;
      this.#faults.add(working.at, "definition/undeclared-name", what, "name it under tables:");
      return null;
    }
    const value = this.programs.get(placeOf.table(table.name))?.checked ?? null;
    const keys = this.#keys(working, jurisdiction, way, table, scope);
    return value === null || keys === null ? null : together([value, ...keys], value.type);
  }

  /** A key that is chosen by word: a value of exactly these words, or one of them written out. */
  #word(
    place: string,
    expression: Expression,
    scope: Scope,
    words: readonly string[],
  ): Checked | null {
    const type = { kind: "one-of", words } as const;
    const checked = this.expression(place, expression, scope, type);
    if (checked === null || checked.type.kind === "one-of") return checked;
    const tree = this.programs.get(place)?.program.tree;
    if (tree?.kind === "literal" && words.includes(String(tree.value))) return checked;
    const what = `"${expression.text}" is not surely ${describe(type)}`;
    const mend = "write one of these words in quotes, or a value that is declared one-of them";
    this.#faults.add(expression.at, "definition/type-mismatch", what, mend);
    return null;
  }

  #keys(
    working: Working,
    jurisdiction: string | null,
    way: Extract<Way, { kind: "table" }>,
    table: Table,
    scope: Scope,
  ): readonly Checked[] | null {
    const named = new Set(way.keys.map((key) => key.name));
    const wanted = table.keys.map((key) => key.name);
    if (named.size !== wanted.length || !wanted.every((name) => named.has(name))) {
      const what = `table ${table.name} is asked with ${[...named].join(", ") || "nothing"}`;
      const mend = `ask it with ${wanted.join(", ")}`;
      this.#faults.add(working.at, "definition/type-mismatch", what, mend);
      return null;
    }
    const checked = way.keys.map((key) => {
      const column = table.keys.find((one) => one.name === key.name);
      const place = placeOf.way(working.name, jurisdiction, key.name);
      if (column?.kind !== "choice") return this.expression(place, key.expression, scope, DATE);
      return this.#word(place, key.expression, scope, column.words);
    });
    const good = checked.filter((one) => one !== null);
    return good.length === checked.length ? good : null;
  }
}

/** A value that depends on the jurisdiction stands on the deciding body too: at least official. */
const divided = (first: Checked, found: readonly Checked[], controller: string): Checked => {
  const all = together(found, first.type);
  const uses = new Set([...all.uses, controller]);
  return { ...all, uses, dataClass: highest(all.dataClass, "official") };
};

const together = (parts: readonly Checked[], type: Checked["type"]): Checked => ({
  type,
  dataClass: parts.reduce<Checked["dataClass"]>(
    (most, part) => highest(most, part.dataClass),
    "public",
  ),
  uses: new Set(parts.flatMap((part) => [...part.uses])),
});

/** Everything that uses what the rules worked out. */
function prepareUses(preparing: Preparing, service: Service, scope: Scope): void {
  for (const fact of service.facts) {
    for (const [at, proof] of fact.accept.entries()) {
      if (proof.when === null) continue;
      preparing.expression(placeOf.proof(fact.name, at), proof.when, scope, { kind: "yes-no" });
    }
  }
  for (const action of service.actions) {
    if (action.reason !== null) {
      preparing.expression(placeOf.reason(action.name), action.reason, scope, { kind: "text" });
    }
    for (const tag of action.tags) {
      preparing.expression(placeOf.tag(action.name, tag.name), tag.expression, scope);
    }
  }
  for (const [at, timer] of service.privateTimers.entries()) {
    preparing.expression(placeOf.privateTimer(at), timer.on, scope, DATE);
  }
  for (const give of service.gives) {
    for (const claim of give.claims) {
      preparing.expression(placeOf.claim(give.name, claim.name), claim.expression, scope);
    }
  }
  for (const show of service.shows) {
    preparing.expression(placeOf.show(show.kind, show.name), show.expression, scope);
  }
}
