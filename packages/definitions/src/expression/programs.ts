import type { Program } from "./ast.ts";
import type { Checked } from "./scope.ts";

/** An expression that passed the checker, ready to run. */
export interface Prepared {
  readonly program: Program;
  readonly checked: Checked;
}

/** Every expression of one definition, by its place in it, for instance `work-out/age`. */
export type Programs = ReadonlyMap<string, Prepared>;
