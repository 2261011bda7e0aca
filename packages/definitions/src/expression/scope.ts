import type { DataClass, ScalarType, ValueType } from "../service.ts";

/** What the checker knows of a value: its type, its class and the facts that it stands on. */
export interface Checked {
  readonly type: Exclude<ValueType, { kind: "group" }>;
  readonly dataClass: DataClass;
  /** Paths of the facts behind it, for instance `residence.authority`. */
  readonly uses: ReadonlySet<string>;
}

/** A name that an expression may use: a value, or a group whose parts are reached by a dot. */
export type Declared =
  | ({ readonly kind: "value" } & Checked)
  | {
      readonly kind: "group";
      readonly parts: ReadonlyMap<string, Checked>;
      /** True when a part may be blank, so that has() may ask for it: the row of a table. */
      readonly mayBeBlank: boolean;
    };

export type Scope = ReadonlyMap<string, Declared>;

/** A value of a scalar type and class that stands on no fact. */
export const given = (type: ScalarType, dataClass: DataClass): Checked => ({
  type,
  dataClass,
  uses: new Set(),
});
