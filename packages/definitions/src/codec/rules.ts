import { COMPILED } from "../position.ts";
import {
  type Cell,
  type Challenge,
  type Check,
  DATA_CLASSES,
  type DecisionRule,
  type Disclosure,
  type Expression,
  type Fact,
  type Field,
  type Give,
  type Jurisdiction,
  type Keep,
  type LegalBasis,
  type MembersSee,
  type NamedExpression,
  type Power,
  type PrivateTimer,
  type Proof,
  type RowKey,
  type ScalarType,
  type SeenBy,
  type Service,
  SHOW_KINDS,
  type Show,
  type Table,
  type TableKey,
  type TableRow,
  type ValueType,
  type Way,
  type Working,
} from "../service.ts";
import {
  day,
  flag,
  list,
  oneOf,
  orNull,
  placed,
  record,
  type Shape,
  tagged,
  text,
} from "./shape.ts";

/** What the ledger does not read of an action, a role or a disclosure, in the process's order. */
export interface ActionRules {
  readonly notice: string | null;
  readonly finding: string | null;
  readonly stopsClock: boolean;
  readonly reason: Expression | null;
  readonly tags: readonly NamedExpression[];
}
export interface RoleRules {
  readonly through: readonly string[];
  readonly areaFact: string | null;
  readonly ownArea: readonly string[];
}
export type DisclosureRules = Pick<Disclosure, "why" | "law" | "keep">;

/** The `rules` of a definition: spec/service-definition.md, "The compiled rules". */
export interface Rules
  extends Pick<
    Service,
    "jurisdictions" | "law" | "controller" | "membersSee" | "facts" | "tables" | "workings"
  > {
  readonly decide: DecisionRule;
  readonly actions: readonly ActionRules[];
  readonly roles: readonly RoleRules[];
  readonly disclosures: readonly DisclosureRules[];
  readonly privateTimers: readonly PrivateTimer[];
  readonly challenge: Challenge | null;
  readonly gives: readonly Give[];
  readonly shows: readonly Show[];
}

const expression: Shape<Expression> = {
  encode: (value) => value.text,
  decode: (cbor) => {
    const source = text.decode(cbor);
    return source === undefined ? undefined : placedExpression(source);
  },
};

const placedExpression = (source: string): Expression => ({
  text: source,
  at: COMPILED,
});

const namedExpression = placed<NamedExpression>({ name: text, expression });

const plainKinds = ["yes-no", "whole-number", "text", "bytes", "date", "gss-code"] as const;
type PlainKind = (typeof plainKinds)[number];
const plainType = record<{ readonly kind: PlainKind }>({ kind: oneOf(plainKinds) });
const oneOfType = record<Extract<ScalarType, { kind: "one-of" }>>({
  kind: oneOf(["one-of"] as const),
  words: list(text),
});
const scalarType: Shape<ScalarType> = {
  encode: (value) =>
    value.kind === "one-of" ? oneOfType.encode(value) : plainType.encode({ kind: value.kind }),
  decode: (cbor) => plainType.decode(cbor) ?? oneOfType.decode(cbor),
};
const field = record<Field>({ name: text, type: scalarType });
const listType = record<Extract<ValueType, { kind: "list" }>>({
  kind: oneOf(["list"] as const),
  of: scalarType,
});
const groupType = record<Extract<ValueType, { kind: "group" }>>({
  kind: oneOf(["group"] as const),
  fields: list(field),
});
const valueType: Shape<ValueType> = {
  encode: (value) => {
    if (value.kind === "list") return listType.encode(value);
    return value.kind === "group" ? groupType.encode(value) : scalarType.encode(value);
  },
  decode: (cbor) => scalarType.decode(cbor) ?? listType.decode(cbor) ?? groupType.decode(cbor),
};

