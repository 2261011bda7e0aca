import { isArray, type Json, type JsonObject } from "./json.ts";

/** Claims are named by a path: a JSON Pointer (RFC 6901) without its first slash, so that a claim at
 * the top is just its name: `dateOfBirth`, `residence/authority`, `nationalities/0`. */

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
  let here: Json | undefined = claims;
  for (const name of splitPath(path)) {
    if (typeof here !== "object" || here === null) return undefined;
    if (!Object.hasOwn(here, name) || (isArray(here) && name === "length")) return undefined;
    here = (here as JsonObject)[name];
  }
  return here;
}
