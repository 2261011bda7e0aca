// Our own tree of an expression. The evaluator's tree is turned into it once, so that no other
// file depends on the library.

/** One part of an expression; `offset` is unknown to the parser, so faults name the expression. */
export type Tree =
  | { readonly kind: "literal"; readonly value: bigint | string | boolean | Uint8Array }
  | { readonly kind: "forbidden"; readonly what: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "select"; readonly of: Tree; readonly field: string; readonly has: boolean }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly target: Tree | null;
      readonly parts: readonly Tree[];
    }
  | { readonly kind: "list"; readonly items: readonly Tree[] }
  | {
      readonly kind: "loop";
      readonly over: Tree;
      readonly item: string;
      readonly result: string;
      readonly start: Tree;
      readonly step: Tree;
    };

/** What an expression may be bound to when it is run. */
export type Bound =
  | bigint
  | string
  | boolean
  | Uint8Array
  | readonly Bound[]
  | ReadonlyMap<string, Bound>;

/** A value, or why there is none: a name that was not bound, or arithmetic out of range. */
export type Outcome =
  | { readonly ok: true; readonly value: Bound }
  | { readonly ok: false; readonly why: string };

/** A parsed expression that can be run any number of times. */
export interface Program {
  readonly tree: Tree;
  readonly run: (bound: Readonly<Record<string, Bound>>) => Outcome;
}

export type Parsed =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly column: number; readonly why: string };

/** The evaluator behind the language: text in, tree and runnable program out. */
export interface ExpressionEngine {
  readonly parse: (text: string) => Parsed;
}
