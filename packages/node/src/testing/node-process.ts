import { readFileSync } from "node:fs";
import { demonstrationKey } from "../crypto/demonstration-key.ts";
import { startNode } from "../node/start-node.ts";

/** What a test tells its child process: a node to run, its network's keys being demonstration keys. */
export interface NodeProcessOptions {
  readonly operatorId: string;
  readonly role: "orderer" | "follower";
  readonly dataDir: string;
  readonly stateDirectory: string;
  readonly genesisFile: string;
  readonly random: string;
  readonly executor: string | null;
  readonly port: number;
}

/** Runs one node until it is killed; tells its parent when it answers. */
async function main(text: string): Promise<void> {
  const options = JSON.parse(text) as NodeProcessOptions;
  const random = new Uint8Array(Buffer.from(options.random, "hex"));
  const { executor } = options;
  const seedOf = (member: string) => demonstrationKey(random, `${member}/executor`);
  const node = await startNode({
    ...options,
    genesisBytes: new Uint8Array(readFileSync(options.genesisFile)),
    keys: {
      log: options.role === "orderer" ? demonstrationKey(random, "log") : null,
      executors: new Map(executor === null ? [] : [[executor, seedOf(executor)]]),
    },
  });
  process.once("SIGTERM", () => void node.close().then(() => process.exit(0)));
  process.send?.({ url: node.url });
}

await main(process.argv[2] ?? "");
