import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Bodies,
  createBodies,
  type MemberSecrets,
  NodeLedger,
  type RunningNode,
  startNode,
} from "@tallystick/node";
import { readPortalAssets, serveExplorer } from "../explorer/index.ts";
import { serviceFolder, upwards } from "../files.ts";
import { CannotRunError } from "../io.ts";
import { readFolder } from "../service/folder.ts";
import { type DemonstrationOperator, MEMBERS } from "./consortium.ts";
import { found } from "./found.ts";
import { type DemonstrationKeys, demonstrationKeys } from "./keys.ts";
import { type Network, operatorDirectory } from "./network.ts";

export interface OpenNodeOptions {
  readonly network: Network;
  readonly operator: DemonstrationOperator;
  readonly host: string;
  readonly port: number;
  /** Where each operator's node answers now. */
  readonly peers: ReadonlyMap<string, string>;
  /** Ends the wait for the other bodies. */
  readonly ending: AbortSignal;
  readonly say: (line: string) => void;
}

export interface OpenNode {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * One operator's node with the bodies that it hosts and its explorer, once the bodies' founding
 * acts stand on the ledger. Throws CannotRunError for a network that is no demonstration.
 */
export async function openNode(options: OpenNodeOptions): Promise<OpenNode> {
  const { network, operator, say } = options;
  if (!network.genesis.demonstration) {
    throw new CannotRunError("Only a demonstration's keys can be derived; this network is real.");
  }
  const keys = demonstrationKeys(network.genesis.random);
  let bodies: Bodies | null = null;
  const node = await startNode({
    ...nodeOptions(options, keys),
    routes: (app, ledger) => {
      bodies = openBodies(options, keys, new NodeLedger(ledger));
      bodies.mount(app);
      const assets = publicFolder();
      if (assets !== null) serveExplorer(app, ledger, readPortalAssets(assets));
    },
    onFault: (code, cause) => say(`${operator.name}: ${code}: ${String(cause)}`),
  });
  const close = async (): Promise<void> => {
    await bodies?.stop();
    await node.close();
  };
  try {
    await foundAndServe(options, keys, node, bodies);
  } catch (cause) {
    await close();
    throw cause;
  }
  return { url: node.url, close };
}

async function foundAndServe(
  { operator, ending }: OpenNodeOptions,
  keys: DemonstrationKeys,
  node: RunningNode,
  bodies: Bodies | null,
): Promise<void> {
  const ledger = new NodeLedger(node.ledger);
  await found({ operator: operator.id, ledger, keys, definition: busPass(), ending });
  bodies?.start();
}

function nodeOptions(
  { network, operator, host, port, peers }: OpenNodeOptions,
  keys: DemonstrationKeys,
) {
  const isOrderer = network.genesis.orderer === operator.id;
  const { executor } = operator;
  return {
    operatorId: operator.id,
    dataDir: operatorDirectory(network.directory, operator.id),
    genesisBytes: network.genesisBytes,
    role: isOrderer ? ("orderer" as const) : ("follower" as const),
    keys: {
      log: isOrderer ? keys.secret("log") : null,
      executors: new Map(
        executor === null ? [] : [[executor, keys.secret(`${executor}/executor`)]],
      ),
    },
    ...{ host, port, peers },
  };
}

function openBodies(
  { network, operator, peers }: OpenNodeOptions,
  keys: DemonstrationKeys,
  ledger: NodeLedger,
): Bodies {
  const addresses = new Map(network.genesis.operators.map(({ id, address }) => [id, address]));
  const operatorOf = new Map(network.genesis.members.map(({ id, operatorId }) => [id, operatorId]));
  return createBodies({
    ledger,
    directory: operatorDirectory(network.directory, operator.id),
    members: MEMBERS.filter((member) => member.operator === operator.id).map(({ id }) =>
      secretsOf(id, keys),
    ),
    addressOf: (member) => {
      const id = operatorOf.get(member) ?? "";
      return peers.get(id) ?? addresses.get(id) ?? "";
    },
  });
}

const secretsOf = (id: string, keys: DemonstrationKeys): MemberSecrets => ({
  id,
  act: keys.secret(`${id}/act`),
  sealing: keys.secret(`${id}/sealing`),
  issuer: keys.secret(`${id}/issuer`),
});

/** What the build made for browsers; null where nothing is built, and then there is no explorer. */
function publicFolder(): string | null {
  for (const folder of upwards(import.meta.url)) {
    for (const candidate of [join(folder, "public"), join(folder, "dist", "public")]) {
      if (existsSync(join(candidate, "check.js"))) return candidate;
    }
  }
  return null;
}

/** The compiled definition that the demonstration's bodies agree on. */
function busPass(): Uint8Array {
  const { compilation } = readFolder(serviceFolder("bus-pass"), {
    readFile: (path) => readFileSync(path),
  });
  if (compilation.ok) return compilation.compiled.bytes;
  const [fault] = compilation.faults;
  throw new CannotRunError(`The bus pass does not compile: ${fault?.what ?? "unknown fault"}.`);
}
