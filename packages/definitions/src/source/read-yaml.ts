import { isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from "yaml";
import type { SourceFile } from "../compiled.ts";
import type { FaultCode, Faults } from "../fault.ts";
import type { Position } from "../position.ts";
import type { SourceEntry, SourceNode } from "./node.ts";

/** The longest file and the deepest nesting that the compiler reads. */
export const MAX_FILE_CHARACTERS: number = 200_000;
const MAX_DEPTH = 12;

/**
 * One YAML 1.2 document as positioned nodes, or null after a fault. Refuses what makes a file mean
 * more than it shows: anchors, aliases, tags, merge keys, repeated keys, and numbers with a point.
 */
export function readYaml(file: SourceFile, faults: Faults): SourceNode | null {
  const start: Position = { file: file.path, line: 1, column: 1 };
  if (file.text.length > MAX_FILE_CHARACTERS) {
    faults.add(
      start,
      "definition/too-large",
      `this file has ${file.text.length} characters; ${MAX_FILE_CHARACTERS} is the most`,
      "move rows into tables of their own, or drop what the law no longer needs",
    );
    return null;
  }
  const lines = new LineCounter();
  const document = parseDocument(file.text, {
    version: "1.2",
    lineCounter: lines,
    intAsBigInt: true,
    uniqueKeys: true,
    merge: false,
    prettyErrors: false,
  });
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file: file.path, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  for (const error of [...document.errors, ...document.warnings]) {
    const [code, mend] = YAML_FAULTS.get(error.code) ?? SYNTAX;
    faults.add(place(error.pos[0]), code, firstLine(error.message), mend);
  }
  if (document.errors.length > 0) return null;
  return new Walk(faults, place).node(document.contents, start, 0);
}

const SYNTAX: readonly [FaultCode, string] = [
  "definition/syntax",
  "check the indentation, quotes and brackets here and on the line before",
];

const YAML_FAULTS: ReadonlyMap<string, readonly [FaultCode, string]> = new Map([
  ["DUPLICATE_KEY", ["definition/duplicate-key", "keep one of the two"] as const],
  ["TAG_RESOLVE_FAILED", ["definition/tag", "write the value without a tag"] as const],
]);

const firstLine = (message: string): string => {
  const end = message.indexOf("\n");
  return end < 0 ? message : message.slice(0, end);
};

class Walk {
  readonly #faults: Faults;
  readonly #place: (offset: number) => Position;

  constructor(faults: Faults, place: (offset: number) => Position) {
    this.#faults = faults;
    this.#place = place;
  }

  /** The node, or null where something in it was refused. */
  node(value: unknown, near: Position, depth: number): SourceNode | null {
    if (value === null || value === undefined) return { kind: "nothing", at: near };
    if (isAlias(value)) return this.#refuse(this.#at(value, near), ALIAS);
    if (!isScalar(value) && !isMap(value) && !isSeq(value)) {
      return this.#refuse(near, ["definition/syntax", "this cannot be read", "write it plainly"]);
    }
    const at = this.#at(value, near);
    if (value.anchor !== undefined) return this.#refuse(at, ANCHOR);
    if (value.tag !== undefined && value.tag !== "") return this.#refuse(at, TAG);
    if (depth > MAX_DEPTH) {
      return this.#refuse(at, ["definition/too-large", "nested too deeply", "name the parts"]);
    }
    if (isScalar(value)) return this.#scalar(value.value, at);
    if (isSeq(value)) return this.#list(value.items, at, depth);
    return this.#map(value.items, at, depth);
  }

  #at(value: unknown, near: Position): Position {
    const range = (value as { range?: readonly number[] | null }).range;
    const offset = range?.[0];
    return offset === undefined ? near : this.#place(offset);
  }

  #scalar(value: unknown, at: Position): SourceNode | null {
    if (typeof value === "string") return { kind: "text", at, value };
    if (typeof value === "bigint") return this.#whole(value, at);
    if (typeof value === "boolean") return { kind: "truth", at, value };
    if (value === null) return { kind: "nothing", at };
    return this.#refuse(at, [
      "definition/float",
      "a number with a decimal point or exponent",
      "write whole units (pence, months, days), or put quotes round it if it is text",
    ]);
  }

  #whole(value: bigint, at: Position): SourceNode | null {
    if (value >= -(2n ** 63n) && value < 2n ** 63n) return { kind: "whole", at, value };
    return this.#refuse(at, ["definition/float", "this number is too large", "use 64 bits"]);
  }

  #list(items: readonly unknown[], at: Position, depth: number): SourceNode | null {
    const nodes = items.map((item) => this.node(item, at, depth + 1));
    const read = nodes.filter((node) => node !== null);
    return read.length === nodes.length ? { kind: "list", at, items: read } : null;
  }

  #map(items: readonly Pair[], at: Position, depth: number): SourceNode | null {
    const entries = new Map<string, SourceEntry>();
    let whole = true;
    for (const pair of items) {
      const keyAt = this.#at(pair.key, at);
      const key = this.node(pair.key, at, depth + 1);
      const value = this.node(pair.value, keyAt, depth + 1);
      if (key === null || value === null) whole = false;
      else if (key.kind !== "text" || key.value === "<<") {
        this.#refuse(keyAt, ["definition/syntax", "a key that is not a plain word", "use a word"]);
        whole = false;
      } else entries.set(key.value, { keyAt, value });
    }
    return whole ? { kind: "map", at, entries } : null;
  }

  #refuse(at: Position, [code, what, mend]: readonly [FaultCode, string, string]): null {
    this.#faults.add(at, code, what, mend);
    return null;
  }
}

const ANCHOR: readonly [FaultCode, string, string] = [
  "definition/anchor",
  "an anchor (&) makes one part stand for another",
  "write the value out where it is used",
];

const ALIAS: readonly [FaultCode, string, string] = [
  "definition/anchor",
  "an alias (*) makes one part stand for another",
  "write the value out where it is used",
];

const TAG: readonly [FaultCode, string, string] = [
  "definition/tag",
  "a tag (!) changes what a value means",
  "write the value without a tag",
];
