import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIES } from "./lies.ts";
import { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

/** Each lie comes to what SECURITY.md says of it, and the same act done honestly passes. */
for (const teller of new Set(LIES.map((row) => row.teller))) {
  describe(`${teller}:`, () => {
    for (const { lie, verdict, evidence, run } of LIES.filter((row) => row.teller === teller)) {
      test(lie, async () => {
        expect(await run(world)).toEqual({ verdict, evidence, honest: "ok" });
      });
    }
  });
}
