import { dayFromText } from "@tallystick/ledger";
import type { FaultCode } from "../fault.ts";
import type { DataClass, ScalarType, ValueType } from "../service.ts";
import type { Tree } from "./ast.ts";
import { FUNCTIONS } from "./functions.ts";
import type { Checked, Declared, Scope } from "./scope.ts";
import { describe, fits, highest } from "./types.ts";

/** Why an expression is refused; the compiler adds where it stands. */
export interface ExpressionFault {
  readonly code: FaultCode;
  readonly what: string;
  readonly mend: string;
}

export type Checking =
  | { readonly ok: true; readonly checked: Checked }
  | { readonly ok: false; readonly fault: ExpressionFault };

/**
 * Types and classes of an expression under the names in scope, or the first thing wrong with it.
 * Refuses with definition/not-in-profile, plain-hash, nested-loop, undeclared-name, type-mismatch.
 */
export function checkExpression(tree: Tree, scope: Scope): Checking {
  try {
    return { ok: true, checked: check(tree, { scope, loops: 0 }) };
  } catch (thrown) {
    if (thrown instanceof Refusal) return { ok: false, fault: thrown.fault };
    throw thrown;
  }
}

/** Unwinds the walk; never leaves this file. */
class Refusal extends Error {
  readonly fault: ExpressionFault;
  constructor(fault: ExpressionFault) {
    super(fault.what);
    this.fault = fault;
  }
}

const refuse = (code: FaultCode, what: string, mend: string): never => {
  throw new Refusal({ code, what, mend });
};

interface Walk {
  readonly scope: Scope;
  readonly loops: number;
}

const YES_NO: ScalarType = { kind: "yes-no" };
const WHOLE: ScalarType = { kind: "whole-number" };
const TEXT: ScalarType = { kind: "text" };

function check(tree: Tree, walk: Walk): Checked {
  switch (tree.kind) {
    case "literal":
      return literal(tree.value);
    case "forbidden":
      return refuse(
        "definition/not-in-profile",
        `${tree.what} is not part of the language`,
        LEAVE_OUT,
      );
    case "name":
      return named(tree.name, walk.scope);
    case "select":
      return selected(tree, walk);
    case "list":
      return listed(tree.items, walk);
    case "loop":
      return looped(tree, walk);
    case "call":
      return called(tree, walk);
  }
}

const LEAVE_OUT =
  "use yes-no, whole numbers, text, dates and lists; amounts are whole pence, dates are date('…')";

const literal = (value: bigint | string | boolean | Uint8Array): Checked => {
  const type: ScalarType =
    typeof value === "bigint"
      ? WHOLE
      : typeof value === "boolean"
        ? YES_NO
        : typeof value === "string"
          ? TEXT
          : { kind: "bytes" };
  return { type, dataClass: "public", uses: new Set() };
};

const declared = (name: string, scope: Scope): Declared =>
  scope.get(name) ??
  refuse(
    "definition/undeclared-name",
    `"${name}" is not declared here`,
    `declare it under facts or work-out, above its first use; known here: ${[...scope.keys()].join(", ")}`,
  );

const named = (name: string, scope: Scope): Checked => {
  const known = declared(name, scope);
  if (known.kind === "value") return known;
  const parts = [...known.parts.keys()].map((part) => `${name}.${part}`).join(", ");
  return refuse("definition/type-mismatch", `"${name}" is a group`, `name a part of it: ${parts}`);
};

function selected(tree: Extract<Tree, { kind: "select" }>, walk: Walk): Checked {
  const whole = tree.of.kind === "name" ? declared(tree.of.name, walk.scope) : null;
  if (whole === null || tree.of.kind !== "name" || whole.kind !== "group") {
    return refuse(
      "definition/type-mismatch",
      `".${tree.field}" is taken from something that has no parts`,
      "take a part only from a group by its name, for instance residence.authority",
    );
  }
  const part =
    whole.parts.get(tree.field) ??
    refuse(
      "definition/undeclared-name",
      `"${tree.of.name}" has no part "${tree.field}"`,
      `its parts are ${[...whole.parts.keys()].join(", ")}`,
    );
  if (!tree.has) return part;
  if (whole.mayBeBlank) return { ...part, type: YES_NO };
  return refuse(
    "definition/not-in-profile",
    `has(${tree.of.name}.${tree.field}) asks whether a fact is known`,
    "use the fact itself: one that is not known makes the outcome undecided; has() is for row.*",
  );
}

