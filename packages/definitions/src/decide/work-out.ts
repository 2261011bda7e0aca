import { placeOf } from "../check/prepare.ts";
import type { CompiledService } from "../compiled.ts";
import type { Bound } from "../expression/ast.ts";
import { namesIn } from "../expression/names-in.ts";
import type { Prepared } from "../expression/programs.ts";
import type { Service, Table, Way, Working } from "../service.ts";
import type { TableUsed } from "./decision.ts";
import type { Facts } from "./facts.ts";
import { filledCells, isInForce, type KeyValue, matchingRows } from "./look-up.ts";

/** Why a value could not be worked out. */
export type Failure =
  | { readonly kind: "missing"; readonly paths: ReadonlySet<string> }
  | { readonly kind: "not-in-force"; readonly table: string }
  | { readonly kind: "rule-fault" };

export type Worked =
  | { readonly ok: true; readonly value: Bound }
  | { readonly ok: false; readonly failure: Failure };

/** What the rules are run over: names that are bound, and why the others are not. */
export interface Context {
  readonly compiled: CompiledService;
  readonly at: number;
  readonly jurisdiction: string | null;
  readonly bound: Record<string, Bound>;
  readonly failures: Map<string, Failure>;
  readonly known: ReadonlySet<string>;
  readonly tables: TableUsed[];
}

/** Binds the facts that are known, the day, the deciding body and its jurisdiction. */
export function openContext(
  compiled: CompiledService,
  facts: Facts,
  at: number,
  areas: readonly string[] | null,
): Context {
  const { service } = compiled;
  const jurisdiction = areas === null ? null : jurisdictionOf(service, areas);
  const bound: Record<string, Bound> = {
    asAt: BigInt(at),
    ...(jurisdiction === null ? {} : { jurisdiction }),
  };
  const known = new Set<string>(facts.keys());
  for (const fact of service.facts) {
    const value = fact.type.kind === "group" ? partsOf(fact.name, facts) : facts.get(fact.name);
    if (value !== undefined) bound[fact.name] = value;
  }
  if (areas !== null && jurisdiction !== null) {
    bound[service.controller] = new Map<string, Bound>([["areas", areas]]);
    known.add(service.controller);
  }
  return { compiled, at, jurisdiction, bound, failures: new Map(), known, tables: [] };
}

const partsOf = (group: string, facts: Facts): ReadonlyMap<string, Bound> => {
  const parts = new Map<string, Bound>();
  for (const [path, value] of facts) {
    if (path.startsWith(`${group}.`)) parts.set(path.slice(group.length + 1), value);
  }
  return parts;
};

/** The one jurisdiction of all the areas; null when there is none. */
const jurisdictionOf = (service: Service, areas: readonly string[]): string | null => {
  const letter = areas[0]?.charAt(0);
  if (!areas.every((area) => area.charAt(0) === letter)) return null;
  return service.jurisdictions.find((one) => one.letter === letter)?.name ?? null;
};

/** Works out every named working in order; each then counts as known or has its failure. */
export function workOutAll(context: Context): void {
  for (const working of context.compiled.service.workings) {
    const worked = workOut(context, working);
    if (worked.ok) context.bound[working.name] = worked.value;
    else context.failures.set(working.name, worked.failure);
  }
}

function workOut(context: Context, working: Working): Worked {
  const found = working.ways.find(
    ({ jurisdiction }) => jurisdiction === null || jurisdiction === context.jurisdiction,
  );
  if (found === undefined) return missing([context.compiled.service.controller]);
  const { jurisdiction, way } = found;
  if (way.kind === "expression") {
    return evaluate(context, placeOf.way(working.name, jurisdiction));
  }
  return lookUp(context, working.name, jurisdiction, way);
}

function lookUp(
  context: Context,
  working: string,
  jurisdiction: string | null,
  way: Extract<Way, { kind: "table" }>,
): Worked {
  const table = context.compiled.service.tables.find((one) => one.name === way.table);
  if (table === undefined) return RULE_FAULT;
  const asked = new Map<string, Bound>();
  const failures: Failure[] = [];
  for (const key of way.keys) {
    const worked = evaluate(context, placeOf.way(working, jurisdiction, key.name));
    if (worked.ok) asked.set(key.name, worked.value);
    else failures.push(worked.failure);
  }
  if (failures.length > 0) return { ok: false, failure: worst(failures) };
  if (!isInForce(table, context.at)) {
    return { ok: false, failure: { kind: "not-in-force", table: table.name } };
  }
  if (!context.tables.some((used) => used.name === table.name)) {
    context.tables.push({ name: table.name, version: table.version });
  }
  return tableValue(context.compiled, table, asked);
}

/** The value that a table's one matching row gives. */
export function tableValue(
  compiled: CompiledService,
  table: Table,
  asked: ReadonlyMap<string, Bound>,
): Worked {
  const values = table.keys.map((key): KeyValue => {
    const value = asked.get(key.name);
    return typeof value === "bigint" ? Number(value) : String(value);
  });
  const [row, ...others] = matchingRows(table, values);
  const program = compiled.programs.get(placeOf.table(table.name))?.program;
  if (row === undefined || others.length > 0 || program === undefined) return RULE_FAULT;
  const outcome = program.run({ ...Object.fromEntries(asked), row: filledCells(table, row) });
  return outcome.ok ? outcome : RULE_FAULT;
}

/** Runs one expression of the definition; a name that is not bound says which fact is missing. */
export function evaluate(context: Context, place: string): Worked {
  const prepared = context.compiled.programs.get(place);
  if (prepared === undefined) return RULE_FAULT;
  const outcome = prepared.program.run(context.bound);
  return outcome.ok ? outcome : { ok: false, failure: whyNot(context, prepared) };
}

/**
 * A missing fact explains a failure; then a table that is not in force; then only the rule itself.
 */
const whyNot = (context: Context, { checked, program }: Prepared): Failure => {
  const lacking = [...checked.uses].filter((path) => !context.known.has(path));
  if (lacking.length > 0) return { kind: "missing", paths: new Set(lacking) };
  const names = [...namesIn(program.tree)];
  return worst(names.flatMap((name) => context.failures.get(name) ?? []));
};

const worst = (failures: readonly Failure[]): Failure => {
  const paths = failures.flatMap((one) => (one.kind === "missing" ? [...one.paths] : []));
  if (paths.length > 0) return { kind: "missing", paths: new Set(paths) };
  return failures.find((one) => one.kind === "not-in-force") ?? { kind: "rule-fault" };
};

const missing = (paths: readonly string[]): Worked => ({
  ok: false,
  failure: { kind: "missing", paths: new Set(paths) },
});

const RULE_FAULT: Worked = { ok: false, failure: { kind: "rule-fault" } };
