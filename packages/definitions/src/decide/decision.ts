import type { Day } from "@tallystick/ledger";
import type { Facts } from "./facts.ts";

/** A value as JSON shows it: a date is `YYYY-MM-DD`, an integer is a number, bytes are hex. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[];

/** The deciding body: the areas (GSS codes) that it decides for. */
export interface DecidingBody {
  readonly areas: readonly string[];
}

export interface DecideInput {
  /** What `parseFacts` made of the facts; one that is absent is not known. */
  readonly facts: Facts;
  /** The civil day in whose light the rule is read: days since 1970-01-01. */
  readonly at: Day;
  /** The body; an area code stands for the body of that area alone; null when not known. */
  readonly body: DecidingBody | string | null;
}

export interface TableUsed {
  readonly name: string;
  readonly version: string;
}

/**
 * What the rule says. A fact that is not known never refuses: the outcome is then `undecided`.
 *
 * Reasons: null when granted; when refused the definition's own reason, for instance `too-young`;
 * when undecided `services/fact-missing`, `services/no-authority` (nobody is known to decide),
 * `services/table-not-in-force` or `services/rule-fault` (arithmetic left its range).
 */
export interface Decision {
  readonly outcome: "granted" | "refused" | "undecided";
  readonly reason: string | null;
  /**
   * Paths of the facts that are not known and would be needed, for instance `residence.authority`.
   */
  readonly missing: readonly string[];
  /** Every named working; null where it could not be worked out. */
  readonly workedOut: Readonly<Record<string, PlainValue>>;
  /** What a grant gives, for instance `passUntil`; empty unless granted. */
  readonly gives: Readonly<Record<string, PlainValue>>;
  /** Every table that was consulted. */
  readonly tables: readonly TableUsed[];
}
