import { availableParallelism } from "node:os";
import { decodeTransaction } from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import { createHost, verifyEd25519 } from "@tallystick/node";
import { ed25519Signer } from "../support/transactions.ts";
import { type Figure, type Measurement, median, perSecond, rounded } from "./figure.ts";
import { prepareMix, writeAll } from "./mix.ts";
import { OFFICERS, type Orderer, openOrderer } from "./orderer.ts";

const COUNT = 9_000;
const ROUNDS = 3;

/**
 * Signed durable writes through the ordering engine, against what its verifier could do at most.
 */
export const writeThroughput: Measurement = {
  names: ["write.vs-signature-limit", "limit.ed25519-verifies-per-core"],
  measure: async () => {
    const orderer = await openOrderer();
    try {
      return await measureOn(orderer);
    } finally {
      await orderer.close();
      orderer.remove();
    }
  },
};

async function measureOn(orderer: Orderer): Promise<readonly Figure[]> {
  const rates: number[] = [];
  const limits: number[] = [];
  // The first batch warms up; limit and writes take turns, so that both meet the same machine.
  for (let round = 0; round <= ROUNDS; round++) {
    const transactions = prepareMix(orderer, COUNT, round);
    const limit = verifiesPerSecond(orderer, transactions);
    const startedMs = performance.now();
    await writeAll(orderer, transactions);
    const rate = (COUNT * 1000) / (performance.now() - startedMs);
    if (round === 0) continue;
    rates.push(rate);
    limits.push(limit);
  }
  const ratios = rates.map((rate, at) => rate / (availableParallelism() * (limits[at] ?? 0)));
  return [
    {
      name: "write.vs-signature-limit",
      value: rounded(median(rates), 0),
      unit: "tx/s",
      ratio: rounded(median(ratios), 3),
      against: "cores × Ed25519 verifies/s/core",
    },
    { name: "limit.ed25519-verifies-per-core", value: rounded(median(limits), 0), unit: "1/s" },
  ];
}

/** The verifier that the engine itself uses, on one core, on these very transactions. */
function verifiesPerSecond({ node }: Orderer, transactions: readonly Uint8Array[]): number {
  const names = [...OFFICERS, ...["avon", "severn", "registrar", "buses", "auditor"].map(actKey)];
  const keys = new Map(
    names.map((name) => {
      const { keyId, key } = ed25519Signer(name);
      return [toHex(keyId), key.publicKey];
    }),
  );
  const host = createHost();
  const material = transactions.slice(0, 2_000).map((bytes) => {
    const decoded = decodeTransaction(host, node.ledger.replica.networkId, bytes);
    if (!decoded.ok) throw new Error(decoded.code);
    const { keyId, signed, signature } = decoded.transaction;
    return { publicKey: keys.get(toHex(keyId)) ?? new Uint8Array(), signed, signature };
  });
  return perSecond((turn) => {
    const { publicKey, signed, signature } = material[
      turn % material.length
    ] as (typeof material)[0];
    if (!verifyEd25519(publicKey, signed, signature)) throw new Error("not verified");
  });
}

const actKey = (member: string): string => `${member}/act`;
