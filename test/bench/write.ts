import { availableParallelism } from "node:os";
import { ed25519Signer, verifyEd25519 } from "@tallystick/node";
import { type Figure, type Measurement, median, rounded } from "./figure.ts";
import { type Orderer, openOrderer } from "./orderer.ts";
import { prepareMix } from "./transactions.ts";

const COUNT = 12_000;
/** Clients that each wait for their acknowledgement before they write again. */
const AT_ONCE = 900;
const ACKNOWLEDGEMENTS = 300;
const VERIFY_MS = 1_500;

/** Signed durable writes through the ordering engine, and how long one writer waits when idle. */
export const write: Measurement = {
  names: ["write.vs-signature-limit", "write.ack-p50-ms", "limit.ed25519-verifies-per-core"],
  measure: async () => {
    const orderer = await openOrderer();
    try {
      return await measureOn(orderer);
    } finally {
      await orderer.close();
    }
  },
};

async function measureOn(orderer: Orderer): Promise<readonly Figure[]> {
  const transactions = prepareMix(orderer, COUNT + ACKNOWLEDGEMENTS);
  const verifies = verifiesPerSecond();
  const waits: number[] = [];
  for (const bytes of transactions.splice(COUNT)) {
    const startedMs = performance.now();
    await writeOne(orderer, bytes);
    waits.push(performance.now() - startedMs);
  }
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, () => client(orderer, transactions)));
  const perSecond = COUNT / ((performance.now() - startedMs) / 1000);
  const limit = availableParallelism() * verifies;
  return [
    {
      name: "write.vs-signature-limit",
      value: rounded(perSecond, 0),
      unit: "tx/s",
      ratio: rounded(perSecond / limit, 3),
      against: "cores × Ed25519 verifies/s/core",
    },
    { name: "write.ack-p50-ms", value: rounded(median(waits)), unit: "ms" },
    { name: "limit.ed25519-verifies-per-core", value: rounded(verifies, 0), unit: "1/s" },
  ];
}

async function client(orderer: Orderer, transactions: Uint8Array[]): Promise<void> {
  for (let next = transactions.pop(); next !== undefined; next = transactions.pop()) {
    await writeOne(orderer, next);
  }
}

/** Resolves once the transaction is on disk; a refusal would make the figure worthless. */
async function writeOne({ node }: Orderer, bytes: Uint8Array): Promise<void> {
  const handed = await node.ledger.handIn(bytes, true);
  if (handed.kind !== "queued") throw new Error(`not taken: ${JSON.stringify(handed)}`);
  const fate = await handed.fate;
  if (!fate.recorded) throw new Error(`not recorded: ${fate.code}`);
  if (fate.refusal !== null) throw new Error(`refused: ${fate.refusal.code}`);
}

/** The verifier that the engine itself uses, on one core, on messages of 400 bytes. */
function verifiesPerSecond(): number {
  const signer = ed25519Signer(new Uint8Array(32).fill(7));
  const message = new Uint8Array(400).fill(3);
  const signature = signer.sign(message);
  const startedMs = performance.now();
  let count = 0;
  while (performance.now() - startedMs < VERIFY_MS) {
    for (let round = 0; round < 100; round++) {
      if (!verifyEd25519(signer.publicKey, message, signature)) throw new Error("not verified");
    }
    count += 100;
  }
  return count / ((performance.now() - startedMs) / 1000);
}
