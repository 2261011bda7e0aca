import type { Placed } from "./position.ts";

// The decoded view of one service definition: what the compiler reads from YAML and what
// `loadService` reads from the compiled bytes. Positions are never part of the bytes.

/** How sensitive a value is. Each expression has the highest class it was derived from. */
export const DATA_CLASSES = ["public", "official", "personal", "special", "criminal"] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

export type ScalarType =
  | { readonly kind: "yes-no" | "whole-number" | "text" | "bytes" | "date" | "gss-code" }
  | { readonly kind: "one-of"; readonly words: readonly string[] };

export type ValueType =
  | ScalarType
  | { readonly kind: "list"; readonly of: ScalarType }
  | { readonly kind: "group"; readonly fields: readonly Field[] };

/** A named part of a group, or a column of a table. */
export interface Field {
  readonly name: string;
  readonly type: ScalarType;
}

/** An expression as its author wrote it: CEL in the profile of spec/service-definition.md. */
export interface Expression extends Placed {
  readonly text: string;
}

export interface Named extends Placed {
  readonly name: string;
}

/** A part of the kingdom with law of its own; areas belong to it by their code's first letter. */
export interface Jurisdiction extends Named {
  readonly letter: string;
}

/** A statutory power, of one jurisdiction or (null) of all. */
export interface Power {
  readonly jurisdiction: string | null;
  readonly citation: string;
}

export interface LegalBasis extends Named {
  readonly powers: readonly Power[];
  readonly article6: string;
  /** Condition for special category data, with its Schedule 1 paragraph; else null. */
  readonly article9: string | null;
  readonly schedule1: string | null;
  /** Condition for data on criminal convictions; else null. */
  readonly article10: string | null;
}

/** What every member of the network sees of a case, by which law and why. */
export interface MembersSee extends Named {
  readonly law: string;
  readonly why: string;
}

export const ROLE_KINDS = ["person", "organisation", "member", "staff", "device"] as const;

export interface Role extends Named {
  readonly kind: (typeof ROLE_KINDS)[number];
  readonly of: string | null;
  readonly holds: string | null;
  readonly neverAlso: readonly string[];
  readonly through: readonly string[];
  /** For the deciding body: the fact that says which area it must decide for, or null. */
  readonly areaFact: string | null;
  /** Prefixes of area codes whose own council is the deciding body. */
  readonly ownArea: readonly string[];
}

/** How long a value is kept: an ISO 8601 duration after a named event. */
export interface Keep extends Placed {
  readonly duration: string;
  readonly after: string;
}

/** One way to prove a fact: a credential `issuer-kind/type`, or a document seen by a role. */
export interface Proof extends Placed {
  readonly by: "credential" | "document";
  readonly source: string;
  readonly when: Expression | null;
}

export interface SeenBy extends Placed {
  readonly role: string;
  readonly law: string;
}

export interface Fact extends Named {
  readonly type: ValueType;
  readonly dataClass: DataClass;
  readonly accept: readonly Proof[];
  readonly seenBy: readonly SeenBy[];
  readonly keep: Keep | null;
}

/** A key column of a table: chosen by equality, or a date between two inclusive columns. */
export type TableKey = Named &
  (
    | { readonly kind: "choice"; readonly words: readonly string[] }
    | { readonly kind: "range"; readonly from: string; readonly to: string }
  );

/** A cell: a value of the column's type, or null where the row leaves it blank. */
export type Cell = bigint | string | boolean | null;

/** What a row asks of one key: one of these words, or a first and a last day (null: open). */
export type RowKey =
  | { readonly kind: "choice"; readonly words: readonly string[] }
  | { readonly kind: "range"; readonly from: number | null; readonly to: number | null };

export interface TableRow extends Placed {
  readonly keys: readonly RowKey[];
  readonly cells: readonly Cell[];
}

export interface Table extends Named {
  readonly version: string;
  readonly source: string;
  /** The first day on which this version is the law. */
  readonly effectiveFrom: number;
  /** Why it also answers for earlier days; null when it must not. */
  readonly alsoBefore: string | null;
  /** The last day on which it may be used; null when it does not expire. */
  readonly until: number | null;
  readonly keys: readonly TableKey[];
  readonly columns: readonly Field[];
  readonly value: Expression;
  readonly rows: readonly TableRow[];
}

