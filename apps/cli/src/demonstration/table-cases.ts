import { readFileSync } from "node:fs";
import { runServiceTests, type TableTest } from "@tallystick/definitions";
import { serviceFolder } from "../files.ts";
import { CannotRunError } from "../io.ts";
import { readFolder } from "../service/folder.ts";
import { asksForBusPass, type OfficialCase, officialCases } from "./applicants.ts";

/** How the dated table answers the official cases that no applicant brings. */
export interface TableCases {
  readonly cases: number;
  readonly agreed: number;
  /** One sentence for each that differs. */
  readonly differences: readonly string[];
}

/** Asks the pension age table about every official case that is not about the bus pass. */
export function checkTableCases(): TableCases {
  const readFile = (path: string): Uint8Array => readFileSync(path);
  const { compilation } = readFolder(serviceFolder("bus-pass"), { readFile });
  if (!compilation.ok) throw new CannotRunError("The bus pass does not compile.");
  const tests = officialCases()
    .filter((official) => !asksForBusPass(official))
    .map(tableTest);
  const results = runServiceTests(compilation.compiled, tests);
  const failed = results.filter(({ failure }) => failure !== null);
  return {
    cases: results.length,
    agreed: results.length - failed.length,
    differences: failed.map(({ name, failure }) => `${name}: ${failure}`),
  };
}

const tableTest = ({ question, dob, expected, sex }: OfficialCase): TableTest => ({
  kind: "table",
  name: `${question}, born ${dob}`,
  at: { file: "tests/official/cases.json", line: 1, column: 1 },
  table: "pension-age",
  keys: new Map([
    ["sex", sex ?? "female"],
    ["born", dob],
  ]),
  expect: expected,
});
