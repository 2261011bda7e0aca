import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeLedger, type RunningNode, startNode } from "@tallystick/node";
import { OPERATORS } from "../../apps/cli/src/demonstration/consortium.ts";
import { found } from "../../apps/cli/src/demonstration/found.ts";
import {
  type DemonstrationKeys,
  demonstrationKeys,
} from "../../apps/cli/src/demonstration/keys.ts";
import { addressesFrom, openNetwork } from "../../apps/cli/src/demonstration/network.ts";
import { serviceFolder } from "../../apps/cli/src/files.ts";
import { readFolder } from "../../apps/cli/src/service/folder.ts";

/** The demonstration's ordering node in this process, on disk, with everything founded. */
export interface Orderer {
  readonly node: RunningNode;
  readonly keys: DemonstrationKeys;
  readonly definition: Uint8Array;
  readonly close: () => Promise<void>;
}

/** Starts the orderer alone: no follower takes part of the machine. */
export async function openOrderer(): Promise<Orderer> {
  const folder = mkdtempSync(join(tmpdir(), "tallystick-bench-"));
  const network = openNetwork(join(folder, "data"), addressesFrom("127.0.0.1", 9));
  const keys = demonstrationKeys(network.genesis.random);
  const node = await startNode({
    operatorId: network.genesis.orderer,
    dataDir: join(network.directory, network.genesis.orderer),
    genesisBytes: network.genesisBytes,
    role: "orderer",
    keys: { log: keys.secret("log"), executors: new Map() },
    port: 0,
    stateDirectory: join(folder, "state"),
  });
  const ledger = new NodeLedger(node.ledger);
  const { compilation } = readFolder(serviceFolder("bus-pass"), {
    readFile: (path) => readFileSync(path),
  });
  if (!compilation.ok) throw new Error("the bus pass does not compile");
  const definition = compilation.compiled.bytes;
  const ending = new AbortController().signal;
  await Promise.all(
    OPERATORS.map(({ id }) => found({ operator: id, ledger, keys, definition, ending })),
  );
  const close = async (): Promise<void> => {
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { node, keys, definition, close };
}
