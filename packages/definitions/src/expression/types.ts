import { DATA_CLASSES, type DataClass, type ScalarType, type ValueType } from "../service.ts";

/** The higher of two classes. */
export const highest = (a: DataClass, b: DataClass): DataClass =>
  DATA_CLASSES.indexOf(a) >= DATA_CLASSES.indexOf(b) ? a : b;

/** True for the classes that may stand on the ledger without further law. */
export const mayBeShown = (dataClass: DataClass): boolean =>
  dataClass === "public" || dataClass === "official";

const isWords = (type: ValueType): boolean =>
  type.kind === "text" || type.kind === "one-of" || type.kind === "gss-code";

/** True when two values of these types can be compared or stand for one another. */
export function fits(a: ValueType, b: ValueType): boolean {
  if (a.kind === "list" && b.kind === "list") return fits(a.of, b.of);
  if (a.kind === "list" || b.kind === "list" || a.kind === "group" || b.kind === "group") {
    return false;
  }
  if (a.kind === "one-of" && b.kind === "one-of") return a.words.join() === b.words.join();
  if (isWords(a) && isWords(b)) return a.kind === "text" || b.kind === "text" || a.kind === b.kind;
  return a.kind === b.kind;
}

/** The type in words, as a policy officer would say it. */
export function describe(type: ValueType): string {
  if (type.kind === "one-of") return `one of ${type.words.join(", ")}`;
  if (type.kind === "list") return `a list of ${describe(type.of)}`;
  if (type.kind === "group")
    return `a group (${type.fields.map((field) => field.name).join(", ")})`;
  return DESCRIPTIONS[type.kind];
}

const DESCRIPTIONS: Readonly<Record<Exclude<ScalarType["kind"], "one-of">, string>> = {
  "yes-no": "yes or no",
  "whole-number": "a whole number",
  text: "text",
  bytes: "bytes",
  date: "a date",
  "gss-code": "an area code",
};