function listed(items: readonly Tree[], walk: Walk): Checked {
  const parts = items.map((item) => check(item, walk));
  const first = parts[0]?.type ?? TEXT;
  if (first.kind === "list") {
    return refuse("definition/type-mismatch", "a list in a list", "write one plain list");
  }
  for (const part of parts) same(first, part.type, "the items of a list");
  return { ...joined(parts), type: { kind: "list", of: first } };
}

/** all(x, …) and exists(x, …): the only loops, over a list, one deep. */
function looped(tree: Extract<Tree, { kind: "loop" }>, walk: Walk): Checked {
  if (walk.loops > 0) {
    return refuse(
      "definition/nested-loop",
      "a loop inside a loop",
      "work the inner one out under a name of its own in work-out",
    );
  }
  const over = check(tree.over, walk);
  const start = check(tree.start, walk);
  if (over.type.kind !== "list" || start.type.kind !== "yes-no") {
    return refuse(
      "definition/not-in-profile",
      "this kind of loop is not part of the language",
      "use list.all(item, …) or list.exists(item, …) over a list",
    );
  }
  const scope = new Map(walk.scope);
  scope.set(tree.item, { kind: "value", ...over, type: over.type.of });
  scope.set(tree.result, { kind: "value", ...start });
  const step = check(tree.step, { scope, loops: walk.loops + 1 });
  return { ...joined([over, step]), type: YES_NO };
}

function called(tree: Extract<Tree, { kind: "call" }>, walk: Walk): Checked {
  const operator = OPERATORS.get(tree.name);
  const all = tree.target === null ? tree.parts : [tree.target, ...tree.parts];
  const parts = all.map((part) => check(part, walk));
  if (operator !== undefined && (tree.target === null) !== METHODS.has(tree.name)) {
    checkWords(tree.parts, parts);
    return { ...joined(parts), type: operator(parts.map((part) => part.type)) };
  }
  const known = FUNCTIONS.find((one) => one.name === tree.name && tree.target === null);
  if (known === undefined) return unknownFunction(tree.name);
  if (known.takes.length !== parts.length) {
    const wants = known.takes.map(describe).join(", ");
    return refuse(
      "definition/type-mismatch",
      `${tree.name} takes ${wants}`,
      "give it exactly these",
    );
  }
  for (const [at, takes] of known.takes.entries()) {
    const part = parts[at];
    if (part !== undefined) same(takes, part.type, `part ${at + 1} of ${tree.name}`);
  }
  if (tree.name === "date") checkDateText(tree.parts[0]);
  return { ...joined(parts), type: known.gives as Checked["type"] };
}

/** A word written out beside a choice must be one of its words, or the comparison never holds. */
const checkWords = (trees: readonly Tree[], parts: readonly Checked[]): void => {
  for (const [at, tree] of trees.entries()) {
    if (tree.kind !== "literal" || typeof tree.value !== "string") continue;
    const other = parts.find((_, index) => index !== at)?.type;
    if (other?.kind !== "one-of" || other.words.includes(tree.value)) continue;
    refuse(
      "definition/type-mismatch",
      `'${tree.value}' is never ${describe(other)}`,
      "write one of these words",
    );
  }
};

const checkDateText = (tree: Tree | undefined): void => {
  const text = tree?.kind === "literal" && typeof tree.value === "string" ? tree.value : null;
  if (text !== null && dayFromText(text) !== null) return;
  refuse(
    "definition/bad-date",
    "date(…) takes a calendar day in quotes",
    "write date('2026-04-01')",
  );
};

