import type { SourceFile } from "../compiled.ts";
import type { PlainValue } from "../decide/decision.ts";
import type { Faults } from "../fault.ts";
import type { Position } from "../position.ts";
import type { SourceNode } from "../source/node.ts";
import { type Keys, Reader } from "../source/reader.ts";
import { isFactName } from "../source/words.ts";
import { readSource } from "./read-service.ts";

/** Plain JSON, as a test writes facts. */
export type Json = PlainValue | readonly Json[] | { readonly [key: string]: Json };

/** What a test expects of a decision; null where it does not say. */
export interface Expected {
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly missing: readonly string[] | null;
  /** Workings and what a grant gives, by name. */
  readonly values: ReadonlyMap<string, Json>;
}

export interface DecisionTest {
  readonly kind: "decision";
  readonly name: string;
  readonly at: Position;
  readonly day: number;
  readonly areas: readonly string[] | null;
  readonly facts: Json;
  readonly expect: Expected;
}

export interface TableTest {
  readonly kind: "table";
  readonly name: string;
  readonly at: Position;
  readonly table: string;
  readonly keys: ReadonlyMap<string, Json>;
  readonly expect: Json;
}

export type ServiceTest = DecisionTest | TableTest;

/** The file of tests; data that it draws on lies under `tests/`. */
const TESTS_FILE = "tests.yaml";

/**
 * Reads tests.yaml: `tests:` written out, and `cases:` that make one test of each matching entry of
 * a JSON file, where `$field` stands for the entry's field. Fault: definition/bad-test.
 */
export function readTests(files: readonly SourceFile[], faults: Faults): readonly ServiceTest[] {
  const node = readSource(files, TESTS_FILE, faults);
  if (node === null) return [];
  const reader = new Reader(faults);
  const keys = reader.map(node, { required: ["tests"], optional: ["cases"] });
  return [
    ...reader.items(keys.get("tests")).map((item) => readTest(reader, item, new Map())),
    ...reader.items(keys.get("cases")).flatMap((item) => readCases(reader, item, files)),
  ];
}

type Fields = ReadonlyMap<string, Json>;

const TEST_KEYS = {
  required: ["expect"],
  optional: ["name", "at", "body", "facts", "table", "with"],
};

function readTest(reader: Reader, node: SourceNode, fields: Fields): ServiceTest {
  const keys = reader.map(node, TEST_KEYS);
  const name = filled(reader.text(keys.get("name")), fields);
  if (keys.has("table")) {
    const asked = reader.entries(keys.get("with"), isFactName);
    return {
      ...{ kind: "table", name, at: node.at, table: reader.name(keys.get("table")) },
      keys: new Map(asked.map((one) => [one.name, jsonOf(one.value, fields)])),
      expect: jsonOf(keys.node("expect"), fields),
    };
  }
  const body = keys.get("body");
  return {
    ...{ kind: "decision", name, at: node.at, day: reader.day(keys.node("at")) },
    areas: body === undefined ? null : reader.items(body).map((item) => reader.area(item)),
    facts: jsonOf(keys.node("facts"), fields),
    expect: readExpected(reader, keys, fields),
  };
}

const readExpected = (reader: Reader, keys: Keys, fields: Fields): Expected => {
  const entries = reader.entries(keys.node("expect"), () => true);
  const value = (name: string): SourceNode | undefined =>
    entries.find((entry) => entry.name === name)?.value;
  const missing = value("missing");
  const own = ["outcome", "reason", "missing"];
  return {
    outcome: reader.optionalText(value("outcome")),
    reason: reader.optionalText(value("reason")),
    missing: missing === undefined ? null : reader.paths(missing),
    values: new Map(
      entries
        .filter((entry) => !own.includes(entry.name))
        .map((entry) => [entry.name, jsonOf(entry.value, fields)]),
    ),
  };
};

const CASE_KEYS = { required: ["file", "count", "where", "test"] };

/** One test for each entry of the file that has these fields; `count` says how many there are. */
function readCases(
  reader: Reader,
  node: SourceNode,
  files: readonly SourceFile[],
): readonly ServiceTest[] {
  const keys = reader.map(node, CASE_KEYS);
  const path = reader.text(keys.get("file"));
  const entries = entriesOf(files.find((one) => one.path === path)?.text);
  if (entries === null) {
    const what = `${path} is not there, or is not a JSON list of flat entries`;
    reader.faults.add(keys.node("file").at, "definition/bad-test", what, "name such a file");
    return [];
  }
  const where = reader.entries(keys.get("where"), () => true);
  const matching = entries.filter((fields) =>
    where.every(({ name, value }) => (fields.get(name) ?? null) === jsonOf(value, fields)),
  );
  const count = Number(reader.whole(keys.get("count")));
  if (matching.length !== count) {
    const what = `${matching.length} entries of ${path} match, not ${count}`;
    reader.faults.add(node.at, "definition/bad-test", what, "mend where: or count:");
  }
  return matching.map((fields) => readTest(reader, keys.node("test"), fields));
}

const entriesOf = (text: string | undefined): readonly Fields[] | null => {
  const json = text === undefined ? null : parseJson(text);
  if (!Array.isArray(json)) return null;
  const entries: Fields[] = [];
  for (const entry of json as readonly unknown[]) {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return null;
    entries.push(new Map(Object.entries(entry as Record<string, Json>)));
  }
  return entries;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** A node as plain JSON, with `$field` replaced by the field. */
function jsonOf(node: SourceNode, fields: Fields): Json {
  if (node.kind === "text") {
    return node.value.startsWith("$") ? (fields.get(node.value.slice(1)) ?? null) : node.value;
  }
  if (node.kind === "whole") return Number(node.value);
  if (node.kind === "truth") return node.value;
  if (node.kind === "nothing") return null;
  if (node.kind === "list") return node.items.map((item) => jsonOf(item, fields));
  return Object.fromEntries(
    [...node.entries].map(([key, one]) => [key, jsonOf(one.value, fields)]),
  );
}

/** A name with each `$field` filled in. */
const filled = (text: string, fields: Fields): string =>
  text
    .split(" ")
    .map((word) => (word.startsWith("$") ? String(fields.get(word.slice(1)) ?? "") : word))
    .join(" ");
