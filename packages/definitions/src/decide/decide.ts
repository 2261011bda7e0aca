import { dayToText } from "@tallystick/ledger";
import { placeOf } from "../check/prepare.ts";
import type { CompiledService } from "../compiled.ts";
import type { Bound } from "../expression/ast.ts";
import type { ValueType } from "../service.ts";
import type { DecideInput, Decision, PlainValue } from "./decision.ts";
import { type Context, evaluate, type Failure, openContext, workOutAll } from "./work-out.ts";

/**
 * What the rule says of these facts on that day by that body. Pure: the same definition, facts, day
 * and body give the same decision on every node. Checks are tried in order; the first that does not
 * hold refuses, and one that cannot be told makes the outcome `undecided`.
 */
export function decide(compiled: CompiledService, { facts, at, body }: DecideInput): Decision {
  const areas = typeof body === "string" ? [body] : (body?.areas ?? null);
  const context = openContext(compiled, facts, at, areas);
  workOutAll(context);
  const verdict = firstFailing(context);
  const gives = verdict.outcome === "granted" ? grantsOf(context) : { values: {}, failure: null };
  return {
    ...(gives.failure === null ? verdict : undecided(context, gives.failure)),
    workedOut: workedOut(context),
    gives: gives.failure === null ? gives.values : {},
    tables: context.tables,
  };
}

type Verdict = Pick<Decision, "outcome" | "reason" | "missing">;

function firstFailing(context: Context): Verdict {
  const { checks } = context.compiled.service.decide;
  for (const [at, check] of checks.entries()) {
    const worked = evaluate(context, placeOf.check(at));
    if (!worked.ok) return undecided(context, worked.failure);
    if (worked.value !== true) return { outcome: "refused", reason: check.otherwise, missing: [] };
  }
  return { outcome: "granted", reason: null, missing: [] };
}

/** Undecided, and everything that any check still lacks, so that it can be asked for at once. */
function undecided(context: Context, failure: Failure): Verdict {
  if (failure.kind === "not-in-force") {
    return { outcome: "undecided", reason: "services/table-not-in-force", missing: [] };
  }
  if (failure.kind === "rule-fault") {
    return { outcome: "undecided", reason: "services/rule-fault", missing: [] };
  }
  const lacking = new Set(failure.paths);
  for (const at of context.compiled.service.decide.checks.keys()) {
    const worked = evaluate(context, placeOf.check(at));
    if (worked.ok || worked.failure.kind !== "missing") continue;
    for (const path of worked.failure.paths) lacking.add(path);
  }
  lacking.delete(context.compiled.service.controller);
  return lacking.size === 0
    ? { outcome: "undecided", reason: "services/no-authority", missing: [] }
    : { outcome: "undecided", reason: "services/fact-missing", missing: [...lacking].sort() };
}

interface Grants {
  readonly values: Readonly<Record<string, PlainValue>>;
  readonly failure: Failure | null;
}

function grantsOf(context: Context): Grants {
  const values: Record<string, PlainValue> = {};
  for (const { name } of context.compiled.service.decide.grant) {
    const place = placeOf.grant(name);
    const worked = evaluate(context, place);
    if (!worked.ok) return { values: {}, failure: worked.failure };
    context.bound[name] = worked.value;
    const type = context.compiled.programs.get(place)?.checked.type ?? { kind: "text" };
    values[name] = plainValue(type, worked.value);
  }
  return { values, failure: null };
}

const workedOut = (context: Context): Readonly<Record<string, PlainValue>> => {
  const { service, programs } = context.compiled;
  const values: Record<string, PlainValue> = {};
  for (const { name, ways } of service.workings) {
    const value = context.bound[name];
    const [first] = ways;
    const place =
      first?.way.kind === "table"
        ? placeOf.table(first.way.table)
        : placeOf.way(name, first?.jurisdiction ?? null);
    const type = programs.get(place)?.checked.type ?? { kind: "text" };
    values[name] = value === undefined ? null : plainValue(type, value);
  }
  return values;
};

/** A value as JSON shows it. */
export function plainValue(type: ValueType, value: Bound): PlainValue {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") {
    return type.kind === "date" ? dayToText(Number(value)) : Number(value);
  }
  if (value instanceof Uint8Array)
    return [...value].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!Array.isArray(value)) return null;
  const of: ValueType = type.kind === "list" ? type.of : { kind: "text" };
  return value.map((item: Bound) => plainValue(of, item));
}
