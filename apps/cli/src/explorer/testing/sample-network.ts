import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPayload, createSigner, signTransaction } from "@tallystick/client";
import {
  type CoseKey,
  definitionHash,
  encodeGenesis,
  type Genesis,
  type Message,
  type Place,
} from "@tallystick/ledger";
import { type Hash, toHex } from "@tallystick/log";
import {
  ed25519Signer,
  NodeLedger,
  type NodeOptions,
  nodeSha256,
  p256Signer,
  type RunningNode,
  type Submitted,
  startNode,
} from "@tallystick/node";
import { OPERATORS, type OperatorId, siteOf } from "../../demonstration/consortium.ts";
import { found } from "../../demonstration/found.ts";
import { demonstrationGenesis } from "../../demonstration/genesis.ts";
import { type DemonstrationKeys, demonstrationKeys } from "../../demonstration/keys.ts";
import { addressesFrom } from "../../demonstration/network.ts";
import { freePort } from "../../demonstration/run-network.ts";
import { serviceFolder } from "../../files.ts";
import { readFolder } from "../../service/folder.ts";

const HOST = "127.0.0.1";
const RECEIPT_WAIT_MS = 20_000;

/** Who signs: a member's own key, one of its staff, or a resident with a key for one case. */
export type By =
  | { readonly member: string }
  | { readonly staffOf: string; readonly secret: Uint8Array }
  | { readonly resident: Uint8Array; readonly sponsor: string };

/** The demonstration's three operators in one process, founded, with the bus pass adopted. */
export interface SampleNetwork {
  readonly genesis: Genesis;
  readonly definition: Hash;
  readonly node: (operator: OperatorId) => RunningNode;
  /** Signs and records; the answer says whether a rule let it through. */
  readonly record: (by: By, messages: readonly Message[], place?: Place) => Promise<Recorded>;
  /** The newest note that the auditor cosigned. */
  readonly auditorsNote: () => string;
  /** Resolves when every operator stands behind all that is recorded so far. */
  readonly allSigned: () => Promise<void>;
  readonly stopOperator: (operator: OperatorId) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface Recorded {
  readonly id: string;
  readonly hash: Hash;
  readonly answer: Submitted;
}

export interface SampleOptions {
  readonly routes?: NodeOptions["routes"];
  readonly port?: number;
  /** 0 shows every body to all; persons' cases are hidden unless it is given. */
  readonly readPolicy?: bigint;
}

/** Starts the sample; the caller stops it. */
export async function startSample(options: SampleOptions = {}): Promise<SampleNetwork> {
  const directory = mkdtempSync(join(tmpdir(), "tallystick-explorer-"));
  const addresses = addressesFrom(HOST, options.port ?? (await freePort(HOST)));
  const random = new Uint8Array(randomBytes(16));
  const keys = demonstrationKeys(random);
  const usual = demonstrationGenesis({ random, timeMs: BigInt(Date.now()), addresses });
  const genesis = { ...usual, readPolicy: options.readPolicy ?? usual.readPolicy };
  const nodes = await startNodes({ genesis, keys, addresses, directory, options });
  const definition = compiledBusPass();
  const ending = new AbortController().signal;
  const ledgers = new Map([...nodes].map(([id, node]) => [id, new NodeLedger(node.ledger)]));
  await Promise.all(
    [...ledgers].map(([operator, ledger]) => found({ operator, ledger, keys, definition, ending })),
  );
  const orderer = of(ledgers, "council-service");
  return {
    genesis,
    definition: definitionHash(nodeSha256, definition),
    node: (operator) => of(nodes, operator),
    record: (by, messages, place) =>
      record(orderer, { by, keys, messages, place: place ?? usualPlace(by) }),
    auditorsNote: () => of(ledgers, "auditor").cosigned("public-auditor")?.note ?? "",
    allSigned: async () => {
      const { replica, book } = of(nodes, "council-service").ledger;
      const { size } = replica;
      const isFinal = (): boolean => (book.final?.checkpoint.size ?? 0) >= size;
      await book.changed.until(isFinal, RECEIPT_WAIT_MS);
      if (!isFinal()) throw new Error("the operators did not sign in time");
    },
    stopOperator: async (operator) => {
      await of(nodes, operator).close();
      nodes.delete(operator);
    },
    stop: async () => {
      await Promise.all([...nodes.values()].map((node) => node.close()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function startNodes(given: {
  readonly genesis: Genesis;
  readonly keys: DemonstrationKeys;
  readonly addresses: ReadonlyMap<OperatorId, string>;
  readonly directory: string;
  readonly options: SampleOptions;
}): Promise<Map<OperatorId, RunningNode>> {
  const { genesis, keys, addresses, directory, options } = given;
  const nodes = new Map<OperatorId, RunningNode>();
  for (const { id, executor } of OPERATORS) {
    const seeds = executor === null ? [] : [[executor, keys.secret(`${executor}/executor`)]];
    const node = await startNode({
      operatorId: id,
      dataDir: join(directory, id),
      stateDirectory: join(directory, "state"),
      genesisBytes: encodeGenesis(genesis),
      role: genesis.orderer === id ? "orderer" : "follower",
      keys: {
        log: genesis.orderer === id ? keys.secret("log") : null,
        executors: new Map(seeds as [string, Uint8Array][]),
      },
      port: Number(new URL(addresses.get(id) ?? "").port),
      peers: addresses,
      ...(options.routes === undefined ? {} : { routes: options.routes }),
    });
    nodes.set(id, node);
  }
  return nodes;
}

async function record(
  ledger: NodeLedger,
  act: {
    readonly by: By;
    readonly keys: DemonstrationKeys;
    readonly messages: readonly Message[];
    readonly place: Place;
  },
): Promise<Recorded> {
  const { by, keys, messages, place } = act;
  const { key, sign } = secretOf(by, keys);
  const payload = buildPayload(
    { messages, place, sponsor: "resident" in by ? by.sponsor : null },
    { nowMs: ledger.now(), randomBytes: (count) => new Uint8Array(randomBytes(count)) },
  );
  const signer = createSigner({ sha: nodeSha256, key, sign });
  const { networkId } = ledger;
  const signed = await signTransaction({ sha: nodeSha256, networkId, payload, signer });
  const answer = await ledger.submit(signed.bytes);
  return { id: toHex(signed.id), hash: signed.id, answer };
}

function secretOf(
  by: By,
  keys: DemonstrationKeys,
): { key: CoseKey; sign: (message: Uint8Array) => Uint8Array } {
  if ("resident" in by) {
    const { publicKey, sign } = p256Signer(by.resident);
    return { key: { kind: "p256", publicKey }, sign };
  }
  const seed = "member" in by ? keys.secret(`${by.member}/act`) : by.secret;
  const { publicKey, sign } = ed25519Signer(seed);
  return { key: { kind: "ed25519", publicKey }, sign };
}

const usualPlace = (by: By): Place =>
  "resident" in by
    ? { kind: "area", code: "E06000023" }
    : { kind: "site", siteId: "member" in by ? siteOf(by.member) : "main" };

function compiledBusPass(): Uint8Array {
  const { compilation } = readFolder(serviceFolder("bus-pass"), {
    readFile: (path) => readFileSync(path),
  });
  if (!compilation.ok) throw new Error("the bus pass does not compile");
  return compilation.compiled.bytes;
}

const of = <K, V>(map: ReadonlyMap<K, V>, key: K): V => {
  const value = map.get(key);
  if (value === undefined) throw new Error("there is no such operator");
  return value;
};
