import { dayFromText, parseDuration } from "@tallystick/ledger";
import type { Faults } from "../fault.ts";
import type { Position } from "../position.ts";
import type { Expression, NamedExpression } from "../service.ts";
import { describeNode, type SourceEntry, type SourceMap, type SourceNode } from "./node.ts";
import { isAreaCode, isFactName, isName, isVersion } from "./words.ts";

type Maybe = SourceNode | undefined;

/**
 * Reads typed values off positioned nodes. Each method answers a harmless value after a fault, so
 * that one mistake does not hide the next; nothing is compiled while there is any fault.
 */
export class Reader {
  readonly faults: Faults;

  constructor(faults: Faults) {
    this.faults = faults;
  }

  wrong(node: SourceNode, wanted: string): void {
    this.faults.add(
      node.at,
      "definition/wrong-shape",
      `${describeNode(node)} where ${wanted} is needed`,
      `write ${wanted}`,
    );
  }

  /** A map with these keys alone; answers the map even when a key is missing or unknown. */
  map(node: SourceNode, keys: { required: readonly string[]; optional?: readonly string[] }): Keys {
    if (node.kind !== "map") {
      this.wrong(node, `a group with ${keys.required.join(", ") || "named entries"}`);
      return new Keys(new Map(), node.at);
    }
    const known = [...keys.required, ...(keys.optional ?? [])];
    for (const [key, entry] of node.entries) {
      if (known.includes(key)) continue;
      const what = `"${key}" is not a key that stands here`;
      this.faults.add(entry.keyAt, "definition/unknown-key", what, `use ${known.join(", ")}`);
    }
    for (const key of keys.required) {
      const entry = node.entries.get(key);
      if (entry !== undefined && entry.value.kind !== "nothing") continue;
      const at = entry?.keyAt ?? node.at;
      this.faults.add(at, "definition/missing-key", `"${key}" is missing`, `add ${key}:`);
    }
    return new Keys(node.entries, node.at);
  }

  /** [name, where the name stands, value] of each entry, in order. */
  entries(node: Maybe, isGood: (name: string) => boolean = isName): readonly NamedNode[] {
    if (node === undefined || node.kind === "nothing") return [];
    if (node.kind !== "map") {
      this.wrong(node, "a group of named entries");
      return [];
    }
    return [...node.entries].map(([name, { keyAt, value }]) => {
      if (!isGood(name)) this.badName(keyAt, name);
      return { name, at: keyAt, value };
    });
  }

  badName(at: Position, name: string): void {
    this.faults.add(
      at,
      "definition/bad-name",
      `"${name}" is not a name that can stand here`,
      "facts and workings: a letter, then letters and digits; all else: small letters, digits, -",
    );
  }

  text(node: Maybe): string {
    if (node === undefined || node.kind === "nothing") return "";
    if (node.kind === "text") return node.value;
    this.wrong(node, "text");
    return "";
  }

  /** A version: letters, digits and `. / : -`. */
  version(node: Maybe): string {
    const text = this.text(node);
    if (node?.kind !== "text" || isVersion(text)) return text;
    const what = `"${text}" is not a version`;
    this.faults.add(node.at, "definition/bad-name", what, "write 2026-04, 1.2 or the like");
    return text;
  }

  optionalText(node: Maybe): string | null {
    return node === undefined || node.kind === "nothing" ? null : this.text(node);
  }

  name(node: Maybe): string {
    const text = this.text(node);
    if (node?.kind === "text" && !isName(text)) this.badName(node.at, text);
    return text;
  }

  optionalName(node: Maybe): string | null {
    return node === undefined || node.kind === "nothing" ? null : this.name(node);
  }

  whole(node: Maybe): bigint {
    if (node?.kind === "whole") return node.value;
    if (node !== undefined && node.kind !== "nothing") this.wrong(node, "a whole number");
    return 0n;
  }

  truth(node: Maybe): boolean {
    if (node?.kind === "truth") return node.value;
    if (node !== undefined && node.kind !== "nothing") this.wrong(node, "true or false");
    return false;
  }

