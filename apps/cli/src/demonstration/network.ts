import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { decodeGenesis, encodeGenesis, type Genesis } from "@tallystick/ledger";
import { CannotRunError } from "../io.ts";
import { OPERATORS, type OperatorId } from "./consortium.ts";
import { demonstrationGenesis } from "./genesis.ts";

/** Written last, so that a directory with this file in it holds a whole network. */
const NETWORK_FILE = "network.json";
const GENESIS_FILE = "genesis.cbor";
const NETWORK_RANDOM_BYTES = 16;

/** A network laid out under one directory: a data directory for each operator. */
export interface Network {
  readonly directory: string;
  readonly genesis: Genesis;
  readonly genesisBytes: Uint8Array;
  /** True when this call made it: nothing stands on its ledger yet. */
  readonly isNew: boolean;
}

/** The addresses of all operators' nodes for one first port. */
export function addressesFrom(host: string, firstPort: number): Map<OperatorId, string> {
  const shown = host.includes(":") ? `[${host}]` : host;
  return new Map(
    OPERATORS.map(({ id, portOffset }) => [id, `http://${shown}:${firstPort + portOffset}`]),
  );
}

/** The data directory of one operator. */
export const operatorDirectory = (network: string, operator: string): string =>
  join(network, operator);

/**
 * Opens the network under `directory`, or lays out a new one where there is nothing yet. Throws
 * CannotRunError where something else lies in the way.
 */
export function openNetwork(
  directory: string,
  addresses: ReadonlyMap<OperatorId, string>,
): Network {
  const root = resolve(directory);
  if (existsSync(join(root, NETWORK_FILE))) return readNetwork(root);
  if (existsSync(root) && readdirSync(root).length > 0) {
    throw new CannotRunError(
      `${root} holds files but no network. Empty it, or name another directory with --data.`,
    );
  }
  return layNetwork(root, addresses);
}

/** Reads a network that is there; throws CannotRunError where there is none. */
export function readNetwork(directory: string): Network {
  const root = resolve(directory);
  if (!existsSync(join(root, NETWORK_FILE))) {
    throw new CannotRunError(`There is no network under ${root}. Run tallystick start first.`);
  }
  const [first] = OPERATORS;
  const path = join(operatorDirectory(root, first?.id ?? ""), GENESIS_FILE);
  const genesisBytes = new Uint8Array(readFileSync(path));
  const genesis = decodeGenesis(genesisBytes);
  if (genesis === null) throw new CannotRunError(`${path} is not a genesis.`);
  return { directory: root, genesis, genesisBytes, isNew: false };
}

function layNetwork(root: string, addresses: ReadonlyMap<OperatorId, string>): Network {
  const random = new Uint8Array(randomBytes(NETWORK_RANDOM_BYTES));
  const genesis = demonstrationGenesis({ random, timeMs: BigInt(Date.now()), addresses });
  const genesisBytes = encodeGenesis(genesis);
  for (const { id } of OPERATORS) {
    mkdirSync(operatorDirectory(root, id), { recursive: true, mode: 0o700 });
    writeFileSync(join(operatorDirectory(root, id), GENESIS_FILE), genesisBytes);
  }
  const unfinished = join(root, `${NETWORK_FILE}.unfinished`);
  const description = { network: genesis.name, operators: OPERATORS.map(({ id }) => id) };
  writeFileSync(unfinished, `${JSON.stringify(description, null, 2)}\n`);
  renameSync(unfinished, join(root, NETWORK_FILE));
  return { directory: root, genesis, genesisBytes, isNew: true };
}
