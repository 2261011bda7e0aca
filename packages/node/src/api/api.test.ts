import { decode } from "@tallystick/ledger";
import {
  equal,
  fromBase64,
  hashLeaf,
  parseNote,
  parseTlogProof,
  verifyInclusion,
} from "@tallystick/log";
import type { Hono } from "hono";
import { afterAll, afterEach, expect, test } from "vitest";
import { signRequest } from "../crypto/http-signature.ts";
import { nodeSha256 } from "../crypto/sha256.ts";
import { LedgerSide } from "../node/ledger-side.ts";
import {
  addSite,
  makeNetwork,
  memberKeyId,
  ORDERER,
  removeTemporaryDirectories,
  signByMember,
  temporaryDirectory,
  testClock,
} from "../testing/network.ts";
import { createApi } from "./create-api.ts";

afterAll(removeTemporaryDirectories);

const open: LedgerSide[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((side) => side.stop()));
});

interface Fixture {
  readonly app: Hono;
  readonly side: LedgerSide;
  readonly network: ReturnType<typeof makeNetwork>;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly submit: (bytes: Uint8Array, query?: string) => Promise<Response>;
}

function fixture(): Fixture {
  const network = makeNetwork();
  const side = new LedgerSide({
    operatorId: ORDERER,
    role: "orderer",
    dataDir: temporaryDirectory(),
    stateDirectory: temporaryDirectory(),
    genesisBytes: network.genesisBytes,
    keys: network.keysOf(ORDERER),
    port: 0,
    clock: testClock(),
  });
  open.push(side);
  side.start();
  const app = createApi(side.apiContext(() => "http://node.test"));
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    app.request(`http://node.test${path}`, { headers });
  const submit = async (bytes: Uint8Array, query = "?wait=true"): Promise<Response> =>
    app.request(`http://node.test/v1/transactions${query}`, {
      method: "POST",
      headers: { "Content-Type": "application/cose" },
      body: new Uint8Array(bytes),
    });
  return { app, side, network, get, submit };
}

/** Headers that sign a request as "keyid", or as "keyid key" where the key's name is another. */
function signedBy(
  network: Fixture["network"],
  who: string,
  path: string,
  seconds = 1_790_000_001,
): Record<string, string> {
  const [keyId = "", keyName = keyId] = who.split(" ");
  const signer = network.signer(keyName);
  const sign = (message: Uint8Array) => signer.sign(message);
  const url = new URL(`http://node.test${path}`);
  return signRequest({ method: "GET", url }, { keyId, algorithm: "ed25519", sign }, seconds);
}

test("parameters that do not fit are refused before anything is done", async () => {
  const { get } = fixture();
  const rows = [
    "/v1/blocks?from=0",
    "/v1/blocks?from=-1",
    "/v1/blocks?from=1.5",
    "/v1/blocks?limit=1000",
    "/v1/blocks?wait=31",
    "/v1/blocks?other=1",
    "/v1/blocks/x",
    "/v1/transactions/abc",
    `/v1/transactions/${"A".repeat(64)}`,
    "/v1/state-proofs/members",
    "/v1/state-proofs/members:0",
    "/v1/cosignatures?size=x",
  ];
  for (const path of rows) {
    const answer = await get(path);
    expect(answer.status, path).toBe(400);
    expect(await answer.json(), path).toMatchObject({ code: "node/bad-parameter", status: 400 });
  }
});

test("what is not there is a problem document too", async () => {
  const { get } = fixture();
  for (const path of [
    "/nothing",
    "/v1/blocks/1",
    `/v1/receipts/${"0".repeat(64)}`,
    "/tile/0/001",
  ]) {
    const answer = await get(path);
    expect(answer.status, path).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  }
});

test("a body of another kind or too long is refused", async () => {
  const { app, submit } = fixture();
  const body = JSON.stringify({});
  const headers = { "Content-Type": "application/json" };
  const other = await app.request("/v1/transactions", { method: "POST", headers, body });
  expect(other.status).toBe(415);
  expect((await submit(new Uint8Array(50_000))).status).toBe(413);
});

