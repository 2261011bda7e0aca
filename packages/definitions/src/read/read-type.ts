import type { ScalarType, ValueType } from "../service.ts";
import type { SourceNode } from "../source/node.ts";
import type { Reader } from "../source/reader.ts";
import { isFactName } from "../source/words.ts";

const PLAIN = ["yes-no", "whole-number", "text", "bytes", "date", "gss-code"] as const;

/** A type: a word, `one-of: [a, b]`, `list-of: word`, or a group of named types. */
export function readType(reader: Reader, node: SourceNode): ValueType {
  if (node.kind !== "map" || node.entries.has("one-of")) return readScalarType(reader, node);
  const listOf = node.entries.get("list-of");
  if (listOf !== undefined) return { kind: "list", of: readScalarType(reader, listOf.value) };
  const fields = reader.entries(node, isFactName).map(({ name, value }) => ({
    name,
    type: readScalarType(reader, value),
  }));
  return { kind: "group", fields };
}

/** A type that is not a list or a group. */
export function readScalarType(reader: Reader, node: SourceNode): ScalarType {
  if (node.kind !== "map") return { kind: reader.oneOf(node, PLAIN) };
  const keys = reader.map(node, { required: ["one-of"] });
  return { kind: "one-of", words: reader.names(keys.get("one-of")) };
}
