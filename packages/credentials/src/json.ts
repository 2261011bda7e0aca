import { toText } from "./base64url.ts";
import type { FaultCode } from "./faults.ts";
import { MAX_JSON_DEPTH } from "./limits.ts";

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export type DecodedJson =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly code: FaultCode };

/** Is it an object, and neither an array nor null? */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Is it an array? (`Array.isArray` does not narrow a readonly array.) */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A member of an object that it owns itself, never one that it inherits. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Decodes JSON that means one thing to every reader: well-formed UTF-8, no name twice in an
 * object, no lone surrogate, no number beyond a double, no `__proto__`. Codes:
 * `credentials/json-malformed`, `credentials/too-deep`, `credentials/reserved-name`. */
export function decodeJson(bytes: Uint8Array): DecodedJson {
  const text = toText(bytes);
  if (text === null) return { ok: false, code: "credentials/json-malformed" };
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { ok: false, code: "credentials/json-malformed" };
  }
  const code = judgeNames(text) ?? (isExact(value) ? null : "credentials/json-malformed");
  return code === null ? { ok: true, value } : { ok: false, code };
}

const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;

/** `JSON.parse` keeps the last of two members of one name and says nothing, so the text itself is
 * read once more. It is known to be JSON here. */
function judgeNames(text: string): FaultCode | null {
  const open: (Set<string> | null)[] = [];
  for (const [token, colon] of text.matchAll(TOKENS)) {
    if (token === "}" || token === "]") open.pop();
    else if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : null);
      if (open.length > MAX_JSON_DEPTH) return "credentials/too-deep";
    } else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      const names = open.at(-1)!;
      if (name === "__proto__") return "credentials/reserved-name";
      if (names.has(name)) return "credentials/json-malformed";
      names.add(name);
    }
  }
  return null;
}

/** Depth is bounded by now, so recursion is safe. */
function isExact(value: Json): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value === "number") return Number.isFinite(value);
  if (isArray(value)) return value.every(isExact);
  if (isObject(value)) {
    return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isExact(inner));
  }
  return true;
}
