import { policyText } from "@tallystick/ledger";
import { judgeCheckpoint, parseNote, parsePolicy, parseTlogProof, toHex } from "@tallystick/log";
import { afterAll, afterEach, expect, test } from "vitest";
import { auditOperator } from "../audit/audit-operator.ts";
import { verifyEd25519 } from "../crypto/ed25519.ts";
import { nodeSha256 } from "../crypto/sha256.ts";
import {
  addSite,
  makeNetwork,
  networkOnFreePorts,
  ORDERER,
  removeTemporaryDirectories,
  temporaryDirectory,
  testClock,
} from "../testing/network.ts";
import type { RunningNode } from "./options.ts";
import { startNode } from "./start-node.ts";

afterAll(removeTemporaryDirectories);

const running: RunningNode[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((node) => node.close()));
});

type Network = ReturnType<typeof makeNetwork>;
interface Place {
  readonly dataDir: string;
  readonly stateDirectory: string;
}
const newPlace = (): Place => ({
  dataDir: temporaryDirectory(),
  stateDirectory: temporaryDirectory(),
});

async function start(
  network: Network,
  operatorId: string,
  place: Place,
  addresses: ReadonlyMap<string, string> = new Map(),
  clock = testClock(),
): Promise<RunningNode> {
  const { genesisBytes, keysOf } = network;
  const role = operatorId === ORDERER ? "orderer" : "follower";
  const node = await startNode({
    ...place,
    operatorId,
    role,
    genesisBytes,
    keys: keysOf(operatorId),
    port: Number(new URL(addresses.get(operatorId) ?? "http://localhost:0").port),
    clock,
  });
  running.push(node);
  return node;
}

async function stop(node: RunningNode): Promise<void> {
  running.splice(running.indexOf(node), 1);
  await node.close();
}

const post = (node: RunningNode, bytes: Uint8Array, query = "?wait=true"): Promise<Response> =>
  fetch(`${node.url}/v1/transactions${query}`, {
    method: "POST",
    headers: { "Content-Type": "application/cose" },
    body: new Uint8Array(bytes),
  });

test("a transaction is recorded once, also across a restart", async () => {
  const network = makeNetwork();
  const place = newPlace();
  const node = await start(network, ORDERER, place);
  const bytes = addSite(network, "depot");
  const answer = await post(node, bytes);
  expect(answer.status).toBe(200);
  const recorded = await answer.json();
  expect(recorded).toMatchObject({ outcome: { ok: true }, block: 1, leafIndex: 1 });
  expect((await post(node, bytes)).status).toBe(409);
  const root = toHex(node.ledger.replica.tree.root());
  await stop(node);

  const again = await start(network, ORDERER, place);
  expect(toHex(again.ledger.replica.tree.root())).toBe(root);
  const refused = await post(again, bytes);
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "transaction/repeated" });
  const shown = await fetch(`${again.url}/v1/transactions/${recorded.id}`);
  expect(await shown.json()).toMatchObject({ block: 1, kinds: ["members/add-site"], public: true });
  await stop(again);
  expect(auditOperator(place.dataDir)).toMatchObject({ ok: true, blocks: 1, leaves: 3 });
});

test("an act that a rule refuses is recorded with its code", async () => {
  const network = makeNetwork();
  const node = await start(network, ORDERER, newPlace());
  expect((await (await post(node, addSite(network, "depot"))).json()).outcome).toEqual({
    ok: true,
  });
  const answer = await (await post(node, addSite(network, "depot"))).json();
  expect(answer.outcome).toMatchObject({ ok: false, messageIndex: 0 });
  expect(answer.outcome.code).toMatch(/^members\//);
  expect(answer.block).toBe(2);
});

test("what is no transaction is refused with its code and leaves no trace", async () => {
  const network = makeNetwork();
  const node = await start(network, ORDERER, newPlace());
  const good = addSite(network, "depot");
  const bent = good.slice();
  bent[bent.length - 1] = (bent[bent.length - 1] ?? 0) ^ 1;
  const rows: [string, Uint8Array, string][] = [
    ["not COSE", new Uint8Array([1, 2, 3]), "transaction/not-cose-sign1"],
    ["too large", new Uint8Array(60_000), "transaction/too-large"],
    ["a bad signature", bent, "transaction/bad-signature"],
    ["expired", addSite(network, "a", { validUntilMs: 5n }), "transaction/expired"],
    ["another network", addSite(makeNetwork(), "a"), "transaction/key-unknown"],
  ];
  for (const [what, bytes, code] of rows) {
    const answer = await post(node, bytes);
    expect(answer.headers.get("content-type"), what).toBe("application/problem+json");
    const problem = await answer.json();
    expect(problem, what).toMatchObject({ code });
    expect(problem.mend.length, what).toBeGreaterThan(10);
  }
  expect(node.ledger.replica.size).toBe(1);
});

test("three operators stand behind a receipt from any node", async () => {
  const [network, addresses] = await networkOnFreePorts();
  const start3 = (operator: string) => start(network, operator, newPlace(), addresses);
  const [orderer, traveller, auditor] = await Promise.all(
    [ORDERER, "travel-authority", "auditor"].map(start3),
  );
  if (!orderer || !traveller || !auditor) throw new Error("not started");
  const answer = await post(traveller, addSite(network, "depot"));
  expect(answer.status).toBe(200);
  const { id } = await answer.json();
  const policy = parsePolicy(nodeSha256, policyText(nodeSha256, network.genesisBytes));
  if (!policy.ok) throw new Error("no policy");
  for (const node of [orderer, traveller, auditor]) {
    const receipt = await fetch(`${node.url}/v1/receipts/${id}?wait=20`);
    expect(receipt.status).toBe(200);
    const proof = parseTlogProof(await receipt.text());
    const note = parseNote(proof?.checkpoint ?? "");
    if (note === null) throw new Error("no note");
    const verdict = judgeCheckpoint(nodeSha256, verifyEd25519, note, policy.policy);
    expect(verdict).toMatchObject({ logSigned: true, quorumMet: true, faults: [] });
    expect(verdict.operators).toEqual(["travel-authority", "auditor"]);
  }
});
