import { isArray, isObject, type Json, type JsonObject, member } from "./json.ts";

/** Claims are named by a path: a JSON Pointer (RFC 6901) without its first slash, so that a claim
 * at the top is just its name: `dateOfBirth`, `residence/authority`, `nationalities/0`. */

/** The path of a member or element inside another; `path` is null at the top. */
export function joinPath(path: string | null, name: string): string {
  const escaped = name.replaceAll("~", "~0").replaceAll("/", "~1");
  return path === null ? escaped : `${path}/${escaped}`;
}

/** The names along a path. */
export function splitPath(path: string): readonly string[] {
  return path.split("/").map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Is the first path the second, or does it lie inside it? */
export function liesWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

/** The value at a path, or undefined. */
export function readPath(claims: JsonObject, path: string): Json | undefined {
  return readNames(claims, splitPath(path));
}

/** The value at the end of these names, or undefined. */
export function readNames(claims: JsonObject, names: readonly string[]): Json | undefined {
  return names.reduce<Json | undefined>(inner, claims);
}

/** A member of its own or an element; what an object or array inherits is not there. */
function inner(value: Json | undefined, name: string): Json | undefined {
  if (isObject(value)) return member(value, name);
  return isArray(value) && String(Number(name)) === name ? value[Number(name)] : undefined;
}
