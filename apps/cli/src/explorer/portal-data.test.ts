import { afterAll, beforeAll, expect, test } from "vitest";
import { createPortalData } from "./portal-data.ts";
import { recordSampleCase, type SampleCase } from "./testing/sample-case.ts";
import { type SampleNetwork, startSample } from "./testing/sample-network.ts";

let network: SampleNetwork;
let acts: SampleCase;
beforeAll(async () => {
  network = await startSample();
  acts = await recordSampleCase(network);
  await network.allSigned();
});
afterAll(() => network?.stop());

test("x", async () => {
  const data = createPortalData(network.node("council-service").ledger);
  for (const [name, act] of Object.entries(acts)) {
    console.log(name, act.answer.ok ? "ok" : act.answer.code);
    const t = await data.transaction(act.id);
    console.log(t?.sentence, t?.facts);
  }
  console.log(JSON.stringify(await data.overview(), null, 1));
  console.log(JSON.stringify(await data.blocks({ before: null, limit: 3 }), null, 1));
  for (let n = 1; n < 12; n++)
    for (const r of (await data.block(n))?.transactions ?? []) console.log(n, r.sentence);
  console.log(JSON.stringify(await data.members(), null, 1).slice(0, 1500));
  console.log(JSON.stringify(await data.definitions(), null, 1).slice(0, 1500));
  console.log(JSON.stringify(await data.agreements(), null, 1).slice(0, 1500));
  console.log(JSON.stringify(await data.receipt(acts.decide.id), null, 1).slice(0, 1500));
  expect(1).toBe(1);
});
