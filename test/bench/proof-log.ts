import { formatTlogProof } from "@tallystick/log";
import { type Measurement, perSecond, rounded } from "./figure.ts";
import { filledOrderer } from "./mix.ts";
import { openOrderer } from "./orderer.ts";

const COUNT = 12_000;
const STRIDE = 7_919;

/** Inclusion proofs as text that a C2SP reader takes, made from the running node's tree. */
export const proofLog: Measurement = {
  names: ["proof.log-per-s"],
  measure: async () => {
    const orderer = await filledOrderer(await openOrderer(), COUNT);
    const { tree } = orderer.node.ledger.replica;
    const { book } = orderer.node.ledger;
    await orderer.close();
    if (book.newest === null) throw new Error("nothing is signed");
    const checkpoint = book.noteOf(book.newest);
    const { size } = book.newest.checkpoint;
    const value = perSecond((turn) => {
      const index = (turn * STRIDE) % size;
      const proof = tree.inclusionProof(index, size);
      if (formatTlogProof({ extra: null, index, proof, checkpoint }).length < 100)
        throw new Error();
    });
    orderer.remove();
    return [{ name: "proof.log-per-s", value: rounded(value, 0), unit: "1/s/core" }];
  },
};