const HASHES: readonly string[] = ["hash", "sha1", "sha256", "sha512", "md5", "digest", "base64"];

const unknownFunction = (name: string): never =>
  HASHES.includes(name.toLowerCase())
    ? refuse(
        "definition/plain-hash",
        `${name}(…) of a value that can be guessed gives the value away`,
        "leave it out: facts are committed with fresh salts, and once: compares keyed tags",
      )
    : refuse(
        "definition/not-in-profile",
        `"${name}" is not a function of the language`,
        `use ${FUNCTIONS.map((one) => one.name).join(", ")}, size, startsWith, endsWith, contains`,
      );

type Operator = (types: readonly Checked["type"][]) => Checked["type"];

const same = (wanted: ValueType, found: ValueType, where: string): void => {
  if (fits(wanted, found)) return;
  refuse(
    "definition/type-mismatch",
    `${where}: ${describe(wanted)} is needed, this is ${describe(found)}`,
    "give it a value of that type",
  );
};

const every =
  (type: ScalarType, gives: ScalarType): Operator =>
  (types) => {
    for (const found of types) same(type, found, "an operator");
    return gives;
  };

const equality: Operator = ([left, right]) => {
  if (left === undefined || right === undefined) return YES_NO;
  same(left, right, "the two sides of a comparison");
  return YES_NO;
};

const ordering: Operator = ([left, right]) => {
  if (left === undefined || right === undefined) return YES_NO;
  if (left.kind !== "date") same(WHOLE, left, "the left of a comparison");
  same(left, right, "the two sides of a comparison");
  return YES_NO;
};

const choice: Operator = ([when, yes, no]) => {
  if (when === undefined || yes === undefined || no === undefined) return YES_NO;
  same(YES_NO, when, "the condition before ?");
  same(yes, no, "the two results around :");
  return yes.kind === "text" ? no : yes;
};

const membership: Operator = ([item, list]) => {
  if (item === undefined || list === undefined) return YES_NO;
  if (list.kind !== "list") {
    return refuse(
      "definition/type-mismatch",
      `"in" needs a list, this is ${describe(list)}`,
      "name a list",
    );
  }
  same(list.of, item, 'the left of "in"');
  return YES_NO;
};

const method: Operator = (types) =>
  types.length === 2
    ? every(TEXT, YES_NO)(types)
    : refuse("definition/type-mismatch", "this takes one text", "write text.startsWith('…')");

const size: Operator = ([of, second]) =>
  second === undefined && (of?.kind === "list" || of?.kind === "text" || of?.kind === "bytes")
    ? WHOLE
    : refuse("definition/type-mismatch", "size(…) needs a list or text", "give it one");

const METHODS: ReadonlySet<string> = new Set(["startsWith", "endsWith", "contains"]);

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["!_", every(YES_NO, YES_NO)],
  ["_&&_", every(YES_NO, YES_NO)],
  ["_||_", every(YES_NO, YES_NO)],
  ["@not_strictly_false", every(YES_NO, YES_NO)],
  ["_?_:_", choice],
  ["_==_", equality],
  ["_!=_", equality],
  ["_<_", ordering],
  ["_<=_", ordering],
  ["_>_", ordering],
  ["_>=_", ordering],
  ["_+_", every(WHOLE, WHOLE)],
  ["_-_", every(WHOLE, WHOLE)],
  ["_*_", every(WHOLE, WHOLE)],
  ["_/_", every(WHOLE, WHOLE)],
  ["_%_", every(WHOLE, WHOLE)],
  ["-_", every(WHOLE, WHOLE)],
  ["@in", membership],
  ["size", size],
  ["startsWith", method],
  ["endsWith", method],
  ["contains", method],
]);

const joined = (parts: readonly Checked[]): Omit<Checked, "type"> => ({
  dataClass: parts.reduce<DataClass>((most, part) => highest(most, part.dataClass), "public"),
  uses: new Set(parts.flatMap((part) => [...part.uses])),
});