/** How a working is found: by an expression, or by a look-up in a table. */
export type Way =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "table"; readonly table: string; readonly keys: readonly NamedExpression[] };

export interface NamedExpression extends Named {
  readonly expression: Expression;
}

export interface Working extends Named {
  /** One way for all (null), or one for each jurisdiction. */
  readonly ways: readonly { readonly jurisdiction: string | null; readonly way: Way }[];
}

/** The decision: checks in order; the first that fails is the reason given. */
export interface DecisionRule extends Placed {
  readonly asAt: string;
  readonly checks: readonly Check[];
  readonly grant: readonly NamedExpression[];
}

export interface Check extends Placed {
  readonly need: Expression;
  readonly otherwise: string;
  readonly tell: readonly string[];
}

export const STATE_KINDS = ["waiting", "live", "end"] as const;

export interface State extends Named {
  readonly kind: (typeof STATE_KINDS)[number];
}

export interface Action extends Named {
  readonly by: readonly string[];
  readonly from: readonly string[];
  /** A state, or outcome → state for a decision. */
  readonly to: readonly ActionEnd[];
  readonly gives: readonly string[];
  readonly within: Within | null;
  readonly reviews: string | null;
  readonly notice: string | null;
  readonly finding: string | null;
  readonly stopsClock: boolean;
  /** A reason shown on the ledger with the act; null when it has none. */
  readonly reason: Expression | null;
  /** Tags shown on the ledger when the case opens. */
  readonly tags: readonly NamedExpression[];
}

/** Where an action leads: outcome is null where there is nothing to decide. */
export interface ActionEnd extends Placed {
  readonly outcome: string | null;
  readonly state: string;
}

/** For instance P28D after `served decision`. */
export interface Within extends Placed {
  readonly duration: string;
  readonly after: string;
}

export const TIMER_KINDS = ["alarm", "to", "do"] as const;

/** A timer that every member runs: its length is public. */
export interface Timer extends Placed {
  readonly state: string;
  readonly after: string;
  readonly kind: (typeof TIMER_KINDS)[number];
  readonly target: string;
}

/** A timer at a date that only the keeper knows: the keeper's own node runs it. */
export interface PrivateTimer extends Placed {
  readonly state: string;
  readonly on: Expression;
  readonly to: string;
  readonly keptBy: string | null;
}

/** A credential handed to a role while the case is in a state. */
export interface Give extends Named {
  readonly to: string;
  readonly in: string;
  readonly claims: readonly NamedExpression[];
  readonly status: string | null;
}

export interface Disclosure extends Named {
  readonly from: string;
  readonly to: string;
  readonly what: readonly string[];
  readonly why: string;
  readonly law: string;
  readonly gateway: string | null;
  readonly keep: Keep | null;
  readonly acknowledgeWithin: string;
}

export const SHOW_KINDS = ["posting", "queue", "kpi"] as const;

/** Something the ledger or a public page would count or post. */
export interface Show extends Named {
  readonly kind: (typeof SHOW_KINDS)[number];
  readonly expression: Expression;
}

export interface Once extends Placed {
  readonly per: readonly string[];
  readonly states: readonly string[];
}

export interface Challenge extends Placed {
  readonly first: string | null;
  readonly outside: string | null;
}

export interface Service extends Placed {
  readonly service: string;
  readonly version: string;
  readonly lgsl: number;
  readonly jurisdictions: readonly Jurisdiction[];
  readonly law: readonly LegalBasis[];
  readonly controller: string;
  readonly automated: boolean;
  readonly humanReview: string | null;
  readonly once: Once | null;
  readonly membersSee: readonly MembersSee[];
  readonly roles: readonly Role[];
  readonly facts: readonly Fact[];
  readonly tables: readonly Table[];
  readonly workings: readonly Working[];
  readonly decide: DecisionRule;
  readonly states: readonly State[];
  readonly actions: readonly Action[];
  readonly timers: readonly Timer[];
  readonly privateTimers: readonly PrivateTimer[];
  readonly challenge: Challenge | null;
  readonly gives: readonly Give[];
  readonly disclosures: readonly Disclosure[];
  readonly shows: readonly Show[];
}
