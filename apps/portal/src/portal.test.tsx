import { extractReceiptText } from "@tallystick/client";
import { describe, expect, it } from "vitest";
import { createPortal } from "./portal.ts";
import type { PortalData } from "./portal-data.ts";
import {
  DEFINITION_HASH,
  HIDDEN_ID,
  sampleData,
  TRANSACTION,
  TRANSACTION_ID,
} from "./testing/sample-data.ts";

const ASSETS = { "style.css": "body{}", "check.js": "export {};", "icon.svg": "<svg/>" };
const portalOf = (parts: Partial<PortalData> = {}) => createPortal(sampleData(parts), ASSETS);
const read = async (path: string, parts: Partial<PortalData> = {}) => {
  const response = await portalOf(parts).request(path);
  return { response, html: await response.text() };
};

const PAGES = [
  "/",
  "/blocks",
  "/blocks?before=100",
  "/blocks/7",
  `/transactions/${TRANSACTION_ID}`,
  `/transactions/${HIDDEN_ID}`,
  "/members",
  "/definitions",
  `/definitions/${DEFINITION_HASH}`,
  "/agreements",
  "/check",
  "/nowhere",
];

describe("every page", () => {
  it.each(PAGES)("%s can be read by people and by machines that help them", async (path) => {
    const { html } = await read(path);
    expect(html).toMatch(/^<!doctype html><html lang="en-GB">/);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html.match(/<main /g)).toHaveLength(1);
    for (const landmark of ["<header", "<nav aria-label=", "<footer", 'href="#main"']) {
      expect(html).toContain(landmark);
    }
    expect(html.match(/<table>/g)?.length).toBe(html.match(/<table><caption>/g)?.length);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const labelled = [...html.matchAll(/aria-labelledby="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(expect.arrayContaining(labelled));
    expect(html).toContain("DEMONSTRATION");
  });

  it.each(PAGES)("%s holds nothing inline and forbids it", async (path) => {
    const { response, html } = await read(path);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|data:|\*/);
    expect(html).not.toMatch(/ style=| on[a-z]+=|<style|javascript:|src="http/);
    expect(html).not.toMatch(/<script(?![^>]*src="\/assets\/check\.js")/);
  });

  it("exists as a link somewhere and every link leads to a page", async () => {
    const links = new Set<string>();
    for (const path of PAGES) {
      const { html } = await read(path);
      for (const [, href] of html.matchAll(/(?:href|src)="(\/[^"]*)"/g)) links.add(href as string);
    }
    const own = [...links].filter((href) => !href.startsWith("/v1/"));
    for (const href of own) expect((await read(href)).response.status, href).toBe(200);
    expect(own.length).toBeGreaterThan(12);
  });
});

describe("the transaction's page", () => {
  it("tells it in one sentence, links the bytes and offers the check", async () => {
    const { html } = await read(`/transactions/${TRANSACTION_ID}`);
    expect(html).toContain(TRANSACTION.sentence);
    expect(html).toContain(`href="${TRANSACTION.rawUrl}"`);
    expect(html).toContain("3 independent operators stand behind it");
    expect(html).toContain(
      `data-check-receipt="/transactions/${TRANSACTION_ID}/receipt.tlog-proof"`,
    );
    expect(html).toContain("proves less");
    expect(html).toContain("npx tallystick receipt verify");
  });

  it("shows nothing of a body that the reader may not see", async () => {
    const { html } = await read(`/transactions/${HIDDEN_ID}`);
    expect(html).toContain("services/wrong-state");
    expect(html).toContain("The bytes are shown to those who take part in the case.");
    expect(html).not.toContain("Avonbridge City Council");
    expect(html).not.toContain("check.js");
  });

  it("escapes whatever stands on the ledger", async () => {
    const sentence = '<img src=x onerror="alert(1)">';
    const { html } = await read(`/transactions/${TRANSACTION_ID}`, {
      transaction: async () => ({ ...TRANSACTION, sentence }),
    });
    expect(html).not.toContain("<img");
  });

  it("gives a receipt as text and as a page from which a verifier reads it back", async () => {
    const text = "c2sp.org/tlog-proof@v1\n<\"&'>\n";
    const parts = { receipt: async () => ({ stage: "ready", text, operators: 2 }) as const };
    const plain = await read(`/transactions/${TRANSACTION_ID}/receipt.tlog-proof`, parts);
    expect(plain.html).toBe(text);
    const page = await read(`/transactions/${TRANSACTION_ID}/receipt.html`, parts);
    expect(page.response.headers.get("content-disposition")).toContain("attachment");
    expect(page.html).toContain("2 independent operators");
    expect(extractReceiptText(page.html)).toBe(text);
  });

  it("has no receipt to give before the policy is met", async () => {
    for (const name of ["receipt.tlog-proof", "receipt.html"]) {
      expect((await read(`/transactions/${HIDDEN_ID}/${name}`)).response.status).toBe(404);
    }
  });
});

describe("addresses", () => {
  it.each([
    "/blocks/0",
    "/blocks/x",
    "/blocks/129",
    `/transactions/${"A".repeat(64)}`,
    "/definitions/1",
  ])("%s is not found, in words", async (path) => {
    const { response, html } = await read(path);
    expect(response.status).toBe(404);
    expect(html).toContain("Page not found");
  });

  it("takes an unreadable `before` for none", async () => {
    expect((await read("/blocks?before=-3")).html).toContain("/blocks/128");
  });

  it("serves its own assets with their types and refuses to write", async () => {
    const { response } = await read("/assets/check.js");
    expect(response.headers.get("content-type")).toContain("text/javascript");
    expect((await portalOf().request("/check", { method: "POST" })).status).toBe(404);
  });
});
