import { dayFromText } from "@tallystick/ledger";
import { placeOf } from "./check/prepare.ts";
import type { CompiledService } from "./compiled.ts";
import { decide, plainValue } from "./decide/decide.ts";
import type { Decision } from "./decide/decision.ts";
import { parseFacts } from "./decide/facts.ts";
import { tableValue } from "./decide/work-out.ts";
import type { Bound } from "./expression/ast.ts";
import type { Position } from "./position.ts";
import type { DecisionTest, Json, ServiceTest, TableTest } from "./read/read-tests.ts";

/** What became of one test: null when it passed, else what was found instead. */
export interface TestResult {
  readonly name: string;
  readonly at: Position;
  readonly failure: string | null;
}

/** Runs every test against the compiled definition, in order. */
export const runServiceTests = (
  compiled: CompiledService,
  tests: readonly ServiceTest[],
): readonly TestResult[] =>
  tests.map((test) => ({
    name: test.name,
    at: test.at,
    failure: test.kind === "table" ? tableFailure(compiled, test) : decisionFailure(compiled, test),
  }));

function decisionFailure(compiled: CompiledService, test: DecisionTest): string | null {
  const parsed = parseFacts(compiled.service, test.facts);
  if (!parsed.ok) {
    const [first] = parsed.faults;
    return `its facts cannot be used: ${first?.path || "the whole"} should be ${first?.expected}`;
  }
  const body = test.areas === null ? null : { areas: test.areas };
  const decision = decide(compiled, { facts: parsed.facts, at: test.day, body });
  const differences = [...differencesOf(test, decision)];
  return differences.length === 0 ? null : differences.join("; ");
}

function* differencesOf({ expect }: DecisionTest, decision: Decision): Generator<string> {
  const { outcome, reason, missing, values } = expect;
  if (outcome !== null && outcome !== decision.outcome) {
    yield `the outcome is ${decision.outcome} (${decision.reason ?? "no reason"}), not ${outcome}`;
  }
  if (reason !== null && reason !== decision.reason) {
    yield `the reason is ${decision.reason ?? "none"}, not ${reason}`;
  }
  if (missing !== null && missing.join() !== decision.missing.join()) {
    yield `missing is ${decision.missing.join(", ") || "nothing"}, not ${missing.join(", ")}`;
  }
  for (const [name, wanted] of values) {
    const known = { ...decision.workedOut, ...decision.gives };
    const found = Object.hasOwn(known, name) ? (known[name] ?? null) : undefined;
    if (JSON.stringify(found) === JSON.stringify(wanted)) continue;
    yield `${name} is ${JSON.stringify(found) ?? "not worked out"}, not ${JSON.stringify(wanted)}`;
  }
}

/** Asks a table directly: how cases that no applicant could bring still test its rows. */
function tableFailure(compiled: CompiledService, test: TableTest): string | null {
  const table = compiled.service.tables.find((one) => one.name === test.table);
  if (table === undefined) return `there is no table ${test.table}`;
  const asked = new Map<string, Bound>();
  for (const key of table.keys) {
    const value = boundOf(test.keys.get(key.name), key.kind === "range");
    if (value === null) return `${key.name} is not asked as the table needs it`;
    asked.set(key.name, value);
  }
  const worked = tableValue(compiled, table, asked);
  const type = compiled.programs.get(placeOf.table(table.name))?.checked.type ?? { kind: "text" };
  const found = worked.ok ? plainValue(type, worked.value) : null;
  if (JSON.stringify(found) === JSON.stringify(test.expect)) return null;
  return `the table gives ${JSON.stringify(found)}, not ${JSON.stringify(test.expect)}`;
}

const boundOf = (value: Json | undefined, isDate: boolean): Bound | null => {
  if (typeof value !== "string") return null;
  if (!isDate) return value;
  const day = dayFromText(value);
  return day === null ? null : BigInt(day);
};
