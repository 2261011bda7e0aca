import { parseAst } from "rolldown/parseAst";
import type { Source } from "./sources.ts";

/** Names whose meaning depends on the host, the clock, the locale or the machine's arithmetic. */
const BANNED_NAMES = new Set([
  "Date",
  "Intl",
  "process",
  "globalThis",
  "console",
  "performance",
  "crypto",
  "fetch",
  "setTimeout",
  "setInterval",
  "queueMicrotask",
  "WeakRef",
  "FinalizationRegistry",
  "Atomics",
  "SharedArrayBuffer",
  "Float32Array",
  "Float64Array",
  "parseFloat",
  "Promise",
  "RegExp",
  "eval",
  "Function",
]);

/** Integer operations of Math that every engine computes alike. */
const ALLOWED_MATH = new Set(["floor", "ceil", "trunc", "min", "max", "abs", "clz32", "imul"]);

const BANNED_METHODS = new Set([
  "localeCompare",
  "toLocaleString",
  "toLocaleUpperCase",
  "toLocaleLowerCase",
  "normalize",
  "match",
  "matchAll",
]);

interface Node {
  readonly type?: string;
  readonly name?: string;
  readonly async?: boolean;
  readonly await?: boolean;
  readonly regex?: unknown;
  readonly raw?: string | null;
  readonly value?: unknown;
  readonly computed?: boolean;
  readonly object?: Node;
  readonly property?: Node;
}

/** Everything impure in one file, each as "path: what". */
export function impurities(source: Source): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    const fault = faultOf(node as Node);
    if (fault !== null) found.push(`${source.path}: ${fault}`);
    for (const [key, value] of Object.entries(node)) {
      const isName = key === "property" && !(node as Node).computed;
      if (!isName && key !== "key" && !key.startsWith("type")) visit(value);
    }
  };
  visit(parseAst(source.text, { lang: "ts" }, source.path).body);
  return found;
}

function faultOf(node: Node): string | null {
  if (node.type === "Identifier" && BANNED_NAMES.has(node.name ?? "")) return `uses ${node.name}`;
  if (node.async === true || node.type === "AwaitExpression") return "is asynchronous";
  if (node.type === "Literal" && node.regex !== undefined) return "uses a regular expression";
  if (node.type === "Literal" && typeof node.value === "number" && !Number.isInteger(node.value)) {
    return `uses the fraction ${node.raw}`;
  }
  if (node.type !== "MemberExpression") return null;
  const property = node.property?.name ?? "";
  if (node.object?.name === "Math" && (node.computed || !ALLOWED_MATH.has(property))) {
    return `uses Math.${property}`;
  }
  return BANNED_METHODS.has(property) ? `calls ${property}` : null;
}
