import { describe, expect, test } from "vitest";
import { agreementsRows } from "../../../test/support/refusal-rows/agreements.ts";
import { casesRows } from "../../../test/support/refusal-rows/cases.ts";
import { credentialsRows } from "../../../test/support/refusal-rows/credentials.ts";
import { definitionsRows } from "../../../test/support/refusal-rows/definitions.ts";
import { drawsRows } from "../../../test/support/refusal-rows/draws.ts";
import { flowsRows } from "../../../test/support/refusal-rows/flows.ts";
import { membersRows } from "../../../test/support/refusal-rows/members.ts";
import { ledgerOf } from "../../../test/support/refusal-rows/row.ts";
import { transactionRows } from "../../../test/support/refusal-rows/transaction.ts";
import { REFUSALS, refusalOf } from "./refusals.ts";
import { TRANSACTION_CODES } from "./transaction-code.ts";

const rows = [
  ...transactionRows,
  ...membersRows,
  ...agreementsRows,
  ...definitionsRows,
  ...casesRows,
  ...flowsRows,
  ...drawsRows,
  ...credentialsRows,
];

describe.each(rows)("$code when $when", (row) => {
  test("is refused", () => {
    const ledger = ledgerOf(row);
    expect(row.run(ledger)).toBe(row.code);
  });
});

test("every code has a row; the codes of a transaction's form have theirs with its decoder", () => {
  const covered = new Set([...TRANSACTION_CODES, ...rows.map(({ code }) => code)]);
  expect(Object.keys(REFUSALS).filter((code) => !covered.has(code))).toEqual([]);
});

test("the codes of a transaction's form come first, in the order of its decoder", () => {
  const codes = Object.keys(REFUSALS).slice(0, TRANSACTION_CODES.length);
  expect(codes).toEqual([...TRANSACTION_CODES]);
});

test("every code says what is wrong and how to mend it, in sentences", () => {
  for (const [code, { what, mend }] of Object.entries(REFUSALS)) {
    for (const sentence of [what, mend]) {
      expect(sentence, code).toMatch(/^[A-Z].{10,}\.$/);
      expect(sentence.length, code).toBeLessThan(120);
    }
  }
});

test("a code that is not the ledger's has no sentences", () => {
  expect(refusalOf("services/wrong-state")?.what).toContain("state");
  expect(refusalOf("toString")).toBeNull();
});
