import type { Faults } from "../fault.ts";
import type { DecisionTest, ServiceTest } from "../read/read-tests.ts";
import type { Service } from "../service.ts";

/**
 * The tests say what matters: a grant in every jurisdiction, every refusal, something not known.
 * Fault: definition/missing-test. Whether they pass is for `runServiceTests` to say.
 */
export function checkTests(service: Service, tests: readonly ServiceTest[], faults: Faults): void {
  const decisions = tests.filter((test): test is DecisionTest => test.kind === "decision");
  const lacks = (what: string, mend: string): void =>
    faults.add(service.at, "definition/missing-test", `no test shows ${what}`, mend);
  for (const { name, letter } of service.jurisdictions) {
    const shown = decisions.some(
      (test) => test.expect.outcome === "granted" && test.areas?.[0]?.startsWith(letter) === true,
    );
    if (!shown) lacks(`a grant in ${name}`, `add one with body: ${letter}… and outcome: granted`);
  }
  for (const { otherwise, at } of service.decide.checks) {
    const shown = decisions.some((test) => test.expect.reason === otherwise);
    if (shown) continue;
    const what = `no test shows the refusal "${otherwise}"`;
    const mend = `add a test with expect: {outcome: refused, reason: ${otherwise}}`;
    faults.add(at, "definition/missing-test", what, mend);
  }
  if (!decisions.some((test) => test.expect.outcome === "undecided")) {
    lacks("what happens when a fact is not known", "add one with outcome: undecided");
  }
}
