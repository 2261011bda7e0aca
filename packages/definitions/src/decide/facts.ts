import { type Cbor, dayFromText, dayToText } from "@tallystick/ledger";
import type { Bound } from "../expression/ast.ts";
import { EARLIEST_DAY, LATEST_DAY } from "../expression/functions.ts";
import { describe } from "../expression/types.ts";
import type { Fact, ScalarType, Service, ValueType } from "../service.ts";
import { isAreaCode } from "../source/words.ts";

declare const checked: unique symbol;

/**
 * Known facts by path, for instance `residence.authority`; a fact that is not known is absent.
 * Only `parseFacts` makes one. A date is a bigint of days since 1970-01-01.
 */
export type Facts = ReadonlyMap<string, Bound> & { readonly [checked]: true };

/** One thing wrong with the facts: which field, what is expected. Never repeats the value. */
export interface FactFault {
  /** `residence.authority`, or the empty string for the whole. */
  readonly path: string;
  readonly code:
    | "facts/not-an-object"
    | "facts/unknown-field"
    | "facts/wrong-type"
    | "facts/impossible-date";
  readonly expected: string;
}

export type ParsedFacts =
  | { readonly ok: true; readonly facts: Facts }
  | { readonly ok: false; readonly faults: readonly FactFault[] };

/**
 * Facts from plain JSON, against the definition: `{"residence": {"authority": "E06000023"}}`.
 * A field that is null or left out is not known. Everything wrong is reported, not only the first.
 */
export function parseFacts(service: Service, json: unknown): ParsedFacts {
  const faults: FactFault[] = [];
  const known = new Map<string, Bound>();
  const fields = fieldsOf(
    json,
    "",
    service.facts.map((fact) => fact.name),
    faults,
  );
  for (const fact of service.facts) {
    const value = fields.get(fact.name);
    if (value !== undefined && value !== null) parseFact(fact, value, known, faults);
  }
  return faults.length === 0
    ? { ok: true, facts: known as unknown as Facts }
    : { ok: false, faults };
}

function parseFact(
  fact: Fact,
  value: unknown,
  known: Map<string, Bound>,
  faults: FactFault[],
): void {
  if (fact.type.kind !== "group") {
    put(fact.name, fact.type, value, known, faults);
    return;
  }
  const names = fact.type.fields.map((field) => field.name);
  const parts = fieldsOf(value, fact.name, names, faults);
  for (const field of fact.type.fields) {
    const part = parts.get(field.name);
    if (part === undefined || part === null) continue;
    put(`${fact.name}.${field.name}`, field.type, part, known, faults);
  }
}

/** The fields of a JSON object, of which none may be unknown. */
function fieldsOf(
  value: unknown,
  path: string,
  names: readonly string[],
  faults: FactFault[],
): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const code = path === "" ? "facts/not-an-object" : "facts/wrong-type";
    faults.push({ path, code, expected: `a JSON object with ${names.join(", ")}` });
    return new Map();
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of fields.keys()) {
    if (names.includes(name)) continue;
    const full = path === "" ? name : `${path}.${name}`;
    faults.push({ path: full, code: "facts/unknown-field", expected: `only ${names.join(", ")}` });
  }
  return fields;
}

const put = (
  path: string,
  type: Exclude<ValueType, { kind: "group" }>,
  value: unknown,
  known: Map<string, Bound>,
  faults: FactFault[],
): void => {
  const parsed = type.kind === "list" ? parseList(type.of, value) : parseScalar(type, value);
  if (parsed.ok) known.set(path, parsed.value);
  else faults.push({ path, code: parsed.code, expected: parsed.expected });
};

type ParsedValue =
  | { readonly ok: true; readonly value: Bound }
  | { readonly ok: false; readonly code: FactFault["code"]; readonly expected: string };

const MAX_LIST_ITEMS = 1_000;

const parseList = (of: ScalarType, value: unknown): ParsedValue => {
  const wrong: ParsedValue = {
    ok: false,
    code: "facts/wrong-type",
    expected: `a list of at most ${MAX_LIST_ITEMS}, each ${expectedOf(of)}`,
  };
  if (!Array.isArray(value) || value.length > MAX_LIST_ITEMS) return wrong;
  const items: Bound[] = [];
  for (const item of value) {
    const parsed = parseScalar(of, item);
    if (!parsed.ok) return parsed;
    items.push(parsed.value);
  }
  return { ok: true, value: items };
};

const parseScalar = (type: ScalarType, value: unknown): ParsedValue => {
  const expected = expectedOf(type);
  const found = scalarOf(type, value);
  if (found !== null) return { ok: true, value: found };
  const isDate = type.kind === "date" && typeof value === "string";
  return { ok: false, code: isDate ? "facts/impossible-date" : "facts/wrong-type", expected };
};

const MAX_TEXT_CHARACTERS = 2_000;

const scalarOf = (type: ScalarType, value: unknown): Bound | null => {
  if (type.kind === "yes-no") return typeof value === "boolean" ? value : null;
  if (type.kind === "whole-number")
    return Number.isSafeInteger(value) ? BigInt(value as number) : null;
  if (typeof value !== "string" || value.length > MAX_TEXT_CHARACTERS) return null;
  if (type.kind === "date") return dateOf(value);
  if (type.kind === "gss-code") return isAreaCode(value) ? value : null;
  if (type.kind === "one-of") return type.words.includes(value) ? value : null;
  return type.kind === "text" ? value : null;
};

/** The days that a date fact may be; outside them it is a slip of the pen. */
const dateOf = (text: string): bigint | null => {
  const day = dayFromText(text);
  return day === null || day < EARLIEST_DAY || day > LATEST_DAY ? null : BigInt(day);
};

const expectedOf = (type: ScalarType): string => {
  if (type.kind === "yes-no") return "true or false";
  if (type.kind === "date") {
    const span = `${dayToText(EARLIEST_DAY)} to ${dayToText(LATEST_DAY)}`;
    return `a calendar date as text, like "1956-02-29", from ${span}`;
  }
  if (type.kind === "gss-code") return 'an area code as text, like "E06000023"';
  return describe(type);
};

/** A field as a commitment holds it: the name is its path; null where it is not known. */
export interface CommitmentField {
  readonly name: string;
  readonly value: Cbor;
}

/**
 * The fields of the named facts in the definition's order, ready to be committed to: a date as its
 * text `YYYY-MM-DD`, everything else as it is. spec/service-definition.md, "Commitment fields".
 */
export function commitmentFields(
  service: Service,
  facts: Facts,
  names: readonly string[] = service.facts.map((fact) => fact.name),
): readonly CommitmentField[] {
  return service.facts
    .filter((fact) => names.includes(fact.name))
    .flatMap((fact) => {
      const { type, name } = fact;
      if (type.kind !== "group") return [{ name, value: committed(type, facts.get(name)) }];
      return type.fields.map((field) => {
        const path = `${name}.${field.name}`;
        return { name: path, value: committed(field.type, facts.get(path)) };
      });
    });
}

const committed = (type: ValueType, value: Bound | undefined): Cbor => {
  if (value === undefined || value instanceof Map) return null;
  if (type.kind === "date" && typeof value === "bigint") return dayToText(Number(value));
  if (type.kind === "list" && Array.isArray(value)) {
    return value.map((item: Bound) => committed(type.of, item));
  }
  return value as Cbor;
};
