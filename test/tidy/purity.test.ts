import { expect, test } from "vitest";
import { impurities } from "./impurities.ts";
import { isTest, sourcesIn } from "./sources.ts";

/** Rooms whose outcome must follow from their arguments alone, on every machine. */
const PURE_ROOMS = ["packages/log", "packages/ledger"];

for (const room of PURE_ROOMS) {
  test(`${room} has no clock, randomness, floats, locale, regular expressions or async`, () => {
    const sources = sourcesIn(`${room}/src`).filter((source) => !isTest(source.path));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.flatMap(impurities)).toEqual([]);
  });
}

test("the check itself sees each kind of impurity", () => {
  const samples = [
    "export const a = Date.now();",
    "export const a = Math.sin(1);",
    "export const a = Math.random();",
    "export const a = 0.5;",
    "export const a = (t: string) => /x/.test(t);",
    "export async function a(): Promise<void> {}",
    'export const a = "b".localeCompare("c");',
    'export const a = new Intl.NumberFormat("en");',
  ];
  for (const text of samples) {
    expect(impurities({ path: "sample.ts", text }), text).not.toEqual([]);
  }
  expect(impurities({ path: "sample.ts", text: "export const a = Math.floor(7);" })).toEqual([]);
});
