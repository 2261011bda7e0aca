import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LIES } from "./lies.ts";
import { tableOf, withTable } from "./table.ts";

test("SECURITY.md's table is what the lies say; `node test/subversion/write-table.ts` writes it", () => {
  const page = readFileSync(new URL("../../SECURITY.md", import.meta.url), "utf8");
  expect(page).toBe(withTable(page, tableOf(LIES)));
});

test("no lie is told twice, and none breaks the table", () => {
  expect(new Set(LIES.map(({ lie }) => lie)).size).toBe(LIES.length);
  for (const { lie, teller, evidence } of LIES) {
    expect(`${lie}${teller}${evidence}`).not.toMatch(/[|`\n]/);
  }
});