test("without wait an id comes back, and later its place", async () => {
  const { get, submit, network } = fixture();
  const queued = await submit(addSite(network, "one"), "");
  expect(queued.status).toBe(202);
  const { id } = await queued.json();
  await submit(addSite(network, "two"));
  const shown = await (await get(`/v1/transactions/${id}`)).json();
  expect(shown).toMatchObject({ id, block: 1, leafIndex: 1, outcome: { ok: true } });
  const list = await (await get("/v1/transactions?limit=1")).json();
  expect(list.transactions).toHaveLength(1);
});

test("blocks, tiles and checkpoint show one log", async () => {
  const { get, submit, network } = fixture();
  await submit(addSite(network, "one"));
  const { blocks } = await (await get("/v1/blocks")).json();
  expect(blocks).toHaveLength(1);
  const block = await (await get("/v1/blocks/1")).json();
  expect(block.leaves.map(({ kind }: { kind: string }) => kind)).toEqual(["transaction", "header"]);
  const tile = new Uint8Array(await (await get("/tile/0/000.p/3")).arrayBuffer());
  const leaves = [
    network.genesisBytes,
    ...block.leaves.map(({ leaf }: { leaf: string }) => fromBase64(leaf)),
  ];
  for (const [at, leaf] of leaves.entries()) {
    expect(equal(tile.subarray(32 * at, 32 * at + 32), hashLeaf(nodeSha256, leaf))).toBe(true);
  }
  const bundle = new Uint8Array(await (await get("/tile/entries/000.p/3")).arrayBuffer());
  expect(bundle.length).toBe(leaves.reduce((sum, leaf) => sum + leaf.length + 2, 0));
  await get("/v1/cosignatures?size=3&wait=10");
  const note = parseNote(await (await get("/checkpoint")).text());
  expect(note?.text.split("\n")[1]).toBe("3");
  expect((await (await get("/log.vkey")).text()).startsWith("test.tallystick.example/")).toBe(true);
});

test("a receipt waits until other operators stand behind it", async () => {
  const { get, submit, network } = fixture();
  const { id } = await (await submit(addSite(network, "one"))).json();
  const answer = await get(`/v1/receipts/${id}`);
  expect(answer.status).toBe(202);
  expect(answer.headers.get("retry-after")).toBe("1");
});

test("a state proof leads from the checkpoint to the key", async () => {
  const { get, submit, network } = fixture();
  await submit(addSite(network, "one"));
  await get("/v1/cosignatures?size=3&wait=10");
  const answer = await get(`/v1/state-proofs/members:${Buffer.from("nobody").toString("hex")}`);
  expect(answer.status).toBe(200);
  const proof = parseTlogProof(await answer.text());
  const [, size = "", root = ""] = proof?.checkpoint.split("\n") ?? [];
  const extra = decode(proof?.extra ?? new Uint8Array());
  if (!extra.ok || !Array.isArray(extra.value)) throw new Error("no extra");
  const [header, module] = extra.value;
  expect(module).toBe("members");
  const included = verifyInclusion(nodeSha256, {
    index: proof?.index ?? 0,
    size: Number(size),
    leafHash: hashLeaf(nodeSha256, header as Uint8Array),
    proof: proof?.proof ?? [],
    root: fromBase64(root) ?? new Uint8Array(),
  });
  expect(included).toBe(true);
});

test("bodies are for members that execute", async () => {
  const { get, submit, network } = fixture();
  await submit(addSite(network, "one"));
  const path = "/v1/blocks/1/bodies";
  const signed = (name: string, seconds?: number) => signedBy(network, name, path, seconds);
  expect((await get(path)).status).toBe(401);
  expect((await get(path, signed("public-auditor/act"))).status).toBe(403);
  expect((await get(path, signed("public-auditor/executor", 1))).status).toBe(401);
  expect((await get(path, signed("stranger/executor"))).status).toBe(401);
  const answer = await get(path, signed("public-auditor/executor"));
  expect(answer.status).toBe(200);
  const bodies = decode(new Uint8Array(await answer.arrayBuffer()));
  expect(bodies.ok && Array.isArray(bodies.value) && bodies.value.slice(1, 3)).toEqual([
    ORDERER,
    "main",
  ]);
});

