import type { Placed, Position } from "../position.ts";

/** A YAML value that remembers where it stood. Only these six kinds are let in. */
export type SourceNode = Placed &
  (
    | { readonly kind: "text"; readonly value: string }
    | { readonly kind: "whole"; readonly value: bigint }
    | { readonly kind: "truth"; readonly value: boolean }
    | { readonly kind: "nothing" }
    | { readonly kind: "list"; readonly items: readonly SourceNode[] }
    | SourceMap
  );

/** A mapping; `keyAt` is where the key stands and `value.at` where its value does. */
export interface SourceMap extends Placed {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, SourceEntry>;
}

export interface SourceEntry {
  readonly keyAt: Position;
  readonly value: SourceNode;
}

export const describeNode = (node: SourceNode): string => NODE_WORDS[node.kind];

const NODE_WORDS: Readonly<Record<SourceNode["kind"], string>> = {
  text: "text",
  whole: "a whole number",
  truth: "true or false",
  nothing: "nothing",
  list: "a list",
  map: "a group of named entries",
};
