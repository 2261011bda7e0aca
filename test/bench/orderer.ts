import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Definition, encodeDefinition, encodeGenesis, type Message } from "@tallystick/ledger";
import { type Clock, nodeSha256, type RunningNode, startNode } from "@tallystick/node";
import {
  hashOfDefinition,
  messages,
  START_MS,
  testDefinition,
  testGenesis,
} from "../support/consortium.ts";
import { ed25519Signer, signTransaction, type TestSigner } from "../support/transactions.ts";

/** Staff of the council `avon`; enough keys that none meets the limit of what may wait per key. */
export const OFFICERS: readonly string[] = Array.from({ length: 32 }, (_, at) => `officer-${at}`);
const VALIDITY_MS = 500_000n;

/** An ordering node in this process, on disk, on which a service with its officers is at work. */
export interface Orderer {
  readonly node: RunningNode;
  readonly folder: string;
  readonly genesisBytes: Uint8Array;
  readonly definition: Definition;
  readonly close: () => Promise<void>;
  /** Removes the folder. */
  readonly remove: () => void;
}

/** Starts the orderer alone: no follower takes part of the machine. */
export async function openOrderer(): Promise<Orderer> {
  const folder = mkdtempSync(join(tmpdir(), "tallystick-bench-"));
  const genesisBytes = encodeGenesis(testGenesis());
  const node = await startNode({
    operatorId: "alpha",
    dataDir: join(folder, "alpha"),
    genesisBytes,
    role: "orderer",
    keys: { log: nodeSha256.one(Buffer.from("log")), executors: new Map() },
    port: 0,
    clock: clockFrom(Number(START_MS) + 1000),
    stateDirectory: join(folder, "state"),
  });
  const definition = testDefinition();
  const close = (): Promise<void> => node.close();
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const orderer: Orderer = { node, folder, genesisBytes, definition, close, remove };
  for (const { by, given } of founding(definition)) {
    await handIn(orderer, sign(orderer, ed25519Signer(by), given));
  }
  return orderer;
}

/** Runs at the pace of the machine's clock from a moment of its own. */
const clockFrom = (startMs: number): Clock => {
  const monotonicMs = (): number => Math.floor(performance.now());
  const offsetMs = startMs - monotonicMs();
  return { monotonicMs, nowMs: () => monotonicMs() + offsetMs };
};

interface FoundingAct {
  readonly by: string;
  readonly given: readonly Message[];
}

function founding(definition: Definition): FoundingAct[] {
  const hash = hashOfDefinition(definition);
  const staff = OFFICERS.map((name): Message => {
    const { key } = ed25519Signer(name);
    const type = "members/add-staff-key";
    return { type, member: "avon", key, role: "officer", pseudonym: name };
  });
  return [
    {
      by: "avon/act",
      given: [{ type: "services/publish", definition: encodeDefinition(definition) }],
    },
    { by: "severn/act", given: [{ type: "services/vote", definition: hash }] },
    { by: "avon/act", given: [messages.adopt(definition)] },
    ...staff.map((message) => ({ by: "avon/act", given: [message] })),
  ];
}

/** Bytes of a transaction by a key that the ledger knows. */
export function sign(
  { node }: Pick<Orderer, "node">,
  signer: TestSigner,
  given: readonly Message[],
): Uint8Array {
  const { replica, clock } = node.ledger;
  return signTransaction({
    ...{ networkId: replica.networkId, signer, withKey: false },
    payload: {
      nonce: crypto.getRandomValues(new Uint8Array(16)),
      validUntilMs: BigInt(clock.nowMs()) + VALIDITY_MS,
      ...{ actedAtMs: null, place: { kind: "site", siteId: "main" } },
      ...{ capacity: { kind: "self" }, sponsor: null, messages: given },
    },
  });
}

/** Resolves once the transaction is on disk; a refusal would make the figure worthless. */
export async function handIn({ node }: Pick<Orderer, "node">, bytes: Uint8Array): Promise<void> {
  const handed = await node.ledger.handIn(bytes, true);
  if (handed.kind !== "queued") throw new Error(`not taken: ${JSON.stringify(handed)}`);
  const fate = await handed.fate;
  if (!fate.recorded) throw new Error(`not recorded: ${fate.code}`);
  if (fate.refusal !== null) throw new Error(`refused: ${fate.refusal.code}`);
}
