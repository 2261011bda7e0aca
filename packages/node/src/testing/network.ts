import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  assembleTransaction,
  DEFAULT_PARAMETERS,
  encodeGenesis,
  type Genesis,
  keyId,
  type Message,
  networkId,
  signingBytes,
  type TransactionPayload,
} from "@tallystick/ledger";
import { demonstrationKey } from "../crypto/demonstration-key.ts";
import { ed25519Signer, type Signer } from "../crypto/ed25519.ts";
import { nodeSha256 } from "../crypto/sha256.ts";
import type { Clock } from "../engine/clock.ts";
import type { NodeKeys } from "../node/options.ts";

const START_MS = 1_790_000_000_000;
const ED25519 = -19;

/** A small network for tests: one operator orders, two follow, each hosts one member. */
export interface TestNetwork {
  readonly genesis: Genesis;
  readonly genesisBytes: Uint8Array;
  readonly networkId: Uint8Array;
  readonly signer: (name: string) => Signer;
  readonly keysOf: (operator: string) => NodeKeys;
}

const OPERATORS: readonly (readonly [operator: string, member: string])[] = [
  ["council-service", "avonbridge"],
  ["travel-authority", "severn-travel"],
  ["auditor", "public-auditor"],
];

export const ORDERER = "council-service";

/** Makes a network; its keys are demonstration keys of its own random bytes. */
export function makeNetwork(addresses: ReadonlyMap<string, string> = new Map()): TestNetwork {
  const random = new Uint8Array(randomBytes(16));
  const signer = (name: string): Signer => ed25519Signer(demonstrationKey(random, name));
  const genesis: Genesis = {
    protocol: 1n,
    random,
    name: "A network for tests",
    domain: "test.tallystick.example",
    timeMs: BigInt(START_MS),
    logKey: signer("log").publicKey,
    orderer: ORDERER,
    operators: OPERATORS.map(([id]) => ({
      id,
      name: id,
      address: addresses.get(id) ?? "http://127.0.0.1:9",
      siteId: "main",
    })),
    members: OPERATORS.map(([operatorId, id]) => memberOf(operatorId, id, signer)),
    parameters: Object.entries(DEFAULT_PARAMETERS).map(([name, value]) => ({ name, value })),
    readPolicy: 2n,
    demonstration: true,
    previousEra: null,
  };
  const genesisBytes = encodeGenesis(genesis);
  const keysOf = (operator: string): NodeKeys => ({
    log: operator === ORDERER ? demonstrationKey(random, "log") : null,
    executors: new Map(
      OPERATORS.filter(([id]) => id === operator && id !== ORDERER).map(([, member]) => [
        member,
        demonstrationKey(random, `${member}/executor`),
      ]),
    ),
  });
  return { genesis, genesisBytes, networkId: networkId(nodeSha256, genesisBytes), signer, keysOf };
}

function memberOf(
  operatorId: string,
  id: string,
  signer: (name: string) => Signer,
): Genesis["members"][number] {
  const cosigns = operatorId !== ORDERER;
  return {
    id,
    name: id,
    operatorId,
    areas: [],
    roles: [],
    keys: [{ purpose: "act", key: { kind: "ed25519", publicKey: signer(`${id}/act`).publicKey } }],
    sealingKey: new Uint8Array(32).fill(1),
    cosignerKey: cosigns ? signer(`${id}/executor`).publicKey : null,
    sites: [{ id: "main", name: "Hall", place: { kind: "uprn", uprn: 100120795n } }],
  };
}

/** A transaction signed by a member's own key. */
export function signByMember(
  network: TestNetwork,
  member: string,
  messages: readonly Message[],
  overrides: Partial<TransactionPayload> = {},
): Uint8Array {
  const signer = network.signer(`${member}/act`);
  const key = { kind: "ed25519", publicKey: signer.publicKey } as const;
  const payload: TransactionPayload = {
    nonce: new Uint8Array(randomBytes(16)),
    validUntilMs: BigInt(START_MS + 300_000),
    actedAtMs: null,
    place: { kind: "site", siteId: "main" },
    capacity: { kind: "self" },
    sponsor: null,
    messages,
    ...overrides,
  };
  const unsigned = {
    networkId: network.networkId,
    algorithm: ED25519,
    keyId: keyId(nodeSha256, key),
    payload,
  } as const;
  return assembleTransaction({ ...unsigned, signature: signer.sign(signingBytes(unsigned)) });
}

/** The thumbprint of a member's own key. */
export const memberKeyId = (network: TestNetwork, member: string): Uint8Array =>
  keyId(nodeSha256, {
    kind: "ed25519",
    publicKey: network.signer(`${member}/act`).publicKey,
  });

/** A transaction that registers a site of a member: the simplest act there is. */
export const addSite = (
  network: TestNetwork,
  siteId: string,
  overrides: Partial<TransactionPayload> = {},
  member = "avonbridge",
): Uint8Array => {
  const place = { kind: "uprn", uprn: 100120796n } as const;
  const message: Message = { type: "members/add-site", member, siteId, name: "Depot", place };
  return signByMember(network, member, [message], overrides);
};

/** A clock that a test moves; it starts just after genesis. */
export function testClock(): Clock & { advance: (ms: number) => void; jump: (ms: number) => void } {
  let nowMs = START_MS + 1_000;
  let monotonicMs = 0;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => monotonicMs,
    advance: (ms) => {
      nowMs += ms;
      monotonicMs += ms;
    },
    jump: (ms) => {
      nowMs += ms;
    },
  };
}

const temporaryDirectories: string[] = [];

/** A new directory, until `removeTemporaryDirectories`. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "tallystick-node-"));
  temporaryDirectories.push(directory);
  return directory;
}

/** For `afterAll`: leaves nothing of a test file behind. */
export function removeTemporaryDirectories(): void {
  for (const path of temporaryDirectories.splice(0)) rmSync(path, { recursive: true, force: true });
}

/** A network whose operators have addresses on ports that are free now. */
export async function networkOnFreePorts(): Promise<[TestNetwork, Map<string, string>]> {
  const servers = OPERATORS.map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  const addresses = new Map(OPERATORS.map(([id], at) => [id, `http://127.0.0.1:${ports[at]}`]));
  return [makeNetwork(addresses), addresses];
}
