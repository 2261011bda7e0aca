import { afterAll, beforeAll, expect, test } from "vitest";
import { serveExplorer } from "./serve.ts";
import { recordSampleCase, type SampleCase } from "./testing/sample-case.ts";
import { type SampleNetwork, startSample } from "./testing/sample-network.ts";

const ASSETS = { "style.css": "body{}", "check.js": "export {};", "icon.svg": "<svg/>" };

let network: SampleNetwork;
let acts: SampleCase;
beforeAll(async () => {
  network = await startSample({
    readPolicy: 0n,
    routes: (app, ledger) => serveExplorer(app, ledger, ASSETS),
  });
  acts = await recordSampleCase(network);
});
afterAll(() => network?.stop());

const get = (path: string): Promise<Response> =>
  fetch(`${network.node("council-service").url}${path}`);

test("pages stand beside the node's own interface", async () => {
  const page = await get("/");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await page.text()).toContain("Severnside demonstration");
  expect(await (await get("/healthz")).json()).toMatchObject({ status: "ok" });
  expect((await get("/assets/check.js")).headers.get("content-type")).toContain("text/javascript");
  const absent = await get("/nothing");
  expect([absent.status, absent.headers.get("content-type")]).toEqual([
    404,
    "text/html; charset=UTF-8",
  ]);
  const problem = await get("/v1/nothing");
  expect([problem.status, problem.headers.get("content-type")]).toEqual([
    404,
    "application/problem+json",
  ]);
});

test("a ledger that is open to all tells cases in full and hands out the bytes", async () => {
  const page = await (await get(`/transactions/${acts.decide.id}`)).text();
  expect(page).toContain("decided case cacacaca of the bus pass service: grant");
  const bytes = await get(`/transactions/${acts.decide.id}/transaction.cose`);
  expect(bytes.headers.get("content-type")).toBe("application/cose");
  expect(new Uint8Array(await bytes.arrayBuffer())[0]).toBe(0xd2);
  expect((await get(`/transactions/${"ab".repeat(32)}/transaction.cose`)).status).toBe(404);
});
