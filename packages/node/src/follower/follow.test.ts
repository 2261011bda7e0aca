import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { decode, encode, logNoteKey } from "@tallystick/ledger";
import { checkpointSigningBytes, formatCheckpoint, formatNote, keyHash } from "@tallystick/log";
import { afterAll, afterEach, expect, test } from "vitest";
import { createApi } from "../api/create-api.ts";
import { nodeSha256 } from "../crypto/sha256.ts";
import { LedgerSide } from "../node/ledger-side.ts";
import {
  addSite,
  makeNetwork,
  ORDERER,
  removeTemporaryDirectories,
  temporaryDirectory,
  testClock,
} from "../testing/network.ts";

afterAll(removeTemporaryDirectories);

type Network = ReturnType<typeof makeNetwork>;
type Answer = (path: string, answer: Response) => Promise<Response> | Response;

const sides: LedgerSide[] = [];
const servers: ServerType[] = [];
afterEach(async () => {
  await Promise.all(sides.splice(0).map((side) => side.stop()));
  for (const server of servers.splice(0)) {
    if ("closeAllConnections" in server) server.closeAllConnections();
    server.close();
  }
});

interface Lair {
  readonly dataDir: string;
  readonly stateDirectory: string;
}
const newLair = (): Lair => ({
  dataDir: temporaryDirectory(),
  stateDirectory: temporaryDirectory(),
});

function open(
  network: Network,
  operatorId: string,
  lair: Lair,
  ordererUrl = "",
  onFault: (code: string) => void = () => {},
): LedgerSide {
  const side = new LedgerSide({
    ...lair,
    operatorId,
    role: operatorId === ORDERER ? "orderer" : "follower",
    genesisBytes: network.genesisBytes,
    keys: network.keysOf(operatorId),
    port: 0,
    clock: testClock(),
    peers: new Map([[ORDERER, ordererUrl]]),
    onFault,
  });
  sides.push(side);
  side.start();
  return side;
}

async function close(side: LedgerSide): Promise<void> {
  sides.splice(sides.indexOf(side), 1);
  await side.stop();
}

