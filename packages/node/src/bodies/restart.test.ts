import type { Applied } from "@tallystick/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyForPass, makeResident, seeCase } from "./testing/resident.ts";
import { Town } from "./testing/town.ts";

let town: Town;
let applied: Applied;
beforeEach(async () => {
  town = Town.found();
  applied = await applyForPass(town, await makeResident(town, { dateOfBirth: "1950-02-28" }));
});
afterEach(() => town.close());

const restart = async (operator: string) => {
  await town.nodes.get(operator)!.stop();
  return town.open(operator);
};

/** Everything that follows from one granted application, each once. */
const expectWhole = async () => {
  await town.settle(20);
  for (const type of ["decide", "disclose", "acknowledge", "draw", "open-to-auditor", "finding"]) {
    expect(town.messages(`services/${type}` as "services/decide"), type).toHaveLength(1);
  }
  const shown = await seeCase(town, applied);
  expect(shown.decision?.outcome).toBe("granted");
  expect(Object.keys(shown.credentials)).toEqual(["pass"]);
  expect(shown.disclosures).toMatchObject([{ acknowledged: true }]);
};

test("a node stopped right after the application goes on where it was", async () => {
  await restart("councils");
  await expectWhole();
});

test("nodes stopped after every round of work do each thing once", async () => {
  for (let round = 0; round < 8; round++) {
    town.ledger.clockMs += 70_000n;
    for (const operator of ["councils", "buses", "audit"]) {
      const bodies = await restart(operator);
      await bodies.workThrough();
    }
  }
  await expectWhole();
});

test.each(["node/busy", "node/orderer-unreachable", "node/behind"])(
  "%s is waited out",
  async (code) => {
    town.ledger.refuseNext.push(...Array.from({ length: 6 }, () => code));
    for (let round = 0; round < 8; round++) {
      town.ledger.clockMs += 70_000n;
      await town.settle(1);
    }
    await expectWhole();
  },
);

test("an act that was recorded although its sender was told otherwise is not done twice", async () => {
  const { ledger } = town;
  const submit = ledger.submit.bind(ledger);
  let isLost = true;
  ledger.submit = async (bytes) => {
    const answer = await submit(bytes);
    isLost = !isLost;
    return isLost ? answer : { ok: false, code: "node/orderer-unreachable" };
  };
  // Later than its last valid moment it is not signed anew either: it stands already.
  for (let round = 0; round < 12; round++) {
    ledger.clockMs += 400_000n;
    await town.settle(1);
  }
  ledger.submit = submit;
  await expectWhole();
});

test("an act whose time ran out before it was recorded is signed anew", async () => {
  const { ledger } = town;
  ledger.refuseNext.push("node/orderer-unreachable");
  await town.settle(1);
  ledger.clockMs += 400_000n;
  await expectWhole();
});

test("left to themselves, running nodes come to the same end", async () => {
  for (const bodies of town.nodes.values()) bodies.start();
  const { outbox } = town.body("avonbridge");
  const isDone = () => town.messages("services/finding").length === 1 && outbox.size === 0;
  for (let turn = 0; turn < 10_000 && !isDone(); turn++) {
    town.ledger.clockMs += 20n;
    for (const bodies of town.nodes.values()) bodies.wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(isDone()).toBe(true);
  const shown = await seeCase(town, applied);
  expect(shown).toMatchObject({ state: "issued", disclosures: [{ acknowledged: true }] });
});