  /** A list, or one item standing alone. */
  items(node: Maybe): readonly SourceNode[] {
    if (node === undefined || node.kind === "nothing") return [];
    return node.kind === "list" ? node.items : [node];
  }

  names(node: Maybe): readonly string[] {
    return this.items(node).map((item) => this.name(item));
  }

  /** Names of facts and workings, or dotted parts of them. */
  paths(node: Maybe): readonly string[] {
    return this.items(node).map((item) => {
      const text = this.text(item);
      if (!text.split(".").every((part) => isFactName(part) || isName(part))) {
        this.badName(item.at, text);
      }
      return text;
    });
  }

  oneOf<T extends string>(node: Maybe, choices: readonly [T, ...T[]]): T {
    const text = this.text(node);
    const found = choices.find((choice) => choice === text);
    if (found === undefined && node?.kind === "text")
      this.wrong(node, `one of ${choices.join(", ")}`);
    return found ?? choices[0];
  }

  day(node: Maybe): number {
    const text = this.text(node);
    const day = dayFromText(text);
    if (day === null && node?.kind === "text") {
      const what = `"${text}" is not a calendar day`;
      this.faults.add(node.at, "definition/bad-date", what, "write it as 2026-04-01");
    }
    return day ?? 0;
  }

  optionalDay(node: Maybe): number | null {
    return node === undefined || node.kind === "nothing" ? null : this.day(node);
  }

  area(node: Maybe): string {
    const text = this.text(node);
    if (node?.kind === "text" && !isAreaCode(text)) this.wrong(node, "an area code like E06000023");
    return text;
  }

  /** `P28D`, `P3M`, `10 working-days`. */
  duration(node: Maybe, text: string = this.text(node)): string {
    if (node?.kind === "text" && parseDuration(text) === null) {
      this.faults.add(
        node.at,
        "definition/bad-duration",
        `"${text}" is not a length of time`,
        "write P28D, P3M, P1Y or 10 working-days",
      );
    }
    return text;
  }

  /** `P3M after decided`: a length of time and the event that it runs from. */
  durationAfter(node: SourceNode): { duration: string; after: string; at: Position } {
    const text = this.text(node);
    const cut = text.indexOf(" after ");
    if (node.kind === "text" && cut < 0) {
      this.faults.add(
        node.at,
        "definition/bad-duration",
        `"${text}" does not say what it runs from`,
        "write P3M after decided",
      );
    }
    const duration = cut < 0 ? "" : this.duration(node, text.slice(0, cut));
    return { duration, after: cut < 0 ? "" : text.slice(cut + 7).trim(), at: node.at };
  }

  expression(node: SourceNode): Expression {
    if (node.kind === "whole") return { text: node.value.toString(), at: node.at };
    if (node.kind === "truth") return { text: node.value ? "true" : "false", at: node.at };
    return { text: this.text(node), at: node.at };
  }

  expressions(node: Maybe, isGood: (name: string) => boolean = isFactName): NamedExpression[] {
    return this.entries(node, isGood).map(({ name, at, value }) => ({
      name,
      at,
      expression: this.expression(value),
    }));
  }
}

export interface NamedNode {
  readonly name: string;
  readonly at: Position;
  readonly value: SourceNode;
}

/** The entries of one map, by key. */
export class Keys {
  readonly at: Position;
  readonly #entries: SourceMap["entries"] | ReadonlyMap<string, SourceEntry>;

  constructor(entries: ReadonlyMap<string, SourceEntry>, at: Position) {
    this.#entries = entries;
    this.at = at;
  }

  get(key: string): SourceNode | undefined {
    return this.#entries.get(key)?.value;
  }

  /** The value, or an empty one at the map's place. */
  node(key: string): SourceNode {
    return this.get(key) ?? { kind: "nothing", at: this.at };
  }

  has(key: string): boolean {
    const value = this.get(key);
    return value !== undefined && value.kind !== "nothing";
  }
}