/** Serves the orderer's API, each answer through `lie`. */
async function serve(side: LedgerSide, lie: Answer): Promise<string> {
  let url = "";
  const api = createApi(side.apiContext(() => url));
  const server = createAdaptorServer({
    fetch: async (request) => lie(new URL(request.url).pathname, await api.fetch(request)),
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return url;
}

const honest: Answer = (_, answer) => answer;

async function record(side: LedgerSide, bytes: Uint8Array): Promise<void> {
  const handed = await side.handIn(bytes, true);
  if (handed.kind !== "queued") throw new Error(handed.kind);
  expect((await handed.fate).recorded).toBe(true);
}

const follows = (side: LedgerSide, block: number): Promise<boolean> =>
  side.replica.committed.until(() => side.replica.blockNumber >= block, 10_000);

test("a follower computes the same ledger, and goes on after it was away", async () => {
  const network = makeNetwork();
  const orderer = open(network, ORDERER, newLair());
  const url = await serve(orderer, honest);
  const lair = newLair();
  const first = open(network, "auditor", lair, url);
  await record(orderer, addSite(network, "one"));
  expect(await follows(first, 1)).toBe(true);
  await close(first);
  for (const name of ["two", "three", "four"]) await record(orderer, addSite(network, name));
  const again = open(network, "auditor", lair, url);
  expect(again.replica.blockNumber).toBe(1);
  expect(await follows(again, 4)).toBe(true);
  expect(again.replica.tree.root()).toEqual(orderer.replica.tree.root());
  expect(again.replica.state.map.root()).toEqual(orderer.replica.state.map.root());
});

/** Each row: what the orderer lies about, and what the follower says. */
const LIES: readonly (readonly [what: string, code: string, lie: (network: Network) => Answer])[] =
  [
    [
      "another transaction than the one in its header",
      "node/other-result",
      (network) => async (path, answer) => {
        if (!path.endsWith("/bodies")) return answer;
        const decoded = decode(new Uint8Array(await answer.arrayBuffer()));
        if (!decoded.ok || !Array.isArray(decoded.value)) throw new Error("no bodies");
        const [timeMs, proposer, site] = decoded.value as [bigint, string, string];
        const other = encode([timeMs, proposer, site, [addSite(network, "other")]]);
        return new Response(new Uint8Array(other));
      },
    ],
    [
      "a block at another time than its header's",
      "node/other-result",
      () => async (path, answer) => {
        if (!path.endsWith("/bodies")) return answer;
        const decoded = decode(new Uint8Array(await answer.arrayBuffer()));
        if (!decoded.ok || !Array.isArray(decoded.value)) throw new Error("no bodies");
        const [timeMs, ...rest] = decoded.value as [bigint, string, string, Uint8Array[]];
        return new Response(new Uint8Array(encode([timeMs + 1n, ...rest])));
      },
    ],
    [
      "a proposer who does not order",
      "node/other-result",
      () => async (path, answer) => {
        if (!path.endsWith("/bodies")) return answer;
        const decoded = decode(new Uint8Array(await answer.arrayBuffer()));
        if (!decoded.ok || !Array.isArray(decoded.value)) throw new Error("no bodies");
        const [timeMs, , ...rest] = decoded.value as [bigint, string, string, Uint8Array[]];
        return new Response(new Uint8Array(encode([timeMs, "auditor", ...rest])));
      },
    ],
    [
      "another header than the one it stands by",
      "node/other-result",
      () => async (path, answer) => {
        if (path !== "/v1/blocks") return answer;
        const { blocks } = await answer.json();
        for (const block of blocks) {
          const leaf = Buffer.from(block.leaf, "base64");
          leaf[leaf.length - 40] = (leaf[leaf.length - 40] ?? 0) ^ 1;
          block.leaf = leaf.toString("base64");
        }
        return Response.json({ blocks });
      },
    ],
    [
      "another root, signed with the log's key",
      "node/forked-log",
      (network) => async (path, answer) => {
        if (path !== "/v1/cosignatures" || answer.status !== 200) return answer;
        const [origin = "", size = ""] = (await answer.text()).split("\n");
        const checkpoint = { origin, size: Number(size), root: new Uint8Array(32).fill(9) };
        if (checkpoint.size < 3) return new Response(null, { status: 204 });
        const key = logNoteKey(network.genesis, network.networkId);
        const signature = network.signer("log").sign(checkpointSigningBytes(checkpoint));
        const line = { name: key.name, keyHash: keyHash(nodeSha256, key), signature };
        return new Response(formatNote({ text: formatCheckpoint(checkpoint), signatures: [line] }));
      },
    ],
  ];

for (const [what, code, lie] of LIES) {
  test(`a follower that is shown ${what} stops, says why and keeps it`, async () => {
    const network = makeNetwork();
    const orderer = open(network, ORDERER, newLair());
    const url = await serve(orderer, lie(network));
    const lair = newLair();
    const { promise: halted, resolve: onFault } = Promise.withResolvers<string>();
    const follower = open(network, "auditor", lair, url, onFault);
    await record(orderer, addSite(network, "one"));
    expect(await halted).toBe(code);
    expect(follower.fault?.code).toBe(code);
    expect(follower.fault?.what.length).toBeGreaterThan(20);
    const cosigned = follower.book.entries.filter(({ cosignatures }) => cosignatures.size > 0);
    expect(cosigned.every(({ checkpoint }) => checkpoint.size < 3)).toBe(true);
    expect(await follower.handIn(addSite(network, "two"), true)).toMatchObject({ kind: "refused" });
    await close(follower);
    // It does not forget overnight.
    const again = open(network, "auditor", lair, url);
    expect(again.fault?.code).toBe(code);
    await record(orderer, addSite(network, "three"));
    expect(again.replica.blockNumber).toBe(code === "node/forked-log" ? 1 : 0);
  });
}

test("an orderer whose ledger is older than what it signed does not start", async () => {
  const network = makeNetwork();
  const lair = newLair();
  const orderer = open(network, ORDERER, lair);
  await record(orderer, addSite(network, "one"));
  await close(orderer);
  const restored = { ...lair, dataDir: temporaryDirectory() };
  expect(() => open(network, ORDERER, restored)).toThrow(/signed a larger tree/);
  // The refusal leaves nothing open: with its own record it starts.
  const elsewhere = { ...restored, stateDirectory: temporaryDirectory() };
  expect(open(network, ORDERER, elsewhere).replica.size).toBe(1);
});

test("a follower that begins again cosigns once it is past what it signed", async () => {
  const network = makeNetwork();
  const orderer = open(network, ORDERER, newLair());
  const url = await serve(orderer, honest);
  const lair = newLair();
  const first = open(network, "auditor", lair, url);
  await record(orderer, addSite(network, "one"));
  const isCosigned = (side: LedgerSide, size: number) => () =>
    side.book.entries.some(
      ({ checkpoint, cosignatures }) => checkpoint.size >= size && cosignatures.size > 0,
    );
  expect(await first.book.changed.until(isCosigned(first, 3), 10_000)).toBe(true);
  await close(first);
  const again = open(network, "auditor", { ...lair, dataDir: temporaryDirectory() }, url);
  await record(orderer, addSite(network, "two"));
  expect(await again.book.changed.until(isCosigned(again, 5), 10_000)).toBe(true);
});

test("an orderer whose clock is far from a follower's takes nothing", async () => {
  const network = makeNetwork();
  const orderer = open(network, ORDERER, newLair());
  const url = await serve(orderer, honest);
  const follower = open(network, "auditor", newLair(), url);
  const followerUrl = await serve(follower, async (path, answer) => {
    if (path !== "/healthz") return answer;
    return Response.json({ ...(await answer.json()), nowMs: 5 });
  });
  const { promise: fault, resolve: onFault } = Promise.withResolvers<string>();
  const second = new LedgerSide({
    ...newLair(),
    operatorId: ORDERER,
    role: "orderer",
    genesisBytes: network.genesisBytes,
    keys: network.keysOf(ORDERER),
    port: 0,
    clock: testClock(),
    peers: new Map([["auditor", followerUrl]]),
    onFault,
  });
  sides.push(second);
  second.start();
  expect(await fault).toBe("node/clock-disagrees");
  const handed = await second.handIn(addSite(network, "one"), true);
  expect(handed).toEqual({ kind: "refused", code: "node/clock-disagrees" });
});
