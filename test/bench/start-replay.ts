import { join } from "node:path";
import { createHost } from "@tallystick/node";
import { Replica } from "../../packages/node/src/engine/replica.ts";
import { LedgerStore } from "../../packages/node/src/store/ledger-store.ts";
import { type Measurement, median, rounded } from "./figure.ts";
import { filledOrderer } from "./mix.ts";
import { openOrderer } from "./orderer.ts";

const COUNT = 12_000;
const ROUNDS = 5;

/** How fast a start brings state and log tree up to the last block, from the stored effects. */
export const startReplay: Measurement = {
  names: ["start.replay-per-s"],
  measure: async () => {
    const orderer = await filledOrderer(await openOrderer(), COUNT);
    await orderer.close();
    const path = join(orderer.folder, "alpha", "ledger.sqlite");
    const host = createHost();
    const rates = Array.from({ length: ROUNDS }, () => {
      const startedMs = performance.now();
      const store = LedgerStore.open(path, orderer.genesisBytes);
      const replica = Replica.open(host, orderer.genesisBytes, store);
      const tookMs = performance.now() - startedMs;
      store.close();
      if (replica.size < COUNT) throw new Error("not all is there");
      return (COUNT * 1000) / tookMs;
    });
    orderer.remove();
    return [{ name: "start.replay-per-s", value: rounded(median(rates), 0), unit: "tx/s" }];
  },
};
