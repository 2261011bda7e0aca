import { createServer } from "node:net";
import { resolve } from "node:path";
import process from "node:process";
import { CannotRunError } from "../io.ts";
import { OPERATORS, type OperatorId } from "./consortium.ts";
import { addressesFrom, type Network, openNetwork } from "./network.ts";
import { supervise } from "./supervisor.ts";

export interface NetworkOptions {
  readonly data: string;
  readonly host: string;
  /** The first operator's port; the others take the next ones. */
  readonly port: number;
  readonly say: (line: string) => void;
}

/** The demonstration's three nodes, each in its own process. */
export interface RunningNetwork {
  readonly directory: string;
  readonly network: Network;
  readonly nodes: readonly { readonly operator: OperatorId; readonly url: string }[];
  readonly pids: () => ReadonlyMap<string, number>;
  readonly names: (operator: OperatorId) => { readonly title: string; readonly does: string };
  readonly failed: Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts the network under a directory, laying it out first where there is none. */
export async function runNetwork(options: NetworkOptions): Promise<RunningNetwork> {
  const { host, port, say } = options;
  await requireFree(host, port);
  const addresses = addressesFrom(host, port);
  const network = openNetwork(options.data, addresses);
  const nodes = OPERATORS.map(({ id }) => ({ operator: id, url: addresses.get(id) ?? "" }));
  const peers = nodes.flatMap(({ operator, url }) => ["--peer", `${operator}=${url}`]);
  const supervisor = await supervise(
    OPERATORS.map(({ id, portOffset }) => ({
      operator: id,
      url: addresses.get(id) ?? "",
      args: [
        ...["--data", network.directory, "--operator", id, "--host", host],
        ...["--port", String(port + portOffset), ...peers],
      ],
    })),
    say,
  );
  return {
    directory: resolve(options.data),
    network,
    nodes,
    names: (operator) => namesOf(network, operator),
    pids: supervisor.pids,
    failed: supervisor.failed,
    stop: supervisor.stop,
  };
}

/** The first of three free ports in a row, for a demonstration that nobody needs to find. */
export async function freePort(host: string): Promise<number> {
  const FIRST = 20_000;
  const SPAN = 20_000;
  const TRIES = 50;
  for (let tried = 0; tried < TRIES; tried++) {
    const port = FIRST + ((process.pid * 7 + tried * 97) % SPAN);
    try {
      await requireFree(host, port);
      return port;
    } catch (error) {
      if (!(error instanceof CannotRunError)) throw error;
    }
  }
  throw new CannotRunError("No three free ports in a row were found.");
}

async function requireFree(host: string, firstPort: number): Promise<void> {
  for (const { portOffset } of OPERATORS) await requireOneFree(host, firstPort + portOffset);
}

/** A port that is taken is named before anything is started or written. */
const requireOneFree = (host: string, port: number): Promise<void> =>
  new Promise((free, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is in use" : `cannot be used (${error.code})`;
      reject(new CannotRunError(`Port ${port} on ${host} ${why}. Name another with --port.`));
    });
    probe.listen(port, host, () => probe.close(() => free()));
  });

function namesOf({ genesis }: Network, operator: OperatorId): { title: string; does: string } {
  const found = genesis.operators.find(({ id }) => id === operator);
  const members = genesis.members.filter((member) => member.operatorId === operator);
  const work = genesis.orderer === operator ? "orders" : "follows and cosigns";
  const hosts = members.length === 1 ? "1 body" : `${members.length} bodies`;
  return { title: found?.name ?? operator, does: `${work}; hosts ${hosts}` };
}
