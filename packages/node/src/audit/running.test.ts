import { join } from "node:path";
import { policyText } from "@tallystick/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeSha256 } from "../crypto/sha256.ts";
import type { RunningNode } from "../node/options.ts";
import { startNode } from "../node/start-node.ts";
import {
  addSite,
  makeNetwork,
  networkOnFreePorts,
  ORDERER,
  temporaryDirectory,
  testClock,
} from "../testing/network.ts";
import { auditNetwork } from "./audit-network.ts";
import { auditUrl, PolicyNotReadable } from "./audit-url.ts";
import { type FetchLike, NodeNotReadable } from "./fetch-log.ts";

const root = temporaryDirectory();
const nodes: RunningNode[] = [];
let pinned = "";

beforeAll(async () => {
  const [network, addresses] = await networkOnFreePorts();
  pinned = policyText(nodeSha256, network.genesisBytes);
  for (const { id } of network.genesis.operators) {
    const node = await startNode({
      operatorId: id,
      dataDir: join(root, id),
      stateDirectory: temporaryDirectory(),
      role: id === ORDERER ? "orderer" : "follower",
      genesisBytes: network.genesisBytes,
      keys: network.keysOf(id),
      port: Number(new URL(addresses.get(id) ?? "").port),
      clock: testClock(),
    });
    nodes.push(node);
  }
  for (const site of ["depot", "quay", "depot"]) {
    const answer = await fetch(`${nodes[0]?.url}/v1/transactions?wait=true`, {
      method: "POST",
      headers: { "Content-Type": "application/cose" },
      body: new Uint8Array(addSite(network, site)),
    });
    expect(answer.status).toBe(200);
  }
});

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
});

test("every running node's log is verified over its API", async () => {
  for (const { url } of nodes) {
    const report = await auditUrl({ url, policyText: pinned, pauseMs: 50 });
    expect(report).toMatchObject({ ok: true, isPinned: true, faults: [], operators: 3 });
    expect(report).toMatchObject({ blocks: 3, leaves: 7, transactions: 3 });
    expect((await auditUrl({ url, policyText: null, pauseMs: 50 })).isPinned).toBe(false);
  }
});

test("data directories of running nodes are audited as they are", () => {
  const report = auditNetwork(root);
  expect(report).toMatchObject({ ok: true, faults: [] });
  expect(report.operators.map(({ operator }) => operator).sort()).toEqual([
    "auditor",
    "council-service",
    "travel-authority",
  ]);
});

/** Fetches, with one byte of one resource changed on the way. */
const altered =
  (path: string, at: number): FetchLike =>
  async (url, init) => {
    const answer = await fetch(url, init);
    if (!new URL(url).pathname.startsWith(path)) return answer;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    return new Response(bytes, { status: 200 });
  };

const RESOURCES: readonly (readonly [path: string, at: number, table: string])[] = [
  ["/tile/entries/", 100, "leaf"],
  ["/tile/entries/", -4, "checkpoint"],
  ["/tile/0/", 70, "tile/0/000.p/7"],
  ["/policy", 60, "/policy"],
  ["/log.vkey", 3, "/log.vkey"],
  ["/v1/blocks", -20, "/v1/blocks"],
];

for (const [path, at, table] of RESOURCES) {
  test(`byte ${at} of ${path} changed on the way is a fault`, async () => {
    const url = nodes[0]?.url ?? "";
    const options = { url, policyText: pinned, pauseMs: 1, fetch: altered(path, at) };
    const report = await auditUrl(options);
    expect(report.ok).toBe(false);
    expect(report.faults.map((fault) => fault.table)).toContain(table);
  });
}

test("a signature changed on the way, and another network's policy, are faults", async () => {
  const url = nodes[0]?.url ?? "";
  for (const at of [2, -8, -120]) {
    const options = { url, policyText: pinned, pauseMs: 1, fetch: altered("/checkpoint", at) };
    const report = await auditUrl(options);
    expect(report.ok).toBe(false);
    expect(report.faults.map(({ table }) => table)).toContain("checkpoint");
  }
  const other = policyText(nodeSha256, makeNetwork().genesisBytes);
  const report = await auditUrl({ url, policyText: other });
  expect(report).toMatchObject({ ok: false, operators: 0 });
});

test("a node that does not answer, and a policy that is none, are told apart from faults", async () => {
  const nowhere = auditUrl({ url: "http://127.0.0.1:9", policyText: null });
  await expect(nowhere).rejects.toThrow(NodeNotReadable);
  const noPolicy = auditUrl({ url: nodes[0]?.url ?? "", policyText: "quorum nobody\n" });
  await expect(noPolicy).rejects.toThrow(PolicyNotReadable);
});
