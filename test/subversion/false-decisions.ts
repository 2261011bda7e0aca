import { type Decision, decide } from "@tallystick/definitions";
import { dayFromText } from "@tallystick/ledger";
import type { BodiesOptions } from "@tallystick/node";
import type { OperatorId } from "../../apps/cli/src/demonstration/consortium.ts";

type Decide = NonNullable<BodiesOptions["decide"]>;

/** What a dishonest body makes of the decision that its rule gives. */
type Falsify = (honest: Decision) => Decision;

const grant: Falsify = (honest) => ({
  ...honest,
  outcome: "granted",
  reason: null,
  gives: { passUntil: "2031-11-20" },
});
const refuse: Falsify = (honest) => ({
  ...honest,
  outcome: "refused",
  reason: "not-main-home",
  gives: {},
});
const oldTable: Falsify = (honest) => ({
  ...honest,
  tables: honest.tables.map(({ name }) => ({ name, version: "1995" })),
});

interface FalseDecision {
  readonly falsify: Falsify;
  /** Whether the auditor's node tells the same lie. */
  readonly isColluding: boolean;
}

/**
 * Whom the deciding bodies cheat or favour, by date of birth, so that one node tells every lie and
 * is honest with everybody else.
 */
export const BORN = {
  favoured: "1990-02-28",
  cheated: "1950-03-01",
  byOldTable: "1951-04-02",
  favouredByAll: "1990-05-03",
  cheatedByAll: "1950-06-04",
} as const;

const FALSE_DECISIONS: ReadonlyMap<bigint, FalseDecision> = new Map(
  (
    [
      [BORN.favoured, { falsify: grant, isColluding: false }],
      [BORN.cheated, { falsify: refuse, isColluding: false }],
      [BORN.byOldTable, { falsify: oldTable, isColluding: false }],
      [BORN.favouredByAll, { falsify: grant, isColluding: true }],
      [BORN.cheatedByAll, { falsify: refuse, isColluding: true }],
    ] as const
  ).map(([born, falsehood]) => [BigInt(dayFromText(born) ?? 0), falsehood]),
);

/** The decide function of an operator's node. */
export const decideFor =
  (operator: OperatorId): Decide =>
  (compiled, input) => {
    const honest = decide(compiled, input);
    const born = input.facts.get("dateOfBirth");
    const falsehood = typeof born === "bigint" ? FALSE_DECISIONS.get(born) : undefined;
    if (falsehood === undefined) return honest;
    const isTold = operator !== "auditor" || falsehood.isColluding;
    return isTold ? falsehood.falsify(honest) : honest;
  };