const power = record<Power>({ jurisdiction: orNull(text), citation: text });
const legalBasis = placed<LegalBasis>({
  name: text,
  powers: list(power),
  article6: text,
  article9: orNull(text),
  schedule1: orNull(text),
  article10: orNull(text),
});
const keep = placed<Keep>({ duration: text, after: text });
const proof = placed<Proof>({
  by: oneOf(["credential", "document"] as const),
  source: text,
  when: orNull(expression),
});
const fact = placed<Fact>({
  name: text,
  type: valueType,
  dataClass: oneOf(DATA_CLASSES),
  accept: list(proof),
  seenBy: list(placed<SeenBy>({ role: text, law: text })),
  keep: orNull(keep),
});

type ChoiceKey = Extract<TableKey, { kind: "choice" }>;
type RangeKey = Extract<TableKey, { kind: "range" }>;
const tableKey = tagged<TableKey>({
  choice: placed<ChoiceKey>({
    kind: oneOf(["choice"] as const),
    name: text,
    words: list(text),
  }) as Shape<TableKey>,
  range: placed<RangeKey>({
    kind: oneOf(["range"] as const),
    name: text,
    from: text,
    to: text,
  }) as Shape<TableKey>,
});
type ChoiceAsked = Extract<RowKey, { kind: "choice" }>;
type RangeAsked = Extract<RowKey, { kind: "range" }>;
const rowKey = tagged<RowKey>({
  choice: record<ChoiceAsked>({
    kind: oneOf(["choice"] as const),
    words: list(text),
  }) as Shape<RowKey>,
  range: record<RangeAsked>({
    kind: oneOf(["range"] as const),
    from: orNull(day),
    to: orNull(day),
  }) as Shape<RowKey>,
});
const cell: Shape<Cell> = {
  encode: (value) => value,
  decode: (cbor) =>
    cbor === null || ["bigint", "string", "boolean"].includes(typeof cbor)
      ? (cbor as Cell)
      : undefined,
};
const table = placed<Table>({
  name: text,
  version: text,
  source: text,
  effectiveFrom: day,
  alsoBefore: orNull(text),
  until: orNull(day),
  keys: list(tableKey),
  columns: list(field),
  value: expression,
  rows: list(placed<TableRow>({ keys: list(rowKey), cells: list(cell) })),
});

type ExpressionWay = Extract<Way, { kind: "expression" }>;
type TableWay = Extract<Way, { kind: "table" }>;
const way = tagged<Way>({
  expression: record<ExpressionWay>({
    kind: oneOf(["expression"] as const),
    expression,
  }) as Shape<Way>,
  table: record<TableWay>({
    kind: oneOf(["table"] as const),
    table: text,
    keys: list(namedExpression),
  }) as Shape<Way>,
});
const working = placed<Working>({
  name: text,
  ways: list(record<Working["ways"][number]>({ jurisdiction: orNull(text), way })),
});

const check = placed<Check>({ need: expression, otherwise: text, tell: list(text) });
const decide = placed<DecisionRule>({
  asAt: text,
  checks: list(check),
  grant: list(namedExpression),
});

/** The positional shape of the rules; the first item is the version of this shape. */
export const rulesShape: Shape<Rules> = record<Rules>({
  jurisdictions: list(placed<Jurisdiction>({ name: text, letter: text })),
  law: list(legalBasis),
  controller: text,
  membersSee: list(placed<MembersSee>({ name: text, law: text, why: text })),
  facts: list(fact),
  tables: list(table),
  workings: list(working),
  decide,
  actions: list(
    record<ActionRules>({
      notice: orNull(text),
      finding: orNull(text),
      stopsClock: flag,
      reason: orNull(expression),
      tags: list(namedExpression),
    }),
  ),
  roles: list(
    record<RoleRules>({ through: list(text), areaFact: orNull(text), ownArea: list(text) }),
  ),
  disclosures: list(record<DisclosureRules>({ why: text, law: text, keep: orNull(keep) })),
  privateTimers: list(
    placed<PrivateTimer>({ state: text, on: expression, to: text, keptBy: orNull(text) }),
  ),
  challenge: orNull(placed<Challenge>({ first: orNull(text), outside: orNull(text) })),
  gives: list(
    placed<Give>({
      name: text,
      to: text,
      in: text,
      claims: list(namedExpression),
      status: orNull(text),
    }),
  ),
  shows: list(placed<Show>({ kind: oneOf(SHOW_KINDS), name: text, expression })),
});