test("what belongs to a case is shown to those who take part in it", async () => {
  const { get, submit, network } = fixture();
  const message = {
    type: "services/act",
    case: new Uint8Array(16).fill(4),
    action: "apply",
    commitment: null,
  } as const;
  // Refused by the rules, as there is no such case; recorded all the same.
  const answer = await submit(signByMember(network, "avonbridge", [message]));
  const { id, outcome } = await answer.json();
  expect(outcome.ok).toBe(false);
  const path = `/v1/transactions/${id}`;
  const bytesFor = async (name: string | null) => {
    const headers = name === null ? {} : signedBy(network, name, path);
    const shown = await (await get(path, headers)).json();
    expect(shown.public, String(name)).toBe(false);
    return shown.bytes;
  };
  expect(await bytesFor(null)).toBeUndefined();
  expect(await bytesFor("severn-travel/act")).toBeUndefined();
  expect(await bytesFor("avonbridge/act")).toBeTypeOf("string");
  expect(await bytesFor("public-auditor/executor")).toBeTypeOf("string");
  const keyId = Buffer.from(memberKeyId(network, "avonbridge")).toString("hex");
  expect(await bytesFor(`${keyId} avonbridge/act`)).toBeTypeOf("string");
});

test("each new block is an event", async () => {
  const { get, submit, network } = fixture();
  const reader = ((await get("/v1/events")).body as ReadableStream<Uint8Array>).getReader();
  await submit(addSite(network, "one"));
  const decoder = new TextDecoder();
  let seen = "";
  while (!seen.includes("data:")) seen += decoder.decode((await reader.read()).value);
  expect(seen).toContain("event: block");
  expect(JSON.parse(/data: (.*)/.exec(seen)?.[1] ?? "")).toMatchObject({ number: 1, size: 3 });
  await reader.cancel();
});

test("OpenAPI describes each resource with the schema that checks it", async () => {
  const { get } = fixture();
  const document = await (await get("/openapi.json")).json();
  expect(document.openapi).toBe("3.1.0");
  const blocks = document.paths["/v1/blocks"].get;
  expect(blocks.parameters.map(({ name }: { name: string }) => name)).toEqual([
    "from",
    "last",
    "limit",
    "wait",
  ]);
  expect(document.paths["/v1/transactions/{id}"].get.parameters[0]).toMatchObject({
    name: "id",
    in: "path",
    required: true,
  });
  expect(Object.keys(document.paths)).toContain("/healthz");
  const ids = Object.values(document.paths).flatMap((item) =>
    Object.values(item as object).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test("health and network say who this is", async () => {
  const { get, network } = fixture();
  const health = await (await get("/healthz")).json();
  expect(health).toMatchObject({
    status: "ok",
    role: "orderer",
    blocks: 0,
    entries: 1,
    fault: null,
  });
  const answer = await (await get("/v1/network")).json();
  expect(answer.networkId).toBe(Buffer.from(network.networkId).toString("hex"));
  expect(answer.nowMs).toBeGreaterThan(Number(network.genesis.timeMs));
});

test("agreements and services are registers that all may read", async () => {
  const { get, submit, network } = fixture();
  const terms = {
    name: "Bus passes across the border",
    purpose: "Travel",
    power: "Transport Act 2000 s.145A",
    gateway: "agreement",
    controllers: ["avonbridge"],
    recipients: ["severn-travel"],
    disclosed: ["bus-pass/pass.status"],
    method: "sealed",
    retention: "P1D",
    startDay: 20_000,
    endDay: null,
    reviewDay: 21_000,
    contact: "governance@avonbridge.example",
    areas: ["E06000023"],
    onEnd: "finish-open-cases",
  } as const;
  const message = { type: "agreements/publish", id: "border-passes", terms } as const;
  const { outcome } = await (await submit(signByMember(network, "avonbridge", [message]))).json();
  expect(outcome).toEqual({ ok: true });
  const { agreements } = await (await get("/v1/agreements")).json();
  expect(agreements).toMatchObject([{ id: "border-passes", accepted: ["avonbridge"] }]);
  expect(await (await get("/v1/services")).json()).toEqual({ services: [] });
});
