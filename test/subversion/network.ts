import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeGenesis, type Genesis, networkId } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import { type NodeOptions, type RunningNode, startNode } from "@tallystick/node";
import { OPERATORS, type OperatorId } from "../../apps/cli/src/demonstration/consortium.ts";
import { demonstrationGenesis } from "../../apps/cli/src/demonstration/genesis.ts";
import {
  type DemonstrationKeys,
  demonstrationKeys,
} from "../../apps/cli/src/demonstration/keys.ts";
import { nodeSha256 } from "../support/hosts.ts";
import { genesisTimeMs, type MovableClock, movableClock } from "./clock.ts";

/** The demonstration's consortium on loopback ports of its own, its files in one directory. */
export interface Consortium {
  readonly genesis: Genesis;
  readonly genesisBytes: Uint8Array;
  readonly networkId: Hash;
  readonly keys: DemonstrationKeys;
  readonly addresses: ReadonlyMap<OperatorId, string>;
  readonly clock: MovableClock;
  readonly directory: string;
}

export async function foundConsortium(): Promise<Consortium> {
  const random = new Uint8Array(randomBytes(16));
  const ports = await freePorts(OPERATORS.length);
  const addresses = new Map(
    OPERATORS.map(({ id, portOffset }) => [id, `http://127.0.0.1:${ports[portOffset]}`]),
  );
  const genesis = demonstrationGenesis({ random, timeMs: genesisTimeMs, addresses });
  const genesisBytes = encodeGenesis(genesis);
  return {
    ...{ genesis, genesisBytes, addresses },
    networkId: networkId(nodeSha256, genesisBytes),
    keys: demonstrationKeys(random),
    clock: movableClock(),
    directory: mkdtempSync(join(tmpdir(), "tallystick-subversion-")),
  };
}

/** Removes the files of a consortium whose nodes are closed. */
export const forget = ({ directory }: Consortium): void =>
  rmSync(directory, { recursive: true, force: true });

/** Starts an operator's own node; a change gives it other peers, another place or another port. */
export function startOperator(
  consortium: Consortium,
  operatorId: OperatorId,
  change: Partial<NodeOptions> = {},
): Promise<RunningNode> {
  const { genesis, genesisBytes, keys, addresses, clock, directory } = consortium;
  const isOrderer = genesis.orderer === operatorId;
  const executor = OPERATORS.find(({ id }) => id === operatorId)?.executor ?? null;
  return startNode({
    operatorId,
    dataDir: join(directory, operatorId),
    stateDirectory: join(directory, "state"),
    genesisBytes,
    role: isOrderer ? "orderer" : "follower",
    keys: {
      log: isOrderer ? keys.secret("log") : null,
      executors: new Map(
        executor === null ? [] : [[executor, keys.secret(`${executor}/executor`)] as const],
      ),
    },
    port: Number(new URL(addresses.get(operatorId) ?? "").port),
    clock,
    ...change,
  });
}

/** Ports that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

const PATIENCE_MS = 15_000;
const LOOK_AGAIN_MS = 10;

/** Waits for what must come about by itself; throws when it does not. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it did not come about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
