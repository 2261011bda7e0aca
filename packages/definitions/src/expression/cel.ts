import {
  type CelFunc,
  CelScalar,
  celEnv,
  celFunc,
  isCelError,
  isCelList,
  parse,
  plan,
} from "@bufbuild/cel";
import type { Bound, ExpressionEngine, Outcome, Parsed, Tree } from "./ast.ts";
import { FUNCTIONS, type LanguageFunction } from "./functions.ts";

// The only file that knows which library evaluates expressions.

type Expr = ReturnType<typeof parse>["expr"];
type Input = Parameters<ReturnType<typeof plan>>[0];

/** Common Expression Language in our profile, evaluated by @bufbuild/cel. */
export const celEngine: ExpressionEngine = { parse: parseExpression };

function parseExpression(text: string): Parsed {
  let expr: Expr;
  try {
    expr = parse(text).expr;
  } catch (fault) {
    return { ok: false, column: columnOf(fault), why: whyOf(fault) };
  }
  const evaluate = plan(environment, expr);
  const run = (bound: Readonly<Record<string, Bound>>): Outcome => {
    const result = evaluate(bound as Input);
    if (isCelError(result)) return { ok: false, why: result.message };
    const value = boundOf(result);
    return value === null ? { ok: false, why: "no value" } : { ok: true, value };
  };
  return { ok: true, program: { tree: treeOf(expr), run } };
}

const columnOf = (fault: unknown): number => {
  const at = (fault as { location?: { start?: { column?: unknown } } }).location?.start?.column;
  return typeof at === "number" ? at : 1;
};

const whyOf = (fault: unknown): string => {
  const raw = (fault as { rawMessage?: unknown }).rawMessage;
  return typeof raw === "string" && raw.length <= 120
    ? raw
    : "this cannot be read as an expression";
};

function boundOf(value: unknown): Bound | null {
  if (typeof value === "bigint" || typeof value === "string" || typeof value === "boolean") {
    return value;
  }
  if (value instanceof Uint8Array) return value;
  if (!isCelList(value)) return null;
  const items: Bound[] = [];
  for (const item of value) {
    const bound = boundOf(item);
    if (bound === null) return null;
    items.push(bound);
  }
  return items;
}

/** The library throws for nothing but an error value, so an impossible date is thrown to it. */
const celFunctionOf = (known: LanguageFunction): CelFunc =>
  celFunc(
    known.name,
    known.takes.map((type) => (type.kind === "text" ? CelScalar.STRING : CelScalar.INT)),
    CelScalar.INT,
    (...values) => {
      const result = known.run(values as (bigint | string)[]);
      if (result === null) throw new RangeError(`${known.name} left the range of dates`);
      return result;
    },
  );

const environment = celEnv({ funcs: FUNCTIONS.map(celFunctionOf) });

/** The library's tree as ours; what the profile leaves out becomes `forbidden` with its name. */
function treeOf(expr: Expr): Tree {
  const part = expr.exprKind;
  switch (part.case) {
    case "constExpr":
      return literalOf(part.value.constantKind);
    case "identExpr":
      return { kind: "name", name: part.value.name };
    case "selectExpr":
      return {
        kind: "select",
        of: optionalTree(part.value.operand),
        field: part.value.field,
        has: part.value.testOnly,
      };
    case "callExpr":
      return {
        kind: "call",
        name: part.value.function,
        target: part.value.target === undefined ? null : treeOf(part.value.target),
        parts: part.value.args.map(treeOf),
      };
    case "listExpr":
      return { kind: "list", items: part.value.elements.map(treeOf) };
    case "structExpr":
      return { kind: "forbidden", what: "a map or message written out" };
    case "comprehensionExpr":
      return {
        kind: "loop",
        over: optionalTree(part.value.iterRange),
        item: part.value.iterVar,
        result: part.value.accuVar,
        start: optionalTree(part.value.accuInit),
        step: optionalTree(part.value.loopStep),
      };
    default:
      return { kind: "forbidden", what: "an empty part" };
  }
}

const optionalTree = (expr: Expr | undefined): Tree =>
  expr === undefined ? { kind: "forbidden", what: "an empty part" } : treeOf(expr);

type Constant = Extract<Expr["exprKind"], { case: "constExpr" }>["value"]["constantKind"];

const literalOf = (constant: Constant): Tree => {
  switch (constant.case) {
    case "int64Value":
    case "stringValue":
    case "boolValue":
    case "bytesValue":
      return { kind: "literal", value: constant.value };
    case "doubleValue":
      return { kind: "forbidden", what: "a floating-point number" };
    case "uint64Value":
      return { kind: "forbidden", what: "an unsigned number" };
    case "nullValue":
      return { kind: "forbidden", what: "null" };
    default:
      return { kind: "forbidden", what: "a timestamp or duration" };
  }
};
