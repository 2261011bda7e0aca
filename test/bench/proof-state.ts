import { encodeStateProof } from "@tallystick/ledger";
import { type Measurement, perSecond, rounded } from "./figure.ts";
import { filledOrderer } from "./mix.ts";
import { openOrderer } from "./orderer.ts";

const COUNT = 12_000;
const MODULE = "services/cases";
const STRIDE = 7_919;

/** Proofs of what stands under a key of the state, as bytes, from the running node's map. */
export const proofState: Measurement = {
  names: ["proof.state-per-s"],
  measure: async () => {
    const orderer = await filledOrderer(await openOrderer(), COUNT);
    const { map } = orderer.node.ledger.replica.state;
    const keys = [...map.range(MODULE, new Uint8Array(), null)].map(([key]) => key);
    if (keys.length !== COUNT / 3) throw new Error(`${keys.length} cases are open`);
    const snapshot = map.snapshot();
    const value = perSecond((turn) => {
      const key = keys[(turn * STRIDE) % keys.length] as Uint8Array;
      if (encodeStateProof(snapshot.prove(MODULE, key)).length < 100) throw new Error();
    });
    await orderer.close();
    orderer.remove();
    return [{ name: "proof.state-per-s", value: rounded(value, 0), unit: "1/s/core" }];
  },
};
