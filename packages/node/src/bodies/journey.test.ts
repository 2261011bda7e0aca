import { afterEach, beforeEach, expect, test } from "vitest";
import { applyForPass, makeResident, seeCase } from "./testing/resident.ts";
import { Town } from "./testing/town.ts";

let town: Town;
beforeEach(() => {
  town = Town.found();
});
afterEach(() => town.close());

test("a resident old enough gets a pass, the bus operator learns its status, the auditor agrees", async () => {
  const resident = await makeResident(town, { dateOfBirth: "1950-02-28" });
  const applied = await applyForPass(town, resident);
  expect(applied.ok).toBe(true);
  await town.settle();
  const shown = await seeCase(town, applied);
  expect(shown).toMatchObject({
    state: "issued",
    waiting: null,
    decision: { outcome: "granted", reason: null, asAt: "2026-11-21" },
    disclosures: [{ name: "hotlist", recipient: "severn-buses", acknowledged: true }],
  });
  expect(shown.credentials.pass).toContain("~");
  expect(town.messages("services/finding")).toMatchObject([{ agrees: true }]);
  expect(
    town.nodes
      .get("councils")!
      .health()
      .map(({ waiting }) => waiting),
  ).toEqual([0, 0, 0]);
});
