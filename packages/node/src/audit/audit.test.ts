import { expect, test } from "vitest";
import { makeNetwork } from "../testing/network.ts";
import { auditOperator } from "./audit-operator.ts";
import { sampleLedger } from "./testing/sample-ledger.ts";

const network = makeNetwork();
const sample = sampleLedger(network);

test("a sound ledger has no fault, with its log beside it or folded in", () => {
  for (const directory of [sample.directory, sample.copy(false), sample.copy(true)]) {
    expect(auditOperator(directory)).toMatchObject({
      ok: true,
      faults: [],
      operator: "council-service",
      blocks: 5,
      leaves: 15,
      transactions: 9,
      checkpoints: 4,
      cosignatures: 5,
      operators: 3,
    });
  }
});
